import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type Publication, publish } from '../support/publisher.ts';

export const FRAMES_PER_SECOND = 30;
export const GROUP_FRAMES = 60;
/** Pictures and sound both fill eight seconds exactly, so that repetitions join without a gap. */
export const LOOP_SECONDS = 8;
const SAMPLE_RATE = 48_000;
const AAC_FRAME_SAMPLES = 1024;

/** One track of a recording, read packet by packet without decoding. */
export interface Track {
  readonly sizes: readonly number[];
  /** Of the step from one packet to the next, the most that it differs from the length of a frame; in milliseconds. */
  readonly unevenMs: number;
}

export interface Packets {
  readonly video: Track;
  readonly audio: Track;
  readonly seconds: number;
}

const createTrack = (frameMs: number) => {
  const sizes: number[] = [];
  let last: number | undefined;
  let unevenMs = 0;
  return {
    add: (ptsMs: number, size: number): void => {
      sizes.push(size);
      if (last !== undefined) unevenMs = Math.max(unevenMs, Math.abs(ptsMs - last - frameMs));
      last = ptsMs;
    },
    end: (): Track => ({ sizes, unevenMs }),
  };
};

/** Reads all packets of a file, playlist or URL. @throws what ffprobe said, when it failed */
export const readPackets = async (input: string): Promise<Packets> => {
  const show = ['-show_entries', 'packet=codec_type,pts_time,size:format=duration', '-of', 'csv'];
  const ffprobe = spawn('ffprobe', ['-v', 'error', ...show, input], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(ffprobe, 'exit');
  let complaints = '';
  ffprobe.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const video = createTrack(1000 / FRAMES_PER_SECOND);
  const audioFrameMs = (1000 * AAC_FRAME_SAMPLES) / SAMPLE_RATE;
  const audio = createTrack(audioFrameMs);
  let seconds = 0;
  for await (const line of createInterface({ input: ffprobe.stdout })) {
    const [section, first, pts, size] = line.split(',');
    if (section === 'format') seconds = Number(first);
    else if (section === 'packet') (first === 'video' ? video : audio).add(Number(pts) * 1000, Number(size));
  }
  const [code] = await exited;
  // Alone, a complaint is one of the decoder's, which is not asked here: what is lost shows in the packets.
  if (code !== 0) throw new Error(`ffprobe could not read a recording: ${complaints.slice(0, 500)}`);
  const found = { video: video.end(), audio: audio.end() };
  // ADTS has no duration, and ffprobe only guesses one from the bitrate.
  if (found.video.sizes.length === 0) seconds = (found.audio.sizes.length * audioFrameMs) / 1000;
  return { ...found, seconds };
};

export interface LoopOptions {
  readonly size: string;
  /** In a second, constant. */
  readonly kilobits: number;
}

/** What is pushed, over and over. */
export interface Loop {
  readonly path: string;
  readonly packets: Packets;
}

/** 720p at 4 Mb/s, unless it is to be something else. */
export const makeLoop = async (
  folder: string,
  { size, kilobits }: LoopOptions = { size: '1280x720', kilobits: 4000 },
): Promise<Loop> => {
  const rate = `${kilobits}k`;
  const path = join(folder, 'loop.flv');
  const picture = `testsrc2=size=${size}:rate=${FRAMES_PER_SECOND}:duration=${LOOP_SECONDS}`;
  const tone = `sine=frequency=440:sample_rate=${SAMPLE_RATE}:duration=${LOOP_SECONDS}`;
  const soundFrames = String((LOOP_SECONDS * SAMPLE_RATE) / AAC_FRAME_SAMPLES);
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', tone],
    ...'-c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf 0 -sc_threshold 0'.split(' '),
    ...['-g', String(GROUP_FRAMES), '-keyint_min', String(GROUP_FRAMES)],
    ...['-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', rate],
    ...['-x264-params', 'nal-hrd=cbr'],
    // The encoder's delay would make one frame too many.
    ...['-c:a', 'aac', '-b:a', '128k', '-frames:a', soundFrames, path],
  ]);
  return { path, packets: await readPackets(path) };
};

/** Pushes a loop `times` times without a break, at most `rate` times as fast as real time. */
export const push = (loop: Loop, url: string, times: number, rate = 1): Publication =>
  publish(loop.path, url, rate, times);
