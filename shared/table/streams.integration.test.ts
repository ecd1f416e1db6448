import { beforeAll, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import type { Stream } from '../schemas/stream.ts';
import { createStreams, type Streams } from './streams.ts';

const table = useTable();
let streams: Streams;

beforeAll(() => {
  streams = createStreams(table);
});

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

  it('keep what was decided while one of their recordings was deleted from being written', async () => {
    const stream = streamWith({ stream: 'deleted', recordIds: ['rec_1', 'rec_2'] });
    await streams.replace(stream, undefined);
    await streams.forgetRecording(stream, 'rec_1');
    expect(await streams.replace({ ...stream, recordIds: ['rec_1', 'rec_2', 'rec_3'] }, stream)).toBe(false);
    expect(await streams.get(stream)).toEqual({ ...stream, recordIds: ['rec_2'] });
  });

  it('are as different as their keys, whatever is in their names', async () => {
    const one = streamWith({ app: 'a/b', stream: 'c', sessionId: 'ses_one' });
    const other = streamWith({ app: 'a', stream: 'b/c', sessionId: 'ses_other' });
    await streams.replace(one, undefined);
    await streams.replace(other, undefined);
    expect((await streams.get(one))?.sessionId).toBe('ses_one');
    expect((await streams.get(other))?.sessionId).toBe('ses_other');
  });

  it('are found by what they are called', async () => {
    for (const app of ['one', 'two']) {
      await streams.replace(streamWith({ stream: 'called', app, domain: 'called.example.com' }), undefined);
    }
    const filter = { domain: 'called.example.com', app: 'two' };
    const { items } = await streams.list(true, 10, undefined, filter);
    expect(items.map(({ app }) => app)).toEqual(['two']);
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
