import { beforeAll, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import type { RecordingFile } from '../schemas/recording.ts';
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

  it('are listed by recording and beginning', async () => {
    await files.open(fileWith('0002', { recordId: 'rec_listed' }));
    await files.open(fileWith('0001', { recordId: 'rec_listed' }));
    expect((await files.list('rec_listed')).map(({ fileId }) => fileId)).toEqual(['0001', '0002']);
    expect(await files.list('rec_list')).toEqual([]);
  });
});
