import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Formats } from '../../shared/schemas/template.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { createMemoryFiles } from '../../shared/table/files.fixture.ts';
import { flawlessFrames, MediaFolder, testSource, videoFrames } from '../containers/media.fixture.ts';
import { fileOf } from '../recorder.fixture.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { joinedPlaylists, serve, startCapture } from './capture.fixture.ts';
import { carriesNothing } from './carried.ts';
import type { SessionState } from './supervise.ts';

const folder = new MediaFolder();
let sink: Sink;
let source: string;
let bytes: Buffer;

beforeAll(async () => {
  sink = await startSink();
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac', '-shortest'];
  source = folder.generate('flv', ...testSource(13), ...codecs);
  bytes = readFileSync(source);
});
afterAll(async () => {
  await sink.close();
  folder.remove();
});

/** Three segments of 2 s each, in a playlist of a tenth of a minute. */
const EVERY_SIX_SECONDS: Formats = {
  hls: { segmentSeconds: 2, segmentation: 0.1, resumptionTimeout: 0 },
};
/** A machine that is busy may be long in opening the stream: its session has not ended before. */
const endedWith =
  (files: ReturnType<typeof createMemoryFiles>, count: number) => async (): Promise<SessionState> =>
    (await files.list('rec_1')).length < count ? 'live' : 'ended';
const framesOf = (playlist: Buffer): string[] => flawlessFrames(folder.write('ts', playlist));
const hlsOf = async (files: ReturnType<typeof createMemoryFiles>) =>
  (await files.list('rec_1')).map(({ state, durationSeconds }) => ({ state, durationSeconds }));

describe('HLS that is segmented', () => {
  it('closes a playlist at once when it is long enough, and goes on', { timeout: 60_000 }, async () => {
    // What comes after the border is one key frame: the playlist does not wait for another segment.
    const { promise: restWanted, resolve: sendRest } = Promise.withResolvers<void>();
    const upTo = Math.round((bytes.length * 6.6) / 13);
    const port = await serve(async (_, response) => {
      response.write(bytes.subarray(0, upTo));
      await restWanted;
      response.end(bytes.subarray(upTo));
    });
    const running = startCapture(sink, port, {
      formats: EVERY_SIX_SECONDS,
      session: async () => (running.stop.signal.aborted ? 'ended' : 'live'),
      goesOn: false,
    });
    await vi.waitFor(() => expect(running.files.item('0001-hls-0001').state).toBe('ready'), 15_000);
    expect(await hlsOf(running.files)).toEqual([{ state: 'ready', durationSeconds: expect.closeTo(6, 1) }]);
    expect(running.sent.map(({ type }) => type)).toEqual(['file.opened', 'file.closed']);
    sendRest();
    await running.outcome;
    expect(await hlsOf(running.files)).toEqual([
      { state: 'ready', durationSeconds: expect.closeTo(6, 1) },
      { state: 'ready', durationSeconds: expect.closeTo(6, 1) },
      { state: 'ready', durationSeconds: expect.closeTo(1, 1) },
    ]);
    const playlists = await joinedPlaylists(running);
    expect(playlists).toHaveLength(3);
    // Each can be decoded alone, and together they are the stream: no frame is lost or doubled at a border.
    expect(playlists.flatMap(framesOf)).toEqual(videoFrames(source));
    expect(playlists.map((each) => framesOf(each).length)).toEqual([150, 150, 25]);
  });

  it('is not gone on with while its end is on its way into the table', { timeout: 60_000 }, async () => {
    const ending = fileOf('hls', { fileId: '0001-hls-0001' });
    const files = createMemoryFiles(ending);
    const carried = { ...carriesNothing(), ended: new Set(['0001-hls-0001']) };
    const port = await serve((_, response) => response.end(bytes));
    const session = endedWith(files, 2);
    const options = { formats: EVERY_SIX_SECONDS, files, carried, capture: 2, session };
    const running = startCapture(sink, port, options);
    await running.outcome;
    expect(files.item('0001-hls-0001')).toEqual(ending);
    expect(files.item('0002-hls-0001').state).toBe('ready');
    expect(
      (await joinedPlaylists(running)).flatMap((each) => (each.length === 0 ? [] : framesOf(each))),
    ).toEqual(videoFrames(source));
  });

  it('is ended and gone on with by whoever takes over, and keeps to its length', {
    timeout: 60_000,
  }, async () => {
    const [store, files, taken] = [createMemoryObjectStore(), createMemoryFiles(), new Set<string>()];
    const eight = folder.generate('flv', '-i', source, '-t', '8', '-c', 'copy');
    const options = { formats: EVERY_SIX_SECONDS, files, store, taken };
    const port = await serve((_, response) => response.end(readFileSync(eight)));
    await startCapture(sink, port, { ...options, session: endedWith(files, 1) }).outcome;
    // As a kill leaves it: the table knows of open files, and of nothing in them; the segments are there, no playlist is.
    const left = await files.list('rec_1');
    expect(left.map(({ fileId }) => fileId)).toEqual(['0001-hls-0001', '0001-hls-0002']);
    for (const file of left) {
      await files.remove('rec_1', file.fileId);
      const { readyAt: _, ...open } = file;
      await files.open({ ...open, state: 'recording', durationSeconds: 0, sizeBytes: 0 });
      await store.delete(file.key);
    }
    const next = await serve((_, response) => response.end(bytes));
    await startCapture(sink, next, { ...options, capture: 2, session: endedWith(files, 3) }).outcome;
    const all = await files.list('rec_1');
    expect(all.map(({ state }) => state)).toEqual(all.map(() => 'ready'));
    const lengths = all.map(({ durationSeconds }) => Math.round(durationSeconds));
    expect(lengths[0]).toBe(6);
    // 2 s of the recorder that was killed; how long the playlist is was known once it had been read.
    expect(lengths[1]).toBeGreaterThanOrEqual(6);
    expect(lengths[1]).toBeLessThanOrEqual(2 + 6);
    expect(lengths.reduce((sum, seconds) => sum + seconds)).toBe(8 + 13);
    const frames = (await joinedPlaylists({ store, files })).flatMap(framesOf);
    expect(frames).toEqual([...videoFrames(eight), ...videoFrames(source)]);
  });
});
