import type { IncomingMessage } from 'node:http';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Media, Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Files } from '../../shared/table/files.ts';
import { openContainer, type StreamFormat } from '../containers/open.ts';
import { MediaFile } from '../files/media-file.ts';
import type { FileNamer } from '../files/namer.ts';
import type { Log } from '../log.ts';
import { HlsFile, type HlsFilePorts } from '../outputs/hls-file.ts';
import { type HlsEnding, HlsOutput, type HlsOutputOptions } from '../outputs/hls-output.ts';
import { SettingsWatch } from '../outputs/settings-watch.ts';
import { StreamOutput } from '../outputs/stream-output.ts';
import type { Arrival } from './arrival.ts';
import { SETTINGS_PATH } from './ffmpeg-args.ts';

/** The HLS file that one capture leaves to the next one of the same recorder, while it is still being stored. */
export interface CarriedHls {
  file: Promise<HlsFile | undefined>;
}

export interface OutputsOptions {
  readonly recording: Recording;
  readonly capture: number;
  readonly startedAt: Date;
  readonly namer: FileNamer;
  readonly files: Files;
  readonly ports: HlsFilePorts;
  readonly carried: CarriedHls;
  readonly log: Log;
  /** What the stream carries, as soon as ffmpeg knows. */
  readonly media: Promise<Media>;
  onCodecChange(): void;
  /** Of a format nothing more comes, or what comes cannot be read; also said when ffmpeg ends. */
  onBroken(format: string): void;
  /** Another recorder still records it; absent: nobody does. */
  readonly arrival?: Arrival | undefined;
  /** The time stamps of the stream jumped, in the timeline of the capture. */
  onTimeJump(fromMs: number, toMs: number): void;
}

/** Every output of one capture. */
export interface CaptureOutputs {
  /** Takes one request of ffmpeg's. */
  receive(path: string, request: IncomingMessage): Promise<void>;
  /** Media bytes that ffmpeg has written so far to the output that took most: about what the stream carried. */
  receivedBytes(): number;
  /** Media recorded so far: the output that has the most. */
  recordedSeconds(): number;
  /** Milliseconds since the epoch; undefined when none has come. */
  lastKeyFrameAt(): number | undefined;
  /** Whether media found no room to wait for a storage. */
  isOverflowFull(): boolean;
  /**
   * Leaves out of the playlist the next key frame and all that follows it. @returns the fingerprint of that key frame;
   * undefined when it is not known
   */
  cutAtNextKeyFrame(): Promise<string | undefined>;
  /**
   * Closes every file, and leaves the playlist as `hlsEnding` says. `onHlsClosed` need not wait for the other files.
   */
  close(reason: Reason | undefined, hlsEnding: HlsEnding, onHlsClosed?: () => Promise<void>): Promise<void>;
  /** Writes nothing any more: the recording has another owner. */
  abandon(): void;
}

const MINUTE_MS = 60_000;

// The MP4 timeline may lie a few frames beside FLV's; a key frame is never this close behind another.
const CODEC_CHANGE_MARGIN_MS = 50;

// Behind the last media before the jump, of every format.
const TIME_JUMP_MARGIN_MS = 900;

type HlsWatch = Pick<HlsOutputOptions, 'onKeyFrame' | 'onCodecChange' | 'onTimeJump'>;

const openHls = async (options: OutputsOptions, watch: HlsWatch): Promise<HlsOutput | undefined> => {
  const { recording, capture, startedAt, namer, files, ports } = options;
  const hls = recording.plan.formats.hls;
  if (hls === undefined) return undefined;
  const fileAt = (start: ConstructorParameters<typeof HlsFile>[0]) =>
    new HlsFile(start, capture, hls.segmentSeconds, ports);
  /** The file that goes on from an earlier capture. It is no longer that one's from here on. */
  const adopt = async (): Promise<HlsFile | undefined> => {
    const open = (await files.list(recording.recordId)).find(
      (file) => file.format === 'hls' && file.state === 'recording',
    );
    if (open === undefined) return undefined;
    const file = { ...open, epoch: recording.epoch };
    await ports.ledger.adopted(file, open.epoch);
    return fileAt({ file, opened: false });
  };
  const { arrival, carried } = options;
  const before = carried.file;
  /** What the capture before this one has left, or another recorder. */
  const goneOnWith = async (): Promise<HlsFile | undefined> => {
    const left = await before;
    left?.continueAs(capture);
    return left?.failed === false ? left : adopt();
  };
  const adopted = arrival === undefined ? await goneOnWith() : undefined;
  const begins = arrival?.begins.then(async (beginning) => {
    if (beginning !== undefined) return { ...beginning, adopted: await goneOnWith() };
    output.abandon();
    return {};
  });
  const output = new HlsOutput({
    ...watch,
    ...(adopted === undefined ? {} : { adopted }),
    ...(begins === undefined ? {} : { begins }),
    segmentSeconds: hls.segmentSeconds,
    monotonicNow: ports.monotonicNow,
    maxSeconds: hls.segmentation === undefined ? Number.POSITIVE_INFINITY : hls.segmentation * 60,
    startedAt: () => startedAt,
    openFile: (startSeconds) =>
      fileAt({
        file: namer.next('hls', new Date(startedAt.getTime() + startSeconds * 1000)),
        opened: true,
      }),
  });
  return output;
};

export const openOutputs = async (options: OutputsOptions): Promise<CaptureOutputs> => {
  const { recording, startedAt, namer, ports, log } = options;
  const { formats } = recording.plan;
  const streams = new Map<string, StreamOutput>();
  const received = new Map<string, number>();
  const count = (output: string, { length }: Buffer): void => {
    received.set(output, (received.get(output) ?? 0) + length);
  };
  let lastKeyFrameAt: number | undefined;
  const onKeyFrame = (): void => {
    lastKeyFrameAt = Date.now();
    options.arrival?.receiving();
  };

  const onCodecChange = (timeMs: number): void => {
    for (const each of streams.values())
      each.stopBefore(timeMs - CODEC_CHANGE_MARGIN_MS, endReason('codec-changed'));
    hls?.stopBefore(timeMs - CODEC_CHANGE_MARGIN_MS);
    options.onCodecChange();
  };
  const onTimeJump = (fromMs: number, toMs: number): void => {
    for (const each of streams.values())
      each.stopBefore(fromMs + TIME_JUMP_MARGIN_MS, endReason('time-jumped'));
    options.onTimeJump(fromMs, toMs);
  };
  const hls = await openHls(options, {
    onKeyFrame,
    onCodecChange,
    onTimeJump: (fromSeconds, toSeconds) => onTimeJump(fromSeconds * 1000, toSeconds * 1000),
  });
  const settings = new SettingsWatch(onCodecChange);
  const outputOf = (path: string): { push(chunk: Buffer): void } | undefined => {
    if (path === SETTINGS_PATH) return settings;
    return path === 'hls' ? hls : streams.get(path);
  };

  const openStream = (format: StreamFormat, maxMinutes: number): void => {
    const maxMs = maxMinutes * MINUTE_MS;
    const output = new StreamOutput({
      parser: openContainer(format),
      maxMs,
      openFile: (head, startMs) => {
        const file = namer.next(format, new Date(startedAt.getTime() + startMs));
        const initialHead = head.initialHead().toString('base64');
        return new MediaFile(namer.journaled(file, initialHead), head, maxMs / 1000, ports);
      },
      onCodecChange,
      onKeyFrame,
      onTimeJump,
      monotonicNow: ports.monotonicNow,
    });
    streams.set(format, output);
  };
  if (formats.mp4 !== undefined) openStream('mp4', formats.mp4.maxMinutes);
  if (formats.flv !== undefined) openStream('flv', formats.flv.maxMinutes);
  if (formats.aac !== undefined) openStream('aac', formats.aac.maxMinutes);

  const drain = (request: IncomingMessage): Promise<void> =>
    new Promise((resolve) => {
      request.on('close', resolve).resume();
    });

  const receiveStream = (
    format: string,
    output: { push(chunk: Buffer): void },
    request: IncomingMessage,
    wanted: Promise<boolean>,
  ): Promise<void> => {
    let broken = false;
    const push = (chunk: Buffer): void => {
      count(format, chunk);
      if (broken) return;
      try {
        output.push(chunk);
      } catch (cause) {
        // One output that cannot be understood must not take the others with it.
        broken = true;
        log.error('An output could not be parsed', { recordId: recording.recordId, format, cause });
        if (format !== SETTINGS_PATH) options.onBroken(format);
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

  const isWanted = async (format: string): Promise<boolean> =>
    format !== 'aac' || formats.aac?.when === 'always' || (await options.media).videoCodec === undefined;

  return {
    receive: async (path, request) => {
      const output = outputOf(path);
      if (output === undefined) return drain(request);
      await receiveStream(path, output, request, isWanted(path));
      if (output === hls && request.complete) hls?.finish();
      // ffmpeg has given it up, if it does not end itself now.
      if (path !== SETTINGS_PATH && received.has(path)) options.onBroken(path);
    },
    receivedBytes: () => Math.max(0, ...received.values()),
    recordedSeconds: () =>
      Math.max(
        hls?.recordedSeconds ?? 0,
        ...[...streams.values()].map(({ recordedSeconds }) => recordedSeconds),
      ),
    lastKeyFrameAt: () => lastKeyFrameAt,
    isOverflowFull: () => ports.overflow.isFull,
    cutAtNextKeyFrame: async () => hls?.cutAtNextKeyFrame(),
    close: async (reason, hlsEnding, onHlsClosed) => {
      const left = Promise.withResolvers<HlsFile | undefined>();
      if (hls !== undefined) options.carried.file = left.promise;
      await Promise.all([
        ...[...streams.values()].map((output) => output.close(reason)),
        hls?.close(hlsEnding, left.resolve).then(onHlsClosed),
      ]);
    },
    abandon: () => {
      for (const output of streams.values()) output.abandon();
      hls?.abandon();
    },
  };
};
