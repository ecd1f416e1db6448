import { type EndCode, endReason } from '../../shared/recordings/end-reason.ts';
import { hlsStaysOpen } from '../../shared/recordings/machine.ts';
import type { Media, Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Files } from '../../shared/table/files.ts';
import type { FileNamer } from '../files/namer.ts';
import { type AddressPolicy, AddressRefusedError } from '../gate/address-policy.ts';
import { parseSource } from '../gate/source.ts';
import type { Log } from '../log.ts';
import type { HlsFilePorts } from '../outputs/hls-file.ts';
import type { Sink } from '../sink/sink.ts';
import { type Ffmpeg, type FfmpegExit, startFfmpeg } from './ffmpeg.ts';
import { ffmpegArgs, teeOutputs } from './ffmpeg-args.ts';
import { type Input, openInput } from './input.ts';
import { type CaptureOutputs, openOutputs } from './outputs.ts';
import { type Glance, watch } from './watch.ts';

const WATCH_INTERVAL_MS = 100;

export interface CaptureOptions {
  readonly recording: Recording;
  readonly capture: number;
  /** Most milliseconds this capture may still run. */
  readonly maxDurationMs: number;
  readonly namer: FileNamer;
  readonly files: Files;
  readonly ports: HlsFilePorts;
  readonly sink: Sink;
  readonly policy: AddressPolicy;
  readonly log: Log;
  /** Aborted with a `Reason` to end the capture cleanly, with `FENCED` to drop it. */
  readonly stop: AbortSignal;
  /** Whether the session that is being recorded is over. */
  sessionEnded(): Promise<boolean>;
  /** ffmpeg reads the stream and knows what it carries. */
  onStarted(media: Media): void;
}

/** Abort reason of a recording that has another owner now. */
export const FENCED = Symbol('fenced');

export interface CaptureOutcome {
  readonly reason: Reason;
  /** Whether anything at all was recorded. */
  readonly receivedMedia: boolean;
}

const isReason = (value: unknown): value is Reason =>
  typeof value === 'object' && value !== null && 'code' in value;

/** Why a capture ended whose ffmpeg went by itself: what the source or ffmpeg did, in this order. */
const reasonOfExit = (
  exit: FfmpegExit,
  sessionEnded: boolean,
  inputEnded: boolean,
  receivedMedia: boolean,
): Reason => {
  const [unsupported] = exit.unsupported;
  if (!receivedMedia && unsupported !== undefined) return endReason('source-unsupported', unsupported);
  if (sessionEnded) return endReason(receivedMedia ? 'session-ended' : 'source-no-media');
  if (inputEnded) return endReason('source-silent');
  return endReason('ffmpeg-failed', exit.lastLines.at(-1));
};

/** A stream that was recorded without the part of it that ffmpeg cannot read: the owner must know. */
const withLosses = (reason: Reason, exit: FfmpegExit, receivedMedia: boolean): Reason => {
  const [unsupported] = exit.unsupported;
  if (reason.code !== 'session-ended') return reason;
  if (!receivedMedia)
    return endReason(unsupported === undefined ? 'source-no-media' : 'source-unsupported', unsupported);
  return unsupported === undefined
    ? reason
    : { ...reason, text: `${reason.text} Not all of it could be recorded: ${unsupported}` };
};

const failedToOpen = (error: unknown): Reason =>
  error instanceof AddressRefusedError || error instanceof TypeError
    ? endReason('source-refused', error.message)
    : endReason('source-unreachable', error instanceof Error ? error.message : String(error));

/** Watches a running capture and ends it with the first reason there is. */
const supervise = (
  options: CaptureOptions,
  input: Input,
  ffmpeg: Ffmpeg,
  outputs: CaptureOutputs,
): { reason(): Reason | undefined; end(reason: Reason): void; stop(): void } => {
  const { gate } = input;
  const startedAt = performance.now();
  let reason: Reason | undefined;
  let lastBytes = 0;
  let glance: Glance = {
    now: startedAt,
    startedAt,
    lastByteAt: startedAt,
    unstoredBytes: 0,
    lookedAt: 0,
    looks: 0,
    maxDurationMs: options.maxDurationMs,
  };

  const end = (why: Reason): void => {
    reason ??= why;
    ffmpeg.expectExit();
    if (gate === undefined) ffmpeg.interrupt();
    else gate.close();
  };

  const lookUpSession = async (): Promise<void> => {
    glance = { ...glance, lookedAt: glance.now, looks: glance.looks + 1 };
    try {
      if (await options.sessionEnded()) end(endReason('session-ended'));
    } catch (cause) {
      // The next look comes by itself, and the stall limit in the end.
      options.log.warn('The session could not be looked up', { recordId: options.recording.recordId, cause });
    }
  };

  const timer = setInterval(() => {
    const now = performance.now();
    const bytes = gate?.bytesRead() ?? outputs.receivedBytes();
    const came = bytes > lastBytes;
    lastBytes = bytes;
    glance = {
      ...glance,
      now,
      unstoredBytes: outputs.unstoredBytes(),
      ...(came ? { lastByteAt: now, looks: 0 } : {}),
    };
    const verdict = watch(glance);
    if (verdict === 'look-up-session') void lookUpSession();
    else if (verdict !== 'go-on') end(endReason(verdict satisfies EndCode));
  }, WATCH_INTERVAL_MS);

  const onStop = (): void => {
    const why: unknown = options.stop.reason;
    if (isReason(why)) end(why);
    else {
      outputs.abandon();
      ffmpeg.kill();
    }
  };
  options.stop.addEventListener('abort', onStop, { once: true });
  if (options.stop.aborted) onStop();

  return {
    reason: () => reason,
    end,
    stop: () => {
      clearInterval(timer);
      options.stop.removeEventListener('abort', onStop);
    },
  };
};

/** One uninterrupted run of ffmpeg for a recording, from connecting to its last file closed. */
export const runCapture = async (options: CaptureOptions): Promise<CaptureOutcome> => {
  const { recording, capture, sink, policy, log } = options;
  let input: Input;
  try {
    input = await openInput(parseSource(recording.plan.sourceUrl, recording), policy);
  } catch (error) {
    return { reason: failedToOpen(error), receivedMedia: false };
  }

  const media = Promise.withResolvers<Media>();
  let onCodecChange = (): void => undefined;
  const outputs = await openOutputs({
    ...options,
    startedAt: new Date(),
    media: media.promise,
    onCodecChange: () => onCodecChange(),
  }).catch((error: unknown) => {
    input.gate?.close();
    throw error;
  });
  const session = sink.open((path, request) => outputs.receive(path, request));
  const ffmpeg = startFfmpeg(ffmpegArgs(input.args, teeOutputs(recording.plan, session.url)));
  const supervision = supervise(options, input, ffmpeg, outputs);
  onCodecChange = () => supervision.end(endReason('codec-changed'));
  void ffmpeg.media.then((found) => {
    media.resolve(found);
    options.onStarted(found);
  });

  const exit = await ffmpeg.exited;
  supervision.stop();
  input.gate?.close();
  // It may have gone before it knew; nobody must wait for that for ever.
  media.resolve({});
  await session.idle();
  session.close();

  const sessionEnded = (): Promise<boolean> =>
    options.sessionEnded().catch((cause: unknown) => {
      // The files are still to be closed, whatever the reason will be.
      log.warn('The session could not be looked up', { recordId: recording.recordId, cause });
      return false;
    });
  const receivedMedia = outputs.receivedBytes() > 0;
  const reason = withLosses(
    supervision.reason() ??
      reasonOfExit(exit, await sessionEnded(), input.gate?.endedBySource() ?? exit.code === 0, receivedMedia),
    exit,
    receivedMedia,
  );
  log.info('A capture ended', { recordId: recording.recordId, capture, reason, ffmpeg: exit });
  await outputs.close(
    reason.code === 'session-ended' ? undefined : reason,
    hlsStaysOpen(recording.plan, reason.code),
  );
  return { reason, receivedMedia };
};
