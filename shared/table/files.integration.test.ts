import { beforeAll, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import type { Away, RecordingFile } from '../schemas/recording.ts';
import { createFiles, type Files } from './files.ts';

const table = useTable();
let files: Files;

beforeAll(() => {
  files = createFiles(table);
});

const fileWith = (fileId: string, changes: Partial<RecordingFile> = {}): RecordingFile => ({
  recordId: 'rec_1',
  fileId,
  format: 'mp4',
  bucket: 'recordings',
  key: `demo/${fileId}.mp4`,
  state: 'recording',
  location: 'primary',
  sizeBytes: 0,
  durationSeconds: 0,
  startedAt: '2026-11-22T10:00:00.000Z',
  epoch: 1,
  ...changes,
});

/** Whether the sweeper finds it, an hour later. */
const untold = async (fileId: string): Promise<boolean> =>
  (await files.untold(new Date('2026-11-22T11:00:00.000Z'), 100)).some((file) => file.fileId === fileId);

const at = (minute: number) => `2026-11-22T10:0${minute}:00.000Z`;
const awayUntil = (dueAt: string): Away => ({
  ...{ places: ['spool'], since: at(0), dueAt, failures: 0 },
  reason: { cause: 'storage', code: 'storage-failed', text: 'It did not answer.' },
});

describe('files in the table', () => {
  it('are opened once', async () => {
    expect(await files.open(fileWith('once'))).toBe(true);
    expect(await files.open(fileWith('once', { epoch: 2 }))).toBe(false);
    expect((await files.get('rec_1', 'once'))?.epoch).toBe(1);
  });

  it('cannot be written by the recorder they were taken from', async () => {
    await files.open(fileWith('sealed'));
    expect(await files.write(fileWith('sealed', { epoch: 2 }), 1)).toBe(true);
    expect(await files.write(fileWith('sealed', { sizeBytes: 9 }))).toBe(false);
    expect(await files.write(fileWith('sealed', { epoch: 2, state: 'ready' }))).toBe(true);
    expect(await files.get('rec_1', 'sealed')).toMatchObject({ epoch: 2, sizeBytes: 0, state: 'ready' });
  });

  it('are final once they are closed', async () => {
    await files.open(fileWith('closed'));
    expect(await files.write(fileWith('closed', { state: 'ready', sizeBytes: 7 }))).toBe(true);
    expect(await files.write(fileWith('closed', { state: 'failed' }))).toBe(false);
    expect(await files.get('rec_1', 'closed')).toMatchObject({ state: 'ready', sizeBytes: 7 });
  });

  it('are to be told of when they are opened, and once more when they are closed', async () => {
    const opened = fileWith('told');
    await files.open(opened);
    expect(await untold('told')).toBe(true);
    await files.tell(opened, 'opened');
    expect(await untold('told')).toBe(false);
    await files.write(fileWith('told', { sizeBytes: 5 }));
    expect(await untold('told')).toBe(false);
    expect(await files.get('rec_1', 'told')).toMatchObject({ told: 'opened', sizeBytes: 5 });
    const closed = fileWith('told', { state: 'ready', readyAt: '2026-11-22T10:30:00.000Z' });
    await files.write(closed);
    expect(await untold('told')).toBe(true);
    await files.tell(closed, 'closed');
    expect(await untold('told')).toBe(false);
    expect(await files.get('rec_1', 'told')).toEqual({ ...closed, told: 'closed' });
  });

  it('are still to be told of when they were closed while their opening was being told', async () => {
    const opened = fileWith('raced');
    await files.open(opened);
    await files.write(fileWith('raced', { state: 'failed' }));
    expect(await files.tell(opened, 'opened')).toBe(false);
    expect(await untold('raced')).toBe(true);
  });

  it('are nothing to tell of once they have expired', async () => {
    await files.open(fileWith('expired'));
    await files.write(fileWith('expired', { state: 'ready' }));
    await files.expire('rec_1', 'expired');
    expect(await untold('expired')).toBe(false);
  });

  it('keep nothing of an open file that is no longer true of it', async () => {
    const journal = { initialHead: '', heldKey: 'held', tailKey: 'tail' };
    await files.open(fileWith('journaled', { journal }));
    await files.write(fileWith('journaled', { state: 'ready' }));
    expect(await files.get('rec_1', 'journaled')).toEqual(fileWith('journaled', { state: 'ready' }));
  });

  it('are found when they are away and due, for as long as they are, the oldest first', async () => {
    const away = (fileId: string, minute: number, changes: Partial<RecordingFile> = {}) =>
      fileWith(fileId, {
        ...{ recordId: 'rec_away', state: 'ready', told: 'closed', away: awayUntil(at(minute)) },
        ...changes,
      });
    const due = async (minute: number, limit = 10) =>
      (await files.away(at(minute), limit)).map(({ fileId }) => fileId);
    const [second, first] = [away('second', 2), away('first', 1, { state: 'waiting' })];
    for (const file of [second, first, away('recorded', 1, { state: 'recording' })]) await files.open(file);
    expect(await due(1)).toEqual([]);
    expect(await due(3)).toEqual(['first', 'second']);
    expect(await due(3, 1)).toEqual(['first']);
    expect(await files.replace(away('second', 5), second)).toBe(true);
    expect(await files.replace(away('second', 6), second)).toBe(false);
    expect(await due(3)).toEqual(['first']);
    expect(await due(6)).toEqual(['first', 'second']);
    const { away: _, ...home } = away('second', 5);
    expect(await files.replace(home, away('second', 5))).toBe(true);
    await files.expire('rec_away', 'first');
    expect(await due(9)).toEqual([]);
    expect(await files.replace({ ...home, sizeBytes: 1 }, home)).toBe(true);
  });

  it('are found when their recorder lets them wait, however much of them has been told', async () => {
    const isDue = async (fileId: string) =>
      (await files.away(at(9), 100)).some((file) => file.fileId === fileId);
    for (const fileId of ['wait-told', 'wait-untold']) await files.open(fileWith(fileId));
    await files.tell(fileWith('wait-told'), 'opened');
    const waiting = (fileId: string) => fileWith(fileId, { state: 'waiting', away: awayUntil(at(1)) });
    for (const fileId of ['wait-told', 'wait-untold']) {
      await files.write(waiting(fileId));
      expect(await isDue(fileId)).toBe(true);
    }
    await files.tell(waiting('wait-untold'), 'opened');
    expect(await isDue('wait-untold')).toBe(true);
  });

  it('are away no longer when they have come home while they were told of', async () => {
    const seen = fileWith('came-home', { state: 'ready', away: awayUntil(at(1)) });
    await files.open(seen);
    const { away: _, ...home } = seen;
    await files.replace(home, seen);
    expect(await files.tell(seen, 'closed')).toBe(true);
    expect(await files.get('rec_1', 'came-home')).toEqual({ ...home, told: 'closed' });
    expect((await files.away(at(9), 100)).map(({ fileId }) => fileId)).not.toContain('came-home');
    expect(await untold('came-home')).toBe(false);
  });

  it('are listed by recording and beginning', async () => {
    await files.open(fileWith('0002', { recordId: 'rec_listed' }));
    await files.open(fileWith('0001', { recordId: 'rec_listed' }));
    expect((await files.list('rec_listed')).map(({ fileId }) => fileId)).toEqual(['0001', '0002']);
    expect(await files.list('rec_list')).toEqual([]);
  });
});
