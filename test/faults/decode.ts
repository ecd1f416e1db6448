import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { segmentUrls } from '../support/recorded.ts';

/** What a decoder makes of something recorded. */
export interface Decoded {
  /** A hash of each picture, in order. */
  readonly pictures: readonly string[];
  /** What the decoder had to say against it; empty: nothing. */
  readonly complaints: string;
}

/** Reads an object. @throws when there is none */
export type Reader = (key: string) => Promise<Buffer>;

const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;
const MOST_COMPLAINT = 200;

const decodeFile = (path: string): Promise<Decoded> =>
  new Promise((resolve) => {
    const decode = ['-map', '0:v:0', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'];
    execFile(
      'ffmpeg',
      ['-v', 'error', '-nostdin', '-i', path, ...decode],
      { maxBuffer: MOST_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
        const complaints = (stderr.trim() || (error?.message ?? '')).slice(0, MOST_COMPLAINT);
        resolve({ pictures: lines.map((line) => line.split(',')[5]?.trim() ?? ''), complaints });
      },
    );
  });

export const readerOf =
  (client: S3Client, bucket: string): Reader =>
  async (key) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };

/** Decodes an object, or several as one. */
const decodeKeys = async (keys: readonly string[], read: Reader, folder: string): Promise<Decoded> => {
  const path = join(folder, randomUUID());
  try {
    await writeFile(path, await Promise.all(keys.map(read)));
    return await decodeFile(path);
  } catch (error) {
    return { pictures: [], complaints: `${keys[0]}: ${error}` };
  } finally {
    await rm(path, { force: true });
  }
};

/** Keys of a playlist's segments, in its order. */
export const segmentKeys = (key: string, playlist: string): string[] =>
  segmentUrls(playlist).map((uri) => join(dirname(key), decodeURIComponent(uri)));

/** Decodes a file as it lies in its bucket; a playlist run by run between its discontinuities. */
export const decodeStored = async (
  { key, format }: { key: string; format: string },
  read: Reader,
  folder: string,
): Promise<Decoded> => {
  if (format !== 'hls') return decodeKeys([key], read, folder);
  const playlist = (await read(key)).toString();
  const runs = playlist.split('#EXT-X-DISCONTINUITY\n').map((run) => segmentKeys(key, run));
  const decoded: Decoded[] = [];
  for (const run of runs) if (run.length > 0) decoded.push(await decodeKeys(run, read, folder));
  const complaints = decoded.map((one) => one.complaints).filter((text) => text !== '');
  if (!playlist.endsWith('#EXT-X-ENDLIST\n')) complaints.push('the playlist has no end');
  return { pictures: decoded.flatMap(({ pictures }) => pictures), complaints: complaints.join('; ') };
};

/** The pictures of a source. @throws when it does not decode, or two of them are alike */
export const picturesOf = async (path: string): Promise<readonly string[]> => {
  const { pictures, complaints } = await decodeFile(path);
  if (complaints !== '') throw new Error(`The source does not decode: ${complaints}`);
  if (new Set(pictures).size !== pictures.length) throw new Error('Two pictures of the source are alike');
  return pictures;
};
