import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RecordingFile } from '../../shared/schemas/recording.ts';
import { createMemoryFiles } from '../../shared/table/files.fixture.ts';
import { fileOf, silentLog } from '../recorder.fixture.ts';
import { closeLeftFiles } from './left-files.ts';

const OURS = { recordId: 'rec_1', epoch: 4 };

const begin = async (...found: RecordingFile[]) => {
  const files = createMemoryFiles(...found);
  const run = new AbortController();
  const uploadRetry = vi.fn(async (_: { fileId: string }) => undefined);
  const list = vi.spyOn(files, 'list');
  const done = closeLeftFiles({ files, log: silentLog(), uploadRetry }, OURS, found, run.signal);
  const asked = () => uploadRetry.mock.calls.map(([{ fileId }]) => fileId);
  return { files, run, list, done, asked };
};

describe('Files that an earlier owner has left open', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are closed on request, once a minute until they are', async () => {
    const [mp4, hls] = [fileOf('mp4', { epoch: 3 }), fileOf('hls', { epoch: 3 })];
    const { files, done, asked } = await begin(mp4, hls, fileOf('flv', { epoch: 4 }));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked()).toEqual([mp4.fileId, mp4.fileId]);
    await files.write({ ...mp4, state: 'ready' });
    await vi.advanceTimersByTimeAsync(60_000);
    await done;
    expect(asked()).toHaveLength(2);
  });

  it('cost not one look when there are none', async () => {
    const { done, list } = await begin(fileOf('mp4', { epoch: 3, state: 'ready' }));
    await done;
    expect(list).not.toHaveBeenCalled();
  });

  it('are left to whoever completes the recording when it is over', async () => {
    const { run, done, asked } = await begin(fileOf('mp4', { epoch: 3 }));
    run.abort();
    await done;
    expect(asked()).toEqual([]);
  });
});
