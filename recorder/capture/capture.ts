import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { AddressPolicy } from '../../shared/net/address-policy.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { hlsStaysOpen } from '../../shared/recordings/machine.ts';
import type { Media, Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Files } from '../../shared/table/files.ts';
import type { FileNamer } from '../files/namer.ts';
import type { HlsMemory } from '../gate/hls/choose.ts';
import { parseSource, type Source } from '../gate/source.ts';
import type { HlsFilePorts } from '../outputs/hls-file.ts';
import type { HlsEnding } from '../outputs/hls-output.ts';
import type { Sink } from '../sink/sink.ts';
import { closeOutgrown } from '../splice/open-tape.ts';
import { openSplice } from '../splice/splice.ts';
import type { Splicing } from '../splice/splicing.ts';
import type { KeyFrames } from '../thumbnails/key-frames.ts';
import type { Arrival } from './arrival.ts';
import { type Carried, takeCarried } from './carried.ts';
import { startFfmpeg } from './ffmpeg.ts';
import { FEED_PATH, ffmpegArgs, mayBeMpegTs, teeOf, teeSlaves } from './ffmpeg-args.ts';
import { type Input, openInput } from './input.ts';
import { type LoadImages, type Making, openMaking } from './making.ts';
import { openOutputs } from './outputs.ts';
import { failedOutputs, lossText, reasonOfExit, reasonOfFailedOpen, withLosses } from './reasons.ts';
import { createRepair } from './repair.ts';
import { type SessionState, type SupervisionOptions, supervise } from './supervise.ts';

export interface CaptureOptions extends Omit<SupervisionOptions, 'recordId'> {
  readonly recording: Recording;
  readonly capture: number;
  /** Whether anything has been recorded by captures before it. */
  readonly hasMedia: boolean;
  readonly namer: FileNamer;
  readonly files: Pick<Files, 'list'>;
  readonly ports: HlsFilePorts;
  /** What the capture before has left open: the same object for each capture of a recording. */
  readonly carried: Carried;
  /** What captures before it have found out about what is to be made of the stream: the same object for each capture of a recording. */
  readonly making: Making;
  readonly images: LoadImages;
  /** Puts what its captures encode on one tape; absent: each has files of its own. */
  readonly splicing?: Splicing | undefined;
  /** It is not recorded as it should be, although it goes on. */
  onTrouble(reason: Reason): void;
  /** Takes the key frames that thumbnails are made of; absent: nobody does. */
  readonly thumbnails?: KeyFrames | undefined;
  readonly sink: Sink;
  readonly policy: AddressPolicy;
  /** What a capture of which a format cannot be read any further lasts at least, before it ends for that. @default 0 */
  readonly repairAfterMs?: number;
  /** How far an HLS source has been recorded: the same map for each capture of a recording. */
  readonly hlsMemories?: Map<string, HlsMemory>;
  /** Another recorder still records it. */
  readonly arrival?: Arrival | undefined;
  /** Aborted when another recorder has begun: the capture ends at its next key frame. */
  readonly cut?: AbortSignal | undefined;
  /**
   * After a cut: the playlist is left behind for the other recorder.
   * @param fingerprint of the key frame that was left out; undefined when it is not known
   */
  onHlsLeft?(fingerprint: string | undefined): Promise<void>;
  /** It is connected, and its files can be written. */
  onOpened(gauge: CaptureGauge): void;
  /** ffmpeg reads the stream and knows what it carries. */
  onStarted(media: Media): void;
  /** Whether another capture follows one that ends like this, and goes on with its playlist. */
  goesOn(outcome: CaptureOutcome): boolean;
  /** Whether this recorder waits for the stream to come back after one that ends like this, with its tape open. */
  waits?(outcome: CaptureOutcome): boolean;
  /** Nothing more comes; `closed` resolves when every file is stored, and may take as long as a storage is away. */
  onClosing(closed: Promise<void>): void;
}

/** How long a capture waits for the key frame that it ends at. */
const LONGEST_CUT_MS = 10_000;

/** How a capture gets on; can still be read when it is over. */
export interface CaptureGauge {
  /** From the source. */
  receivedBytes(): number;
  recordedSeconds(): number;
  /** Of the video, in milliseconds since the epoch; undefined when none has come. */
  lastKeyFrameAt(): number | undefined;
}

/** Abort reason of a recording that has another owner now. */
export const FENCED = Symbol('fenced');

export interface CaptureOutcome {
  readonly reason: Reason;
  /** Whether anything at all was recorded. */
  readonly receivedMedia: boolean;
}

/** One uninterrupted run of ffmpeg for a recording, from connecting to its end; its files are still being stored then. */
export const runCapture = async (options: CaptureOptions): Promise<CaptureOutcome> => {
  const { recording, capture, sink, policy, log } = options;
  const { recordId, plan } = recording;
  let source: Source;
  let input: Input;
  try {
    source = parseSource(plan.sourceUrl, recording);
    const sinceStart = (Date.now() - Date.parse(recording.startedAt)) / 1000;
    input = await openInput(source, policy, options.onConnected, {
      // Later captures go on from where the one before was, or from the live edge.
      age: capture === 1 ? sinceStart : undefined,
      memories: options.hlsMemories ?? new Map(),
    });
  } catch (error) {
    return { reason: reasonOfFailedOpen(error), receivedMedia: false };
  }

  const media = Promise.withResolvers<Media>();
  // What comes by RTMP can almost always be copied, and most of it is sent again to whoever connects again.
  const feeds = plan.encoding !== undefined || source.kind !== 'rtmp' || options.making.feeds;
  let hasVideo = false;
  let end = (_: Reason): void => undefined;
  const onTimeJump = (fromMs: number, toMs: number): void => {
    const [from, to] = [fromMs, toMs].map((ms) => (ms / 1000).toFixed(1));
    end(endReason('time-jumped', `They went from ${from} s to ${to} s.`));
  };
  closeOutgrown(options);
  const before = options.carried.file;
  const carried = takeCarried(options.carried);
  const onEnd = (reason: Reason): void => end(reason);
  const repair = createRepair({
    afterMs: options.repairAfterMs ?? 0,
    now: () => performance.now(),
    end: onEnd,
  });
  const closeGate = (error: unknown): never => {
    input.gate?.close();
    throw error;
  };
  const onCodecChange = (): void => end(endReason('codec-changed'));
  const splice = await openSplice({
    ...options,
    ...{ recordId, taken: carried, onCodecChange, onOutgrown: onEnd },
  }).catch(closeGate);
  const making = openMaking({
    ...options,
    ...{ splice, feeds, adts: mayBeMpegTs(source), media: media.promise, look: () => ffmpeg.look() },
  });
  const outputs =
    splice?.outputs ??
    (await openOutputs({
      ...options,
      ...{ carried, onCodecChange, onBroken: repair.broken, onTimeJump },
      startedAt: new Date(),
      copied: making.copied,
    }).catch(closeGate));
  options.onOpened({
    // SRT passes no gate.
    receivedBytes: () => input.gate?.bytesRead() ?? outputs.receivedBytes(),
    recordedSeconds: outputs.recordedSeconds,
    lastKeyFrameAt: () => (hasVideo ? outputs.lastKeyFrameAt() : undefined),
  });
  const receiveFeed = (request: IncomingMessage): Promise<void> => {
    if (splice !== undefined) request.on('data', splice.fed);
    return maker.receive(request);
  };
  const session = sink.open((path, request) =>
    path === FEED_PATH ? receiveFeed(request) : outputs.receive(path, request),
  );
  const maker = making.start(session.url, before, onEnd);
  const slaves = teeSlaves(plan, session.url, mayBeMpegTs(source), feeds);
  const ffmpeg = startFfmpeg(ffmpegArgs(input.args, teeOf(slaves)), onTimeJump);
  const supervision = supervise({ ...options, recordId }, input, ffmpeg, {
    ...outputs,
    abandon: () => {
      outputs.abandon();
      maker.kill();
    },
  });
  end = supervision.end;
  const endingOf = (outcome: CaptureOutcome): HlsEnding => {
    if (options.goesOn(outcome)) return 'next-capture';
    return hlsStaysOpen(plan, outcome.reason.code) ? 'open' : 'ended';
  };
  let fingerprint: string | undefined;
  const onCut = async (): Promise<void> => {
    // Without another key frame it ends all the same: nobody may stay for ever who leaves.
    fingerprint = await Promise.race([outputs.cutAtNextKeyFrame(), wait(LONGEST_CUT_MS, undefined)]);
    supervision.end(endReason('recorder-drained'));
  };
  options.cut?.addEventListener('abort', onCut, { once: true });
  if (options.cut?.aborted) void onCut();
  void ffmpeg.media.then(async (found) => {
    media.resolve(found);
    const { recorded, copied, recipe, leftOut } = await making.portions;
    hasVideo = recorded.videoCodec !== undefined;
    if (recipe !== undefined && !feeds) {
      // Nothing of this capture is kept; the next one can make what is missing.
      options.making.feeds = true;
      return end(endReason('codec-changed'));
    }
    if (recipe === undefined && copied.length === 0 && leftOut.length > 0)
      return end(endReason('source-unsupported', `${leftOut.map(lossText).join('; ')}.`));
    options.onStarted(found);
  });

  const exit = await ffmpeg.exited;
  repair.stop();
  supervision.stop();
  options.cut?.removeEventListener('abort', onCut);
  input.gate?.close();
  // It may have gone before it knew; nobody must wait for that for ever.
  media.resolve({});
  const ended = supervision.reason();
  if (ended?.code === 'encoder-slow') {
    // The next capture reads on while the encoder works off what this one has read.
    const outcome = { reason: ended, receivedMedia: true };
    log.info('A capture ended', { recordId, capture, reason: ended, ffmpeg: exit });
    const ending = endingOf(outcome);
    // Others are encoded with less effort, and have other settings.
    options.splicing?.release(options.carried);
    const closing = session.idle().then(() => {
      session.close();
      return { closed: outputs.close(ended, ending) };
    });
    options.stop.addEventListener('abort', () => {
      if (options.stop.reason !== FENCED) return;
      outputs.abandon();
      maker.kill();
    });
    options.carried.isLate = true;
    options.carried.file = closing.then(() => splice?.tape().left ?? carried.file);
    options.onClosing(closing.then(({ closed }) => closed));
    return outcome;
  }
  await session.idle();
  session.close();

  const look = (): Promise<SessionState> =>
    options.session().catch((cause: unknown) => {
      // The files are still to be closed, whatever the reason will be.
      log.warn('The session could not be looked up', { recordId, cause });
      return 'live';
    });
  const endedBySource = input.gate?.endedBySource() ?? exit.code === 0;
  const lookTwice = async (): Promise<SessionState> => {
    // Media were coming when ffmpeg was killed: the stream is there, and the next ffmpeg need not wait for the table.
    const isFlowing = input.gate?.endedBySource() === false && supervision.untilSilence() > 0;
    if (exit.code === undefined && isFlowing) return 'live';
    const first = await look();
    if (first !== 'ended') return first;
    // A publisher that is gone for a moment is back by then.
    await wait(supervision.untilSilence());
    return look();
  };
  const receivedMedia = outputs.receivedBytes() > 0;
  const found = {
    exit,
    lost: [
      ...failedOutputs(
        exit,
        slaves.map(({ name }) => name),
        await making.copied,
      ),
      ...(await making.lost(maker)),
      ...(splice?.tape().lost() ?? []),
    ],
    receivedMedia,
    hadMedia: options.hasMedia || receivedMedia,
  };
  const reason = withLosses(
    supervision.reason() ?? reasonOfExit(found, await lookTwice(), endedBySource),
    found,
  );
  const outcome = { reason, receivedMedia };
  log.info('A capture ended', { recordId, capture, reason, ffmpeg: exit });
  const { effort } = options.making;
  const isGoneOnWith = options.goesOn(outcome)
    ? options.splicing?.goesOnWith(effort)
    : options.waits?.(outcome) === true && options.splicing?.waitsFor(effort);
  if (splice !== undefined && isGoneOnWith === true) return outcome;
  options.splicing?.release(options.carried);
  const isLeft = options.cut?.aborted === true && reason.code === 'recorder-drained';
  // No other encoder makes the same key frame, nor puts it at the same place.
  const isEncoded = await making.isEncoded;
  const closed = outputs.close(
    reason.code === 'session-ended' ? undefined : reason,
    endingOf(outcome),
    isLeft ? () => options.onHlsLeft?.(isEncoded ? undefined : fingerprint) ?? Promise.resolve() : undefined,
  );
  if (splice === undefined) options.carried.file = carried.file;
  options.onClosing(closed);
  return outcome;
};
