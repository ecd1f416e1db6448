import { setTimeout as wait } from 'node:timers/promises';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Media, Reason } from '../../shared/schemas/recording.ts';
import { type Carried, takeCarried } from '../capture/carried.ts';
import { THUMBNAILS_PATH } from '../capture/ffmpeg-args.ts';
import type { Look } from '../capture/look.ts';
import { STRETCH_PATH } from '../capture/maker-args.ts';
import type { CaptureOutputs } from '../capture/outputs.ts';
import { drain, receiveInto, watchesOf } from '../capture/receive.ts';
import type { Portions } from '../capture/recipe.ts';
import { closeTape, openTape, type TapesOptions } from './open-tape.ts';
import type { Stretch } from './stretch.ts';
import type { Tape } from './tape.ts';

export interface SpliceOptions extends TapesOptions {
  readonly recordId: string;
  /** What the captures before have left: the same object for each. */
  readonly carried: Carried;
  /** What this capture has taken of it. */
  readonly taken: Carried;
  onCodecChange(): void;
  /** Another capture has to begin new files. */
  onOutgrown(reason: Reason): void;
  onClosing(closed: Promise<void>): void;
}

/** What one capture puts on a tape. */
export interface Splice {
  readonly outputs: CaptureOutputs;
  /** The one that it is on now. */
  tape(): Tape;
  /** Something of the stream has come. */
  fed(): void;
  /** Whether what the encoder makes is not taken any more, so much of it waits. */
  isFull(): boolean;
  /** What is made of its stream, so that it fits on the tape. */
  portionsOf(found: Portions, look: Look, media: Media): Promise<Portions>;
}

interface Seat {
  readonly tape: Tape;
  readonly stretch: Stretch;
  /** On the tape, of captures before. */
  readonly secondsBefore: number;
}

/** The time stamps that tell of other settings may lie a few frames beside those of what is encoded. */
const CODEC_CHANGE_MARGIN_MS = 50;
/** Between two looks at what has become files. */
const LOOK_MS = 100;

/** Puts a capture on the tape of those before it, or on a new one; undefined: it has files of its own. */
export const openSplice = async (options: SpliceOptions): Promise<Splice | undefined> => {
  const { recordId, log, thumbnails, carried } = options;
  const takeSeat = async (taken: Carried): Promise<Seat | undefined> => {
    const tape = await openTape({ ...options, carried: taken });
    if (tape === undefined) return undefined;
    const secondsBefore = tape.outputs.recordedSeconds();
    return { tape, secondsBefore, stretch: tape.stretch(options.onOutgrown) };
  };
  const first = await takeSeat(options.taken);
  if (first === undefined) return undefined;
  let seat = first;

  /** Nothing of it is on its tape yet: new files have all of it. @returns whether there are any */
  const changeTapes = async (): Promise<boolean> => {
    closeTape(options);
    const next = await takeSeat(takeCarried(carried)).catch((cause: unknown) => {
      log.error('New files could not be begun', { recordId, cause });
      return undefined;
    });
    if (next !== undefined) seat = next;
    return next !== undefined;
  };

  const watches = watchesOf((timeMs) => {
    seat.stretch.stopBefore(timeMs - CODEC_CHANGE_MARGIN_MS);
    options.onCodecChange();
  }, thumbnails);
  return {
    tape: () => seat.tape,
    fed: () => seat.stretch.fed(),
    isFull: () => seat.stretch.isFull(),
    portionsOf: async (found, look, media) => {
      if (!seat.tape.fits(found) && !(await changeTapes())) options.onOutgrown(endReason('codec-changed'));
      return seat.tape.portionsOf(found, look, media);
    },
    outputs: {
      receive: async (path, request) => {
        if (path === STRETCH_PATH) return seat.stretch.receive(request);
        const output = watches.get(path);
        if (output === undefined) return drain(request);
        await receiveInto(request, { recordId, log, format: path, output, wanted: Promise.resolve(true) });
        if (path === THUMBNAILS_PATH && request.complete) thumbnails?.finish();
      },
      receivedBytes: () => seat.stretch.bytes(),
      recordedSeconds: () => seat.tape.outputs.recordedSeconds() - seat.secondsBefore,
      lastKeyFrameAt: () => seat.tape.outputs.lastKeyFrameAt(),
      unstoredBytes: () => seat.tape.outputs.unstoredBytes(),
      isOverflowFull: () => seat.tape.outputs.isOverflowFull(),
      cutAtNextKeyFrame: async () => {
        const { tape, stretch } = seat;
        // Until then the next key frame may be one of standby content, or of what the stream had brought long before.
        const seconds = await stretch.caughtUp;
        while (!tape.isClosing && tape.outputs.recordedSeconds() < seconds) await wait(LOOK_MS);
        return tape.isClosing ? undefined : tape.outputs.cutAtNextKeyFrame();
      },
      close: (...how) => seat.tape.close(...how),
      abandon: () => seat.tape.abandon(),
    },
  };
};
