import { SPRITE_COLUMNS, SPRITE_THUMBNAILS } from '../../shared/thumbnails/sprite.ts';
import { runFfmpeg } from '../capture/run-ffmpeg.ts';

/** Makes pictures, one after the other for all recordings, behind everything else that this machine does. */
export interface Pictures {
  /** The picture of a key frame, in MPEG-TS, so wide; as JPEG. Rejects when it cannot be decoded. */
  thumbnail(keyFrame: Buffer, width: number): Promise<Buffer>;
  /** JPEGs of one size as a grid. */
  sprite(thumbnails: readonly Buffer[]): Promise<Buffer>;
}

/** Of one picture; a machine that is so busy has better things to do. */
const PATIENCE_MS = 10_000;
/** JPEG as ffmpeg grades it, from 2 (best) to 31. */
const QUALITY = '6';
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

const run = async (input: Buffer, args: readonly string[], timeoutMs: number): Promise<Buffer> => {
  const output = await runFfmpeg(args, { input, timeoutMs, mostBytes: MOST_OUTPUT_BYTES });
  if (output.length === 0) throw new Error('ffmpeg made no picture');
  return output;
};

const jpeg = (filter: string): string[] => [
  ...['-an', '-frames:v', '1', '-vf', filter, '-threads', '1', '-filter_threads', '1'],
  ...['-c:v', 'mjpeg', '-q:v', QUALITY, '-f', 'mjpeg', 'pipe:1'],
];

export const createPictures = (patienceMs = PATIENCE_MS): Pictures => {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (input: Buffer, args: readonly string[]): Promise<Buffer> => {
    const done = last.then(() => run(input, args, patienceMs));
    last = done.catch(() => undefined);
    return done;
  };
  return {
    thumbnail: (keyFrame, width) =>
      inTurn(keyFrame, [
        ...['-threads', '1', '-f', 'mpegts', '-fpsprobesize', '0', '-analyzeduration', '0', '-i', 'pipe:0'],
        // Anamorphic pictures are shown as they are meant.
        ...jpeg(`scale=${width}:'max(2,trunc(${width}/dar/2+0.5)*2)':flags=area,setsar=1,format=yuvj420p`),
      ]),
    sprite: async (thumbnails) => {
      if (thumbnails.length > SPRITE_THUMBNAILS) throw new Error('These are too many for a sprite');
      const rows = Math.ceil(thumbnails.length / SPRITE_COLUMNS);
      const columns = Math.min(SPRITE_COLUMNS, thumbnails.length);
      return inTurn(Buffer.concat(thumbnails), [
        ...['-threads', '1', '-f', 'image2pipe', '-c:v', 'mjpeg', '-i', 'pipe:0'],
        ...jpeg(`tile=${columns}x${rows}`),
      ]);
    },
  };
};
