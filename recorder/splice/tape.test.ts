import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { videoArgs } from '../capture/encoder-args.ts';
import { PLAIN_LOOK } from '../capture/look.ts';
import type { CaptureOutputs } from '../capture/outputs.ts';
import type { EncodedVideo } from '../capture/recipe.ts';
import { ffmpeg } from '../containers/media.fixture.ts';
import { NutReader } from '../containers/nut/reader.ts';
import { silentLog } from '../recorder.fixture.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import type { Clip } from './clip.ts';
import { Tape } from './tape.ts';

const VIDEO: EncodedVideo = {
  ...{ codec: 'h264', gopSeconds: 1, crf: 30, width: 64, height: 36 },
  ...{ sourceFramesPerSecond: 5, overlays: [], look: PLAIN_LOOK },
};

let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
});
afterAll(() => sink.close());

const encoded = (video: EncodedVideo): Buffer =>
  ffmpeg(
    ...['-f', 'lavfi', '-i', `testsrc2=s=${video.width}x${video.height}:r=5:d=1,format=yuv420p`],
    ...[...videoArgs(video, 'usual'), '-flags', '+global_header', '-f', 'nut', 'pipe:1'],
  );

const clipOf = (video: EncodedVideo): Clip => {
  const reader = new NutReader();
  const frames = reader.push(encoded(video));
  if (reader.head === undefined) throw new Error('Nothing was encoded');
  return { head: reader.head, frames };
};

it.each([
  ['as a trouble when it is encoded in another way than the stream', 128, ['standby-missing']],
  ['never when it is encoded in the same way', 64, []],
])('Standby content is told of %s', { timeout: 30_000 }, async (_, width, codes) => {
  const [log, onTrouble] = [silentLog(), vi.fn()];
  const tape = new Tape({
    ...{ recordId: 'rec_1', sink, effort: 'usual', log, onTrouble },
    carried: { file: Promise.resolve(undefined), ended: new Set() },
    monotonicNow: () => performance.now(),
    clipOf: async () => clipOf({ ...VIDEO, width }),
  });
  tape.outputs = {
    receive: async (_path: string, request: IncomingMessage) => void (await request.resume().toArray()),
    ...{ close: async () => undefined, abandon: () => undefined },
  } as unknown as CaptureOutputs;
  onTestFinished(() => tape.close(undefined, 'ended'));
  const recipe = { video: VIDEO, sounds: [], outputs: [{ format: 'mp4' as const, sound: undefined }] };
  tape.portionsOf({ recorded: {}, copied: [], leftOut: [], recipe }, PLAIN_LOOK, {});
  const stretch = tape.stretch({ onSpent: () => undefined, onBroken: () => undefined });
  await stretch.receive(Readable.from([encoded(VIDEO)]) as IncomingMessage);
  expect(await tape.goesOnWith('usual')).toBe(codes.length === 0);
  expect(onTrouble.mock.calls).toEqual(codes.map(() => [endReason('standby-missing')]));
  expect(log.error).toHaveBeenCalledTimes(codes.length);
});
