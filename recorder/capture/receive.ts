import type { IncomingMessage } from 'node:http';
import type { Log } from '../log.ts';
import { SettingsWatch } from '../outputs/settings-watch.ts';
import { TsSettingsWatch } from '../outputs/ts-settings-watch.ts';
import type { KeyFrames } from '../thumbnails/key-frames.ts';
import { SETTINGS_PATH, THUMBNAILS_PATH, TS_SETTINGS_PATH } from './ffmpeg-args.ts';

/** Takes what ffmpeg writes. @throws ContainerError */
export interface Pushed {
  push(chunk: Buffer): void;
}

export interface ReceiveOptions {
  readonly recordId: string;
  readonly log: Log;
  /** What is received. */
  readonly format: string;
  readonly output: Pushed;
  /** Whether it is to be taken, as soon as that is known. */
  readonly wanted: Promise<boolean>;
  onBytes?(chunk: Buffer): void;
  /** What comes cannot be read. */
  onBroken?(): void;
}

/** Takes and forgets a request. */
export const drain = (request: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    request.on('close', resolve).resume();
  });

/** Takes one request of ffmpeg's to its end, aborted or not. */
export const receiveInto = (request: IncomingMessage, options: ReceiveOptions): Promise<void> => {
  const { recordId, log, format, output, wanted } = options;
  let broken = false;
  const push = (chunk: Buffer): void => {
    options.onBytes?.(chunk);
    if (broken) return;
    try {
      output.push(chunk);
    } catch (cause) {
      // One output that cannot be understood must not take the others with it.
      broken = true;
      log.error('An output could not be parsed', { recordId, format, cause });
      options.onBroken?.();
    }
  };
  // A request that nobody reads loses its bytes when ffmpeg hangs up, so they are taken before it is known
  // whether they are wanted.
  const early: Buffer[] = [];
  let take = (chunk: Buffer): unknown => early.push(chunk);
  const decided = wanted.then((isWanted) => {
    take = isWanted ? push : () => undefined;
    for (const chunk of early.splice(0)) take(chunk);
  });
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => take(chunk));
    // An abort is no error here: ffmpeg was killed, and what came before it counts.
    request.on('error', () => request.destroy());
    request.on('close', () => resolve(decided));
  });
};

/** What looks at the key frames of the source, by the path that they come by. */
export const watchesOf = (
  onCodecChange: (timeMs: number) => void,
  thumbnails: KeyFrames | undefined,
): ReadonlyMap<string, Pushed> =>
  new Map<string, Pushed>([
    [SETTINGS_PATH, new SettingsWatch(onCodecChange)],
    [TS_SETTINGS_PATH, new TsSettingsWatch(onCodecChange)],
    ...(thumbnails === undefined ? [] : [[THUMBNAILS_PATH, thumbnails] as const]),
  ]);
