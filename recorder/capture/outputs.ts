import type { IncomingMessage } from 'node:http';
import { loadHls } from '../../shared/closing/hls-journal.ts';
import type { Media, Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Files } from '../../shared/table/files.ts';
import { openContainer, type StreamFormat } from '../containers/open.ts';
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
}

/** Every output of one capture. */
export interface CaptureOutputs {
  /** Takes one request of ffmpeg's. */
  receive(path: string, request: IncomingMessage): Promise<void>;
  /** Media bytes taken so far, all outputs together. */
  receivedBytes(): number;
  unstoredBytes(): number;
  /** Closes every file; `hlsStaysOpen` leaves the playlist for the capture that goes on with it. */
  close(reason: Reason | undefined, hlsStaysOpen: boolean): Promise<void>;
  /** Writes nothing any more: the recording has another owner. */
  abandon(): void;
}

const MINUTE_MS = 60_000;

// The MP4 timeline may lie a few frames beside FLV's; a key frame is never this close behind another.
const CODEC_CHANGE_MARGIN_MS = 50;

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
  let receivedBytes = 0;

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
        for (const each of streams.values()) each.stopBefore(timeMs - CODEC_CHANGE_MARGIN_MS);
        options.onCodecChange();
      },
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

  const receiveStream = (format: string, output: StreamOutput, request: IncomingMessage): Promise<void> =>
    new Promise((resolve) => {
      let broken = false;
      request.on('data', (chunk: Buffer) => {
        receivedBytes += chunk.length;
        if (broken) return;
        try {
          output.push(chunk);
        } catch (cause) {
          // One output that cannot be understood must not take the others with it.
          broken = true;
          log.error('An output could not be parsed', { recordId: recording.recordId, format, cause });
        }
      });
      // An abort is no error here: ffmpeg was killed, and what came before it counts.
      request.on('error', () => request.destroy());
      request.on('close', resolve);
    });

  const receiveWhole = (request: IncomingMessage): Promise<Buffer[] | undefined> =>
    new Promise((resolve) => {
      const buffers: Buffer[] = [];
      request.on('data', (chunk: Buffer) => {
        receivedBytes += chunk.length;
        buffers.push(chunk);
      });
      request.on('error', () => request.destroy());
      request.on('close', () => resolve(request.complete ? buffers : undefined));
    });

  const isWanted = async (format: string): Promise<boolean> =>
    format !== 'aac' || formats.aac?.when === 'always' || (await options.media).videoCodec === undefined;

  return {
    receive: async (path, request) => {
      const output = streams.get(path);
      if (output !== undefined) {
        return (await isWanted(path)) ? receiveStream(path, output, request) : drain(request);
      }
      if (hls === undefined || !path.startsWith('hls/')) return drain(request);
      const buffers = await receiveWhole(request);
      if (buffers === undefined) return;
      if (path.endsWith('.m3u8')) hls.playlist(Buffer.concat(buffers).toString());
      else hls.segment(path.slice('hls/'.length), buffers);
    },
    receivedBytes: () => receivedBytes,
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
