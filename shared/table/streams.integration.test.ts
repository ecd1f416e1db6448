import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTable, type TestTable } from '../../test/support/table.ts';
import type { Stream } from '../schemas/stream.ts';
import { createStreams, type Streams } from './streams.ts';

let table: TestTable;
let streams: Streams;

beforeAll(async () => {
  table = await startTable();
  streams = createStreams(table);
});
afterAll(() => table.close());

const streamWith = (changes: Partial<Stream>): Stream => ({
  domain: 'push.example.com',
  app: 'live',
  stream: 'demo',
  sessionId: 'ses_1',
  clientId: 'a',
  live: true,
  startedAt: '2026-11-22T10:00:00.000Z',
  recordIds: [],
  ...changes,
});

describe('streams in the table', () => {
  it('are replaced only as they were seen', async () => {
    const first = streamWith({ stream: 'seen' });
    expect(await streams.replace(first, undefined)).toBe(true);
    expect(await streams.replace(streamWith({ stream: 'seen', sessionId: 'ses_2' }), undefined)).toBe(false);
    const ended = { ...first, live: false, endedAt: '2026-11-22T10:01:00.000Z' };
    expect(await streams.replace(ended, first)).toBe(true);
    expect(await streams.replace({ ...first, sessionId: 'ses_2' }, first)).toBe(false);
    expect(await streams.get(first)).toEqual(ended);
  });

  it('are as different as their keys, whatever is in their names', async () => {
    const one = streamWith({ app: 'a/b', stream: 'c', sessionId: 'ses_one' });
    const other = streamWith({ app: 'a', stream: 'b/c', sessionId: 'ses_other' });
    await streams.replace(one, undefined);
    await streams.replace(other, undefined);
    expect((await streams.get(one))?.sessionId).toBe('ses_one');
    expect((await streams.get(other))?.sessionId).toBe('ses_other');
  });

  it('are listed as live or ended', async () => {
    const stream = streamWith({ stream: 'listed' });
    const names = async (live: boolean) => (await streams.list(live, 100)).items.map((item) => item.stream);
    await streams.replace(stream, undefined);
    expect(await names(true)).toContain('listed');
    await streams.replace({ ...stream, live: false, endedAt: stream.startedAt }, stream);
    expect(await names(true)).not.toContain('listed');
    expect(await names(false)).toContain('listed');
  });
});
