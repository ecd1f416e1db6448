import type { IncomingMessage } from 'node:http';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Files } from '../../shared/table/files.ts';
import { openContainer, type StreamFormat } from '../containers/open.ts';
import { MediaFile } from '../files/media-file.ts';
import type { FileNamer } from '../files/namer.ts';
import type { Log } from '../log.ts';
import { HlsFile, type HlsFilePorts } from '../outputs/hls-file.ts';
import { type HlsEnding, HlsOutput, type HlsOutputOptions } from '../outputs/hls-output.ts';
import type { LeftFile } from '../outputs/left-file.ts';
import { StreamOutput } from '../outputs/stream-output.ts';
import type { KeyFrames } from '../thumbnails/key-frames.ts';
import type { Arrival } from './arrival.ts';
import type { Carried } from './carried.ts';
import { MADE_PREFIX, THUMBNAILS_PATH } from './ffmpeg-args.ts';
import { drain, receiveInto, watchesOf } from './receive.ts';

export interface OutputsOptions {
  readonly recording: Recording;
  readonly capture: number;
  readonly startedAt: Date;
  readonly namer: FileNamer;
  readonly files: Pick<Files, 'list'>;
  readonly ports: HlsFilePorts;
  readonly carried: Carried;
  readonly log: Log;
  /** The formats that are copied from the stream, as soon as ffmpeg knows what it carries. The others are made of it, or are not to be. */
  readonly copied: Promise<readonly string[]>;
  /** Takes the key frames that thumbnails are made of. */
  readonly thumbnails?: KeyFrames | undefined;
  onCodecChange(): void;
  /** What is made comes from an ffmpeg that is to last as long as they do, as what is copied. */
  readonly isSpliced?: boolean;
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
  /** Media that are not stored yet. */
  unstoredBytes(): number;
  /** Whether media found no room to wait for a storage. */
  isOverflowFull(): boolean;
  /**
   * Leaves out of the playlist the next key frame and all that follows it. @returns the fingerprint of that key frame;
   * undefined when it is not known
   */
  cutAtNextKeyFrame(): Promise<string | undefined>;
  /**
   * Closes every file, and leaves the playlist as `hlsEnding` says; for a next capture it leaves the last file of other
   * formats too. `onHlsClosed` need not wait for the other files.
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

/** @param ended takes the ends of files that earlier captures have left open */
const openHls = async (
  options: OutputsOptions,
  watch: HlsWatch,
  ended: Promise<void>[],
): Promise<HlsOutput | undefined> => {
  const { recording, capture, startedAt, namer, files, ports, arrival, carried } = options;
  const hls = recording.plan.formats.hls;
  if (hls === undefined) return undefined;
  const fileAt = (start: ConstructorParameters<typeof HlsFile>[0]) =>
    new HlsFile(start, capture, hls.segmentSeconds, ports);
  /** The file that goes on from an earlier capture. It is no longer that one's from here on. */
  const adopt = async (): Promise<HlsFile | undefined> => {
    const open = (await files.list(recording.recordId)).filter(
      ({ format, state, fileId }) => format === 'hls' && state === 'recording' && !carried.ended.has(fileId),
    );
    const adopted: HlsFile[] = [];
    for (const before of open) {
      const file = { ...before, epoch: recording.epoch };
      await ports.ledger.adopted(file, before.epoch);
      adopted.push(fileAt({ file, opened: false }));
    }
    const newest = adopted.pop();
    // A recorder was killed when it had begun the next one, and had not ended these.
    for (const file of adopted) {
      carried.ended.add(file.fileId);
      ended.push(file.close());
    }
    return newest;
  };
  const before = carried.file;
  /** What the capture before this one has left, or another recorder. */
  const takeOver = async (): Promise<HlsFile | undefined> => {
    const left = await before;
    left?.continueAs(capture);
    return left?.failed === false ? left : adopt();
  };
  const cannotGoOn = (cause: unknown) => {
    options.log.error('A playlist cannot be gone on with', { recordId: recording.recordId, cause });
    return {};
  };
  const isLate = carried.isLate === true && arrival === undefined;
  const adopted = arrival === undefined && !isLate ? await takeOver() : undefined;
  const begins = isLate
    ? takeOver()
        .then((left) => ({ adopted: left }))
        .catch(cannotGoOn)
    : arrival?.begins
        .then(async (beginning) => {
          if (beginning === undefined) {
            output.abandon();
            return {};
          }
          const adopted = await takeOver();
          // An earlier capture of this recorder has found where it begins.
          return adopted?.isUntouched === false ? { adopted } : { ...beginning, adopted };
        })
        .catch(cannotGoOn);
  const output = new HlsOutput({
    ...watch,
    ...(adopted === undefined ? {} : { adopted }),
    ...(begins === undefined ? {} : { begins }),
    segmentSeconds: hls.segmentSeconds,
    monotonicNow: ports.monotonicNow,
    maxSeconds: hls.segmentation === undefined ? Number.POSITIVE_INFINITY : hls.segmentation * 60,
    startedAt: () => startedAt,
    onEnding: ({ fileId }) => carried.ended.add(fileId),
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
  const { left } = options.carried;
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
  const ended: Promise<void>[] = [];
  const watch: HlsWatch = {
    onKeyFrame,
    onCodecChange,
    onTimeJump: (fromSeconds, toSeconds) => onTimeJump(fromSeconds * 1000, toSeconds * 1000),
  };
  const hls = await openHls(options, watch, ended);
  const watches = watchesOf(onCodecChange, options.thumbnails);

  const takeLeft = (format: StreamFormat): LeftFile | undefined => {
    const file = left.get(format);
    left.delete(format);
    return file;
  };
  const openStream = (format: StreamFormat, maxMinutes: number): void => {
    const maxMs = maxMinutes * MINUTE_MS;
    const output = new StreamOutput({
      parser: openContainer(format),
      before: takeLeft(format),
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

  const isCopied = async (format: string): Promise<boolean> => (await options.copied).includes(format);

  return {
    receive: async (path, request) => {
      const isMade = path.startsWith(MADE_PREFIX);
      const format = isMade ? path.slice(MADE_PREFIX.length) : path;
      const watch = watches.get(path);
      const output = watch ?? (format === 'hls' ? hls : streams.get(format));
      if (output === undefined) return drain(request);
      const wanted = isMade || watch !== undefined ? Promise.resolve(true) : isCopied(format);
      const { recordId } = recording;
      const onBroken = () => options.onBroken(format);
      await receiveInto(request, {
        ...{ recordId, log, format, output, wanted },
        ...(watch === undefined ? { onBytes: (chunk) => count(format, chunk), onBroken } : {}),
      });
      // The other ffmpeg may have more of the same format.
      if (!(await wanted)) return;
      if (output === hls && request.complete) hls?.finish();
      if (path === THUMBNAILS_PATH && request.complete) options.thumbnails?.finish();
      // ffmpeg has given it up, if it does not end itself now.
      const isLast = isMade === (options.isSpliced === true);
      if (watch === undefined && isLast && received.has(format)) onBroken();
    },
    receivedBytes: () => Math.max(0, ...received.values()),
    recordedSeconds: () =>
      Math.max(
        hls?.recordedSeconds ?? 0,
        ...[...streams.values()].map(({ recordedSeconds }) => recordedSeconds),
      ),
    lastKeyFrameAt: () => lastKeyFrameAt,
    unstoredBytes: () =>
      [...streams.values()].reduce((sum, { unstoredBytes }) => sum + unstoredBytes, hls?.unstoredBytes ?? 0),
    isOverflowFull: () => ports.overflow.isFull,
    cutAtNextKeyFrame: async () => hls?.cutAtNextKeyFrame(),
    close: async (reason, hlsEnding, onHlsClosed) => {
      const hlsLeft = Promise.withResolvers<HlsFile | undefined>();
      if (hls !== undefined) options.carried.file = hlsLeft.promise;
      // What an encoder makes has no counterpart in what another one does.
      const leaves = hlsEnding === 'next-capture' && recording.plan.encoding === undefined;
      const leave = (format: string) => (file: LeftFile) => left.set(format, file);
      await Promise.all([
        ...[...streams].map(([format, output]) => output.close(reason, leaves ? leave(format) : undefined)),
        hls?.close(hlsEnding, hlsLeft.resolve).then(onHlsClosed),
        ...ended,
      ]);
    },
    abandon: () => {
      for (const output of streams.values()) output.abandon();
      hls?.abandon();
    },
  };
};
