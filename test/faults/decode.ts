import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { segmentUrls } from '../support/recorded.ts';

/** What a decoder makes of something recorded. */
export interface Decoded {
  /** A hash of each picture, in order. */
  readonly pictures: readonly string[];
  /** What the decoder had to say against it; empty: nothing. */
  readonly complaints: string;
}

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

const bytesAt = async (url: string): Promise<Buffer> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
};

/** Decodes a file, or the bytes of several as one. */
const decodeUrls = async (urls: readonly string[], folder: string): Promise<Decoded> => {
  const path = join(folder, randomUUID());
  try {
    await writeFile(path, await Promise.all(urls.map(bytesAt)));
  } catch (error) {
    return { pictures: [], complaints: String(error) };
  }
  return decodeFile(path);
};

/** Decodes what a file's URL gives; a playlist run by run between its discontinuities. */
export const decodeUrl = async (url: string, format: string, folder: string): Promise<Decoded> => {
  if (format !== 'hls') return decodeUrls([url], folder);
  const playlist = (await bytesAt(url)).toString();
  const runs = playlist.split('#EXT-X-DISCONTINUITY\n').map(segmentUrls);
  const decoded: Decoded[] = [];
  for (const run of runs) if (run.length > 0) decoded.push(await decodeUrls(run, folder));
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
