import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Format } from '../../shared/schemas/names.ts';
import { carriesNothing } from '../capture/carried.ts';
import { videoArgs } from '../capture/encoder-args.ts';
import { PLAIN_LOOK } from '../capture/look.ts';
import type { CaptureOutputs } from '../capture/outputs.ts';
import type { EncodedVideo, Recipe } from '../capture/recipe.ts';
import { ffmpeg, MediaFolder, packetTimes } from '../containers/media.fixture.ts';
import { NutReader } from '../containers/nut/reader.ts';
import { silentLog } from '../recorder.fixture.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import type { Clip } from './clip.ts';
import { Tape } from './tape.ts';

const VIDEO: EncodedVideo = {
  ...{ codec: 'h264', gopSeconds: 1, crf: 30, width: 64, height: 36 },
  ...{ sourceFramesPerSecond: 5, overlays: [], look: PLAIN_LOOK },
};

const folder = new MediaFolder();
let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
});
afterAll(async () => {
  await sink.close();
  folder.remove();
});

const recipeOf = (video: EncodedVideo, ...formats: readonly Format[]): Recipe => ({
  ...{ video, sounds: [] },
  outputs: formats.map((format) => ({ format, sound: undefined })),
});

const encoded = (video: EncodedVideo, seconds = 1): Buffer =>
  ffmpeg(
    ...['-f', 'lavfi', '-i', `testsrc2=s=${video.width}x${video.height}:r=5:d=${seconds},format=yuv420p`],
    ...[...videoArgs(video, 'usual'), '-flags', '+global_header', '-f', 'nut', 'pipe:1'],
  );

const clipOf = (video: EncodedVideo): Clip => {
  const reader = new NutReader();
  const frames = reader.push(encoded(video));
  if (reader.head === undefined) throw new Error('Nothing was encoded');
  return { head: reader.head, frames };
};

const openTape = (recipe: Recipe, clip: Clip | undefined, monotonicNow = () => performance.now()) => {
  const [log, onTrouble, written] = [silentLog(), vi.fn(), [] as Buffer[]];
  const tape = new Tape({
    ...{ recordId: 'rec_1', sink, effort: 'usual', log, onTrouble, repairAfterMs: 0 },
    carried: carriesNothing(),
    monotonicNow,
    clipOf: async () => clip,
  });
  tape.outputs = {
    receive: async (_: string, request: IncomingMessage) => {
      written.push(...((await request.toArray().catch(() => [])) as Buffer[]));
    },
    ...{ close: async () => undefined, abandon: () => undefined, unstoredBytes: () => 0 },
  } as unknown as CaptureOutputs;
  const close = async () => {
    await tape.close(undefined, 'ended');
    return Buffer.concat(written);
  };
  onTestFinished(async () => void (await close()));
  tape.portionsOf({ recorded: {}, copied: [], leftOut: [], recipe }, PLAIN_LOOK, {});
  const stretch = tape.stretch(() => undefined);
  return { tape, stretch, log, onTrouble, close };
};

it.each([
  ['as a trouble when it is encoded in another way than the stream', 128, ['standby-missing']],
  ['never when it is encoded in the same way', 64, []],
])('Standby content is told of %s', { timeout: 30_000 }, async (_, width, codes) => {
  const clip = clipOf({ ...VIDEO, width });
  const { tape, stretch, log, onTrouble } = openTape(recipeOf(VIDEO, 'mp4'), clip);
  await stretch.receive(Readable.from([encoded(VIDEO)]) as IncomingMessage);
  expect(tape.isReady).toBe(codes.length === 0);
  expect(onTrouble.mock.calls).toEqual(codes.map(() => [endReason('standby-missing')]));
  expect(log.error).toHaveBeenCalledTimes(codes.length);
});

it('A format that cannot be written is known while the others go on', { timeout: 30_000 }, async () => {
  const hevc: EncodedVideo = { ...VIDEO, codec: 'hevc' };
  const { tape, stretch } = openTape(recipeOf(hevc, 'mp4', 'flv'), undefined);
  // Its ffmpeg looks at some of it first.
  await stretch.receive(Readable.from([encoded(hevc, 20)]) as IncomingMessage);
  await vi.waitFor(() => expect(tape.lost()).toMatchObject([{ format: 'flv' }]), 20_000);
  expect(tape.spent).toBeUndefined();
});

it('Standby content is no longer than the stream was away, however slow its time stamps are', {
  timeout: 30_000,
}, async () => {
  let passed = 0;
  const clock = () => performance.now() + passed * 1000;
  const { tape, stretch, close } = openTape(recipeOf(VIDEO, 'mp4'), clipOf(VIDEO), clock);
  stretch.fed();
  await stretch.receive(Readable.from([encoded(VIDEO)]) as IncomingMessage);
  passed += 30;
  stretch.fed();
  passed += 7;
  const next = tape.stretch(() => undefined);
  next.fed();
  await next.receive(Readable.from([encoded(VIDEO)]) as IncomingMessage);
  const path = folder.write('mp4', await close());
  expect(packetTimes(path, 'v')).toHaveLength(5 + 7 * 5 + 5);
});
