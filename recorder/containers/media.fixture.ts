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

/** MD5 of each decoded picture, from where options in front of the file send a player. @throws when it has no video */
export function videoFrames(path: string, ...before: readonly string[]): string[] {
  return hashesOf(before, path).pictures();
}

/** MD5 of each packet of a stream as it is stored. @throws when the file has none of the kind */
export function packets(path: string, stream: 'v' | 'a'): string[] {
  return hashesOf([], path)[stream]();
}

/** MD5 of each decoded picture. @throws what the decoder says against any of them */
export function flawlessFrames(path: string): string[] {
  const frames = flawless.get(path) ?? flawlessFramesOfEach([path])[0] ?? [];
  flawless.set(path, frames);
  return frames;
}

const flawless = new Map<string, string[]>();

/** As `flawlessFrames`, of several files at once. */
export function flawlessFramesOfEach(paths: readonly string[]): string[][] {
  const inputs = paths.flatMap((path) => ['-i', path]);
  const tracks = paths.flatMap((_, index) => ['-map', `${index}:v:0`]);
  const decode = ['-nostdin', ...inputs, ...tracks, '-vsync', 'passthrough', '-f', 'framemd5', '-'];
  const { stdout, stderr } = spawnSync('ffmpeg', ['-v', 'error', ...decode], {
    maxBuffer: MAX_OUTPUT,
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  const frames = framesOf(stdout);
  return paths.map((_, index) =>
    frames.filter(({ track }) => track === String(index)).map(({ hash }) => hash),
  );
}

/** Presentation times of a stream's packets, in seconds, in the order of presentation. */
export function packetTimes(path: string, stream: 'v' | 'a'): number[] {
  return probe(path)
    .packets.filter(({ codec_type }) => codec_type === KINDS[stream])
    .map(({ pts_time }) => Number(pts_time))
    .sort((a, b) => a - b);
}

export interface ProbedStream {
  readonly codec_type: 'video' | 'audio';
  readonly codec_name: string;
  readonly start_time: string;
  readonly nb_read_frames: string;
  readonly nb_frames?: string;
}

export function probeFile(path: string): { duration: number; streams: ProbedStream[] } {
  const { format, streams } = probe(path);
  return { duration: Number(format.duration), streams };
}

interface Probed {
  readonly format: { readonly duration: string };
  readonly streams: ProbedStream[];
  readonly packets: readonly { readonly codec_type: string; readonly pts_time: string }[];
}

/** To start either program costs more than it does, so one question has all answers; files do not change, so it is asked once. */
const answers = new Map<string, string>();

function ask(program: 'ffmpeg' | 'ffprobe', args: readonly string[]): string {
  const key = [program, ...args].join(' ');
  const answer =
    answers.get(key) ?? execFileSync(program, ['-v', 'error', ...args], { maxBuffer: MAX_OUTPUT }).toString();
  answers.set(key, answer);
  return answer;
}

function probe(path: string): Probed {
  const entries = 'packet=codec_type,pts_time:stream:format';
  return JSON.parse(ask('ffprobe', ['-count_frames', '-show_entries', entries, '-of', 'json', path]));
}

const KINDS = { v: 'video', a: 'audio' } as const;

/** Of the first video and audio of a file: each packet, and each picture. They throw when it has none of them. */
interface Hashes {
  readonly v: () => string[];
  readonly a: () => string[];
  readonly pictures: () => string[];
}

function hashesOf(before: readonly string[], path: string): Hashes {
  const tracks = ['-map', '0:v:0?', '-map', '0:a:0?', '-map', '0:v:0?', '-c', 'copy', '-c:v:1', 'rawvideo'];
  const output = [...tracks, '-vsync', 'passthrough', '-f', 'framemd5', '-'];
  const printed = ask('ffmpeg', ['-nostdin', ...before, '-i', path, ...output]);
  const tracksOf = (kind: string): string[] =>
    [...printed.matchAll(new RegExp(`^#media_type (\\d+): ${kind}$`, 'gm'))].map(([, track = '']) => track);
  const [audio] = tracksOf(KINDS.a);
  const [video, pictures] = tracksOf(KINDS.v);
  const frames = framesOf(printed);
  const of = (kind: string, track: string | undefined): string[] => {
    if (track === undefined) throw new Error(`${path} has no ${kind}`);
    return frames.filter((frame) => frame.track === track).map(({ hash }) => hash);
  };
  return {
    v: () => of(KINDS.v, video),
    a: () => of(KINDS.a, audio),
    pictures: () => of(KINDS.v, pictures),
  };
}

function framesOf(framemd5: string): { track: string; hash: string }[] {
  const frames = framemd5.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return frames.map((line) => ({
    track: line.slice(0, line.indexOf(',')),
    hash: line.slice(line.lastIndexOf(',') + 1).trim(),
  }));
}
