import { THUMBNAILS_PATH } from '../capture/ffmpeg-args.ts';
import { STRETCH_PATH } from '../capture/maker-args.ts';
import type { CaptureOutputs } from '../capture/outputs.ts';
import { drain, receiveInto, watchesOf } from '../capture/receive.ts';
import type { Log } from '../log.ts';
import type { KeyFrames } from '../thumbnails/key-frames.ts';
import type { Stretch, Tape } from './tape.ts';

export interface SplicedOptions {
  readonly recordId: string;
  readonly log: Log;
  readonly thumbnails?: KeyFrames | undefined;
  onCodecChange(): void;
}

/** The time stamps that tell of other settings may lie a few frames beside those of what is encoded. */
const CODEC_CHANGE_MARGIN_MS = 50;

/** What one capture writes that goes on with a tape. */
export const splicedOutputs = (tape: Tape, stretch: Stretch, options: SplicedOptions): CaptureOutputs => {
  const { recordId, log, thumbnails } = options;
  const secondsBefore = tape.outputs.recordedSeconds();
  const watches = watchesOf((timeMs) => {
    stretch.stopBefore(timeMs - CODEC_CHANGE_MARGIN_MS);
    options.onCodecChange();
  }, thumbnails);
  return {
    receive: async (path, request) => {
      if (path === STRETCH_PATH) return stretch.receive(request);
      const output = watches.get(path);
      if (output === undefined) return drain(request);
      await receiveInto(request, { recordId, log, format: path, output, wanted: Promise.resolve(true) });
      if (path === THUMBNAILS_PATH && request.complete) thumbnails?.finish();
    },
    receivedBytes: stretch.bytes,
    recordedSeconds: () => tape.outputs.recordedSeconds() - secondsBefore,
    lastKeyFrameAt: () => tape.outputs.lastKeyFrameAt(),
    isOverflowFull: () => tape.outputs.isOverflowFull(),
    cutAtNextKeyFrame: () => tape.outputs.cutAtNextKeyFrame(),
    close: (...how) => tape.close(...how),
    abandon: () => tape.abandon(),
  };
};
