import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** @returns what it printed. @throws when it fails, or complains of the media */
const ffmpeg = async (args: readonly string[]): Promise<string> => {
  const { stdout, stderr } = await run('ffmpeg', ['-v', 'error', '-nostdin', ...args], {
    maxBuffer: MOST_OUTPUT_BYTES,
  });
  if (stderr !== '') throw new Error(`ffmpeg ${args.join(' ')}: ${stderr.slice(0, 2000)}`);
  return stdout;
};

export const FRAMES_PER_SECOND = 25;
/** Of the sources' groups of pictures. */
export const KEY_FRAME_SECONDS = 2;

export interface SourceOptions {
  readonly seconds: number;
  readonly size?: string;
  /** Of x264. */
  readonly video?: readonly string[] | false;
  readonly audio?: boolean;
  /** Applied to the test picture. */
  readonly filter?: string;
}

/**
 * Makes a stream to be pushed: a test picture in which no two frames are alike, and a tone.
 * @returns the path of an FLV
 */
export const makeSource = async (folder: string, name: string, options: SourceOptions): Promise<string> => {
  const { seconds, size = '320x180', video = [], audio = true, filter } = options;
  const path = join(folder, `${name}.flv`);
  const picture = `testsrc2=size=${size}:rate=${FRAMES_PER_SECOND}:duration=${seconds}`;
  const tone = `sine=frequency=440:sample_rate=48000:duration=${seconds}`;
  const group = String(FRAMES_PER_SECOND * KEY_FRAME_SECONDS);
  await ffmpeg([
    ...(video === false
      ? []
      : ['-f', 'lavfi', '-i', filter === undefined ? picture : `${picture},${filter}`]),
    ...(audio ? ['-f', 'lavfi', '-i', tone, '-c:a', 'aac', '-b:a', '64k'] : []),
    ...(video === false
      ? []
      : [
          '-c:v',
          'libx264',
          '-preset',
          'ultrafast',
          '-pix_fmt',
          'yuv420p',
          '-g',
          group,
          '-keyint_min',
          group,
        ]),
    ...(video === false ? [] : ['-sc_threshold', '0', ...video]),
    path,
  ]);
  return path;
};

const hashes = (framemd5: string): string[] =>
  framemd5
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    // Hashes of side data follow that of the packet.
    .map((line) => line.split(',')[5]?.trim() ?? '');

/** Hashes of the decoded pictures, in order of presentation. @throws when the decoder complains */
export const videoFrames = async (input: string): Promise<string[]> =>
  hashes(await ffmpeg(['-i', input, '-map', '0:v:0', '-fps_mode', 'passthrough', '-f', 'framemd5', '-']));

/** As `videoFrames`, of the first `count` that a player shows; of a live playlist they are near its end. */
export const firstFrames = async (input: string, count: number): Promise<string[]> => {
  const decode = ['-map', '0:v:0', '-fps_mode', 'passthrough', '-frames:v', String(count)];
  return hashes(await ffmpeg(['-i', input, ...decode, '-f', 'framemd5', '-']));
};

/** Hashes of the AAC packets, without what a container puts around them. */
export const audioPackets = async (input: string): Promise<string[]> =>
  hashes(
    await ffmpeg([
      '-i',
      input,
      '-map',
      '0:a:0',
      '-c',
      'copy',
      '-bsf:a',
      'aac_adtstoasc',
      '-f',
      'framemd5',
      '-',
    ]),
  );

/** Hash of the picture that a player shows after seeking to the time stamp `seconds`. */
export const frameAt = async (input: string, seconds: number): Promise<string | undefined> => {
  const decode = ['-map', '0:v:0', '-fps_mode', 'passthrough', '-frames:v', '1', '-f', 'framemd5', '-'];
  return hashes(await ffmpeg(['-seek_timestamp', '1', '-ss', String(seconds), '-i', input, ...decode]))[0];
};

export interface Packet {
  readonly pts: number;
  readonly key: boolean;
}

/** Seconds and key flags of the packets of a file's first track of a kind, in the order of the file. */
export const packets = async (input: string, kind: 'v' | 'a'): Promise<Packet[]> => {
  const show = ['-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', `${kind}:0`, ...show, input], {
    maxBuffer: MOST_OUTPUT_BYTES,
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [pts = '', flags = ''] = line.split(',');
      return { pts: Number(pts), key: flags.startsWith('K') };
    });
};

/** Codecs of an input's streams, such as `['h264', 'aac']`; the input may be a URL. */
export const codecs = async (input: string): Promise<string[]> => {
  const show = ['-show_entries', 'stream=codec_name', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...show, input]);
  return [...new Set(stdout.split('\n').map((line) => line.replace(/,.*$/, '').trim()))].filter(
    (name) => name !== '',
  );
};
