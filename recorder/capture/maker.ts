import type { IncomingMessage } from 'node:http';
import { constants } from 'node:os';
import { stepBehind } from '../priority.ts';
import { Feed } from './feed.ts';
import { type Ffmpeg, type FfmpegExit, startFfmpeg } from './ffmpeg.ts';
import type { makerArgs } from './maker-args.ts';
import { createHangWatch, createPace } from './pace.ts';

export interface MakerOptions {
  /** Its command line, as soon as that is known; undefined: nothing is to be made. Never rejects. */
  readonly command: Promise<ReturnType<typeof makerArgs> | undefined>;
  /** It ended while there was still something to come. */
  onFailed(exit: FfmpegExit, hasMade: boolean): void;
  /** Nobody takes what it makes. */
  isHeldUp(): boolean;
  /** It is slower than the stream; told once. */
  onBehind(): void;
}

const LOOK_MS = 500;

/** The second ffmpeg of a capture, where there is one: it makes what cannot be copied of what the first one reads. */
export interface Maker {
  /** Takes what the first one writes; resolves when all of it is made, or nothing of it is to be. */
  receive(request: IncomingMessage): Promise<void>;
  /** What has come, and waits for it. */
  readonly feed: Feed;
  /** How it ended, and its outputs by their number; undefined when there was nothing for it to do. To be asked at the end. */
  outcome(): { readonly exit: FfmpegExit; readonly outputs: readonly string[] } | undefined;
  /** Ends it without flushing. */
  kill(): void;
}

const ignoreJumps = (): void => undefined;

export const createMaker = ({ command, onFailed, isHeldUp, onBehind }: MakerOptions): Maker => {
  const feed = new Feed();
  let ffmpeg: Ffmpeg | undefined;
  let outcome: ReturnType<Maker['outcome']>;
  let isKilled = false;

  const make = async (): Promise<void> => {
    const known = await command;
    if (known === undefined || isKilled) return feed.drop();
    // The first one tells of time jumps.
    ffmpeg = startFfmpeg(known.args, ignoreJumps, 'pipe');
    const { pid, input, exited, reports, kill } = ffmpeg;
    // What is copied must not wait for what is encoded, nor must this recorder itself.
    stepBehind(pid, constants.priority.PRIORITY_BELOW_NORMAL);
    const [pace, hangWatch] = [createPace(), createHangWatch()];
    let isTold = false;
    const timer = setInterval(() => {
      const now = performance.now();
      const lagMs = feed.lagMs(now);
      const isHeld = isHeldUp();
      if (hangWatch.hangs(now, reports(), !isHeld && (lagMs > 0 || feed.ended))) kill();
      if (isTold || feed.ended || !pace.isBehind(now, lagMs, isHeld)) return;
      isTold = true;
      onBehind();
    }, LOOK_MS);
    const ended = exited.then((exit) => {
      clearInterval(timer);
      if (!feed.ended && !isKilled) onFailed(exit, reports() > 0);
      feed.drop();
      return exit;
    });
    if (input !== undefined) await feed.pumpTo(input);
    outcome = { exit: await ended, outputs: known.slaves.map(({ name }) => name) };
  };

  return {
    feed,
    receive: async (request) => {
      const closed = Promise.withResolvers<void>();
      feed.takeFrom(request);
      // An abort is no error here: ffmpeg was killed, and what came before it counts.
      request.on('error', () => request.destroy());
      request.on('close', closed.resolve);
      await make();
      // The first one gives an output up whose connection is gone, and spares itself the work.
      request.destroy();
      await closed.promise;
    },
    outcome: () => outcome,
    kill: () => {
      isKilled = true;
      feed.drop();
      ffmpeg?.kill();
    },
  };
};
