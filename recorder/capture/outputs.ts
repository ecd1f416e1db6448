import type { IncomingMessage } from 'node:http';
import { loadHls } from '../../shared/closing/hls-journal.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Media, Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Files } from '../../shared/table/files.ts';
import { openContainer, type StreamFormat } from '../containers/open.ts';
import { MediaBuffer, type Taken } from '../files/media-buffer.ts';
import { MediaFile } from '../files/media-file.ts';
import type { FileNamer } from '../files/namer.ts';
import type { Log } from '../log.ts';
import { HlsFile, type HlsFilePorts } from '../outputs/hls-file.ts';
import { HlsOutput } from '../outputs/hls-output.ts';
import { StreamOutput } from '../outputs/stream-output.ts';

export interface OutputsOptions {
  readonly recording: Recording;
  readonly capture: number;
  readonly startedAt: Date;
  readonly namer: FileNamer;
  readonly files: Files;
  readonly ports: HlsFilePorts;
  readonly log: Log;
  /** What the stream carries, as soon as ffmpeg knows. */
  readonly media: Promise<Media>;
  onCodecChange(): void;
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
  unstoredBytes(): number;
  /** Closes every file; `hlsStaysOpen` leaves the playlist for the capture that goes on with it. */
  close(reason: Reason | undefined, hlsStaysOpen: boolean): Promise<void>;
  /** Writes nothing any more: the recording has another owner. */
  abandon(): void;
}

const MINUTE_MS = 60_000;

// The MP4 timeline may lie a few frames beside FLV's; a key frame is never this close behind another.
const CODEC_CHANGE_MARGIN_MS = 50;

// Behind the last media before the jump, of every format.
const TIME_JUMP_MARGIN_MS = 900;

const openHls = async (options: OutputsOptions): Promise<HlsOutput | undefined> => {
  const { recording, capture, startedAt, namer, files, ports } = options;
  const hls = recording.plan.formats.hls;
  if (hls === undefined) return undefined;
  const fileAt = (start: ConstructorParameters<typeof HlsFile>[0]) =>
    new HlsFile(start, capture, hls.segmentSeconds, ports);
  const open = (await files.list(recording.recordId)).find(
    (file) => file.format === 'hls' && file.state === 'recording',
  );
  let adopted: HlsFile | undefined;
  if (open !== undefined) {
    const file = { ...open, epoch: recording.epoch };
    await ports.ledger.adopted(file, open.epoch);
    const state = await ports.persistently(() => loadHls(ports.store, open.key));
    adopted = fileAt({ file, opened: false, ...state });
  }
  return new HlsOutput({
    ...(adopted === undefined ? {} : { adopted }),
    maxSeconds: hls.segmentation === undefined ? Number.POSITIVE_INFINITY : hls.segmentation * 60,
    startedAt: () => startedAt,
    openFile: (startSeconds) =>
      fileAt({
        file: namer.next('hls', new Date(startedAt.getTime() + startSeconds * 1000)),
        opened: true,
        playlist: { targetDuration: 0, segments: [], ended: false },
        etag: undefined,
        sizeBytes: 0,
      }),
  });
};

export const openOutputs = async (options: OutputsOptions): Promise<CaptureOutputs> => {
  const { recording, startedAt, namer, ports, log } = options;
  const { formats } = recording.plan;
  const streams = new Map<string, StreamOutput>();
  const hls = await openHls(options);
  const received = new Map<string, number>();
  const count = (output: string, { length }: Buffer): void => {
    received.set(output, (received.get(output) ?? 0) + length);
  };
  let lastKeyFrameAt: number | undefined;
  const onKeyFrame = (): void => {
    lastKeyFrameAt = Date.now();
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
      onCodecChange: (timeMs) => {
        for (const each of streams.values())
          each.stopBefore(timeMs - CODEC_CHANGE_MARGIN_MS, endReason('codec-changed'));
        options.onCodecChange();
      },
      onKeyFrame,
      onTimeJump: (fromMs, toMs) => {
        for (const each of streams.values())
          each.stopBefore(fromMs + TIME_JUMP_MARGIN_MS, endReason('time-jumped'));
        options.onTimeJump(fromMs, toMs);
      },
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
    output: StreamOutput,
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

  const receiveWhole = (request: IncomingMessage): Promise<Taken | undefined> =>
    new Promise((resolve) => {
      const media = new MediaBuffer();
      request.on('data', (chunk: Buffer) => {
        count('hls', chunk);
        media.append(chunk);
      });
      request.on('error', () => request.destroy());
      request.on('close', () => resolve(request.complete ? media.take(media.length) : undefined));
    });

  const isWanted = async (format: string): Promise<boolean> =>
    format !== 'aac' || formats.aac?.when === 'always' || (await options.media).videoCodec === undefined;

  return {
    receive: async (path, request) => {
      const output = streams.get(path);
      if (output !== undefined) return receiveStream(path, output, request, isWanted(path));
      if (hls === undefined || !path.startsWith('hls/')) return drain(request);
      const received = await receiveWhole(request);
      if (received === undefined) return;
      try {
        if (path.endsWith('.m3u8')) {
          hls.playlist(Buffer.concat(received.buffers).toString());
          received.release();
        } else {
          hls.segment(path.slice('hls/'.length), received);
          // A segment is complete when the key frame that begins the next one has come.
          onKeyFrame();
        }
      } catch (cause) {
        log.error('An output could not be parsed', { recordId: recording.recordId, format: 'hls', cause });
      }
    },
    receivedBytes: () => Math.max(0, ...received.values()),
    recordedSeconds: () =>
      Math.max(
        hls?.recordedSeconds ?? 0,
        ...[...streams.values()].map(({ recordedSeconds }) => recordedSeconds),
      ),
    lastKeyFrameAt: () => lastKeyFrameAt,
    unstoredBytes: () =>
      [...streams.values()].reduce((sum, output) => sum + output.unstoredBytes, hls?.unstoredBytes ?? 0),
    close: async (reason, hlsStaysOpen) => {
      await Promise.all([
        ...[...streams.values()].map((output) => output.close(reason)),
        hls?.close(hlsStaysOpen),
      ]);
    },
    abandon: () => {
      for (const output of streams.values()) output.abandon();
      hls?.abandon();
    },
  };
};
