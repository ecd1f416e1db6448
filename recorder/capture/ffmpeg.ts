import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { execa } from 'execa';
import type { Media } from '../../shared/schemas/recording.ts';
import {
  endsInput,
  failedSlave,
  jumpBack,
  mediaOfLine,
  saysUnsupported,
  ticksOfLine,
  withoutUrls,
} from './ffmpeg-log.ts';
import { type Look, lookOfLine, PLAIN_LOOK } from './look.ts';

/** How long ffmpeg may take to flush its outputs once its input has ended. */
const FLUSH_GRACE_MS = 10_000;
const LAST_LINES = 8;

/** Outputs that `tee` has given up, by their number. */
export interface FailedSlaves {
  readonly failedSlaves: readonly { index: number; why: string }[];
}

export interface FfmpegExit extends FailedSlaves {
  readonly code: number | undefined;
  /** Lines that say why the source cannot be recorded, without URLs. */
  readonly unsupported: readonly string[];
  /** The last lines of its log, without URLs. */
  readonly lastLines: readonly string[];
}

/** Its failed slaves are those so far. */
export interface Ffmpeg extends FailedSlaves {
  readonly pid: number | undefined;
  /** Absent unless it reads its standard input. */
  readonly input: Writable | undefined;
  /** What the stream carries; never settles when ffmpeg ends before it knows. */
  readonly media: Promise<Media>;
  /** How the picture of the stream looks; known when `media` is. */
  look(): Look;
  readonly exited: Promise<FfmpegExit>;
  /** Times it has said so far that it is at work: twice a second while it reads its input and writes. */
  reports(): number;
  /** Its input has ended: kills it unless it has flushed and gone in time. */
  expectExit(): void;
  /** Asks it to end by itself, where closing its input is not possible. */
  interrupt(): void;
  /** Ends it without flushing. */
  kill(): void;
}

/**
 * @param onTimeJump the time stamps of its input jumped back; told once
 * @param stdin `pipe`: it reads what is written to `input`
 */
export const startFfmpeg = (
  args: readonly string[],
  onTimeJump: (fromMs: number, toMs: number) => void,
  stdin: 'ignore' | 'pipe' = 'ignore',
): Ffmpeg => {
  const child = execa('ffmpeg', args, {
    // Nothing of ours is its business: above all no credentials.
    extendEnv: false,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    stdin,
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    cleanup: true,
  });
  const { promise: media, resolve } = Promise.withResolvers<Media>();
  const unsupported: string[] = [];
  const lastLines: string[] = [];
  const failedSlaves: { index: number; why: string }[] = [];
  let found: Media = {};
  let look = PLAIN_LOOK;
  let inputEnded = false;
  let ticksPerSecond = 90_000;
  let hasJumped = false;

  let reports = 0;
  child.stdout.on('data', () => {
    reports += 1;
  });

  const lines = createInterface({ input: child.stderr });
  lines.on('line', (line) => {
    if (!inputEnded && endsInput(line)) {
      inputEnded = true;
      resolve(found);
    }
    if (!inputEnded) {
      found = { ...found, ...mediaOfLine(line) };
      look = lookOfLine(line) ?? look;
    }
    ticksPerSecond = ticksOfLine(line) ?? ticksPerSecond;
    const jump = hasJumped ? undefined : jumpBack(line, ticksPerSecond);
    if (jump !== undefined) {
      hasJumped = true;
      onTimeJump(jump.fromMs, jump.toMs);
    }
    const shown = withoutUrls(line).trim();
    if (saysUnsupported(line) && unsupported.length < LAST_LINES) unsupported.push(shown);
    const failed = failedSlave(line);
    if (failed !== undefined) failedSlaves.push(failed);
    lastLines.push(shown);
    if (lastLines.length > LAST_LINES) lastLines.shift();
  });

  let timer: NodeJS.Timeout | undefined;
  const exited = child.then((result): FfmpegExit => {
    clearTimeout(timer);
    return { code: result.exitCode, unsupported, failedSlaves, lastLines };
  });
  // Its exit says why it reads no more.
  child.stdin?.on('error', () => undefined);
  return {
    pid: child.pid,
    input: child.stdin ?? undefined,
    media,
    look: () => look,
    failedSlaves,
    exited,
    reports: () => reports,
    expectExit: () => {
      timer ??= setTimeout(() => child.kill('SIGKILL'), FLUSH_GRACE_MS);
    },
    interrupt: () => {
      child.kill('SIGINT');
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
};
