import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, replayJournal } from './journal.ts';
import type { JournalRecord } from './records.ts';
import { State } from './state.ts';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 's3-journal-'));
  path = join(dir, 'journal.jsonl');
});
afterEach(() => rm(dir, { recursive: true }));

const bucket: JournalRecord = { type: 'bucket', bucket: { name: 'media', created: 0 } };
const object = (key: string, etag: string): JournalRecord => ({
  type: 'object',
  bucket: 'media',
  object: { key, etag, headers: {}, metadata: {}, size: 0, modified: 0, pieces: [] },
});

async function replayed(): Promise<JournalRecord[]> {
  const state = new State();
  await replayJournal(path, (record) => state.apply(record));
  return [...state.records()];
}

describe('Journal', () => {
  it('keeps every change in order, however they come together', async () => {
    const state = new State();
    const journal = await Journal.open(path, () => state.records());
    const change = (record: JournalRecord) => {
      state.apply(record);
      return journal.append(record);
    };
    const changes = [bucket, object('a', '1'), object('b', '1'), object('a', '2')].map(change);
    await changes[0];
    changes.push(change(object('c', '1')));
    await Promise.all(changes);
    await journal.close();
    expect(await replayed()).toEqual([...state.records()]);
  });

  it('is rewritten when most of it is past, and loses nothing by it', async () => {
    const state = new State();
    const journal = await Journal.open(path, () => state.records());
    const change = (record: JournalRecord) => {
      state.apply(record);
      return journal.append(record);
    };
    await change(bucket);
    for (let round = 0; round < 30; round++) {
      await Promise.all(Array.from({ length: 1000 }, (_, i) => change(object('playlist', `${round}.${i}`))));
    }
    await journal.close();
    const lines = (await readFile(path, 'utf8')).split('\n').length;
    expect(lines).toBeLessThan(12_000);
    expect(await replayed()).toEqual([bucket, object('playlist', '29.999')]);
  });

  it('drops a torn last line when it is opened again', async () => {
    const state = new State();
    state.apply(bucket);
    const journal = await Journal.open(path, () => state.records());
    await journal.close();
    await appendFile(path, '{"type":"bucket-del');
    expect(await replayed()).toEqual([bucket]);
    const again = await Journal.open(path, () => state.records());
    await again.append(object('a', '1'));
    await again.close();
    expect(await replayed()).toEqual([bucket, object('a', '1')]);
  });
});
