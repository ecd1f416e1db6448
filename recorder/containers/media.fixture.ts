import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerEvent, HeadBuilder } from './container.ts';
import { openContainer, type StreamFormat } from './open.ts';

/** The options that the recorder gives ffmpeg for each format. */
export const MUXERS = {
  mp4: 'f=mp4:movie_timescale=90000:movflags=frag_keyframe+delay_moov+default_base_moof+skip_trailer:frag_duration=2000000',
  flv: 'f=flv:flvflags=no_duration_filesize',
  aac: 'f=adts:select=a',
  ts: 'f=mpegts',
} satisfies Record<StreamFormat | 'ts', string>;

const MAX_OUTPUT = 256 * 1024 * 1024;

export function ffmpeg(...args: readonly string[]): Buffer {
  return execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { maxBuffer: MAX_OUTPUT });
}

/** A folder for files that ffprobe must be able to seek in, and what to do with them. */
export class MediaFolder {
  readonly #path = mkdtempSync(join(tmpdir(), 'streamkeep-containers-'));
  #files = 0;

  remove(): void {
    rmSync(this.#path, { recursive: true });
  }

  path(extension: string): string {
    return join(this.#path, `${this.#files++}.${extension}`);
  }

  write(extension: string, bytes: Buffer): string {
    const path = this.path(extension);
    writeFileSync(path, bytes);
    return path;
  }

  /** A test picture and a tone, encoded as the arguments say. */
  generate(extension: string, ...args: readonly string[]): string {
    const path = this.path(extension);
    ffmpeg(...args, '-y', path);
    return path;
  }
}

/** What the recorder's tee writes for a source. */
export function capture(source: string, format: keyof typeof MUXERS, ...codecs: readonly string[]): Buffer {
  const codec = codecs.length > 0 ? codecs : ['-c', 'copy'];
  const input = ['-tag:v', '0', '-tag:a', '0', '-i', source, '-map', '0', ...codec, '-copytb', '1'];
  // MPEG-TS has AAC in ADTS, which MP4 and FLV cannot hold.
  const filter =
    source.endsWith('.ts') && (format === 'mp4' || format === 'flv') ? ':bsfs/a=aac_adtstoasc' : '';
  return ffmpeg(...input, '-f', 'tee', `[${MUXERS[format]}${filter}]pipe\\:1`);
}

export function testSource(seconds: number, rate = '25'): string[] {
  const picture = `testsrc2=r=${rate}:s=192x108:d=${seconds}`;
  return ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', `sine=d=${seconds}:r=44100`];
}

export interface RecordedFile {
  readonly head: HeadBuilder;
  readonly initialHead: Buffer;
  readonly media: Buffer;
  readonly timeMs: number;
  readonly finished: Buffer;
}

export interface Recorded {
  readonly files: readonly RecordedFile[];
  readonly events: readonly ContainerEvent[];
  readonly dropped: number;
}

/** Records a stream like the sink does, and cuts at the first key unit after every `maxMs`. */
export function record(format: StreamFormat, chunks: Iterable<Buffer>, maxMs = Infinity): Recorded {
  const parser = openContainer(format);
  const open: { head: HeadBuilder; initialHead: Buffer; media: Buffer[]; timeMs: number }[] = [];
  const events: ContainerEvent[] = [];
  for (const chunk of chunks) {
    for (const event of parser.push(chunk)) {
      events.push(event);
      let file = open.at(-1);
      if (
        event.type === 'unit' &&
        (file === undefined || (event.key && event.timeMs - file.timeMs >= maxMs))
      ) {
        const head = parser.startFile();
        file = { head, initialHead: head.initialHead(), media: [], timeMs: event.timeMs };
        open.push(file);
      }
      if (event.type === 'media') file?.media.push(event.bytes);
    }
  }
  const dropped = parser.end();
  const files = open.map(({ head, initialHead, media, timeMs }) => {
    const joined = Buffer.concat(media);
    return {
      head,
      initialHead,
      media: joined,
      timeMs,
      finished: Buffer.concat([head.finalHead(joined.length), joined]),
    };
  });
  return { files, events, dropped };
}

/** Fixed-size pieces; copies, because the parser may write into what it is given. */
export function* chunked(bytes: Buffer, size: number): Generator<Buffer> {
  for (let position = 0; position < bytes.length; position += size) {
    yield Buffer.from(bytes.subarray(position, position + size));
  }
}

/** MD5 of each decoded picture. */
export function videoFrames(path: string, ...before: readonly string[]): string[] {
  return frameHashes([...before, '-i', path, '-map', '0:v', '-vsync', 'passthrough']);
}

/** MD5 of each decoded picture. @throws what the decoder says against any of them */
export function flawlessFrames(path: string): string[] {
  const decode = ['-map', '0:v', '-vsync', 'passthrough', '-f', 'framemd5', '-'];
  const { stdout, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, ...decode], {
    maxBuffer: MAX_OUTPUT,
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  return hashesOf(stdout);
}

/** MD5 of each packet of a stream as it is stored. */
export function packets(path: string, stream: 'v' | 'a'): string[] {
  return frameHashes(['-i', path, '-map', `0:${stream}`, '-c', 'copy']);
}

/** Presentation times of a stream's packets, in seconds, in the order of presentation. */
export function packetTimes(path: string, stream: 'v' | 'a'): number[] {
  const probed = probe(path, '-select_streams', stream, '-show_entries', 'packet=pts_time') as {
    packets: { pts_time: string }[];
  };
  return probed.packets.map(({ pts_time }) => Number(pts_time)).sort((a, b) => a - b);
}

export interface ProbedStream {
  readonly codec_type: 'video' | 'audio';
  readonly codec_name: string;
  readonly start_time: string;
  readonly nb_read_frames: string;
  readonly nb_frames?: string;
}

export function probeFile(path: string): { duration: number; streams: ProbedStream[] } {
  const probed = probe(path, '-count_frames', '-show_streams', '-show_format') as {
    format: { duration: string };
    streams: ProbedStream[];
  };
  return { duration: Number(probed.format.duration), streams: probed.streams };
}

/** Files do not change here, so every question is asked once. */
const answers = new Map<string, string>();

function ask(program: 'ffmpeg' | 'ffprobe', args: readonly string[]): string {
  const key = [program, ...args].join(' ');
  const answer =
    answers.get(key) ?? execFileSync(program, ['-v', 'error', ...args], { maxBuffer: MAX_OUTPUT }).toString();
  answers.set(key, answer);
  return answer;
}

function probe(path: string, ...args: readonly string[]): unknown {
  return JSON.parse(ask('ffprobe', [...args, '-of', 'json', path]));
}

function frameHashes(args: readonly string[]): string[] {
  return hashesOf(ask('ffmpeg', ['-nostdin', ...args, '-f', 'framemd5', '-']));
}

function hashesOf(framemd5: string): string[] {
  const frames = framemd5.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return frames.map((line) => line.slice(line.lastIndexOf(',') + 1).trim());
}
