import { open, rename, rm } from 'node:fs/promises';
import { CliError } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Download } from './plan.ts';

const bodyOf = async ({ fetch }: Pick<Io, 'fetch'>, url: string): Promise<Response> => {
  const response = await fetch(new Request(url));
  if (response.ok) return response;
  await response.body?.cancel();
  throw new CliError(`${new URL(url).pathname} was answered with ${response.status}.`);
};

/** URLs of what a file consists of: itself, or the segments of its playlist in order. */
const partsOf = async (io: Pick<Io, 'fetch'>, { file, url }: Download): Promise<string[]> => {
  if (file.format !== 'hls') return [url];
  const playlist = await (await bodyOf(io, url)).text();
  return playlist
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => new URL(line, url).href);
};

/**
 * Writes one file to `path`, in constant memory. A file that is not whole never has its name.
 * @param onBytes told how many have come so far
 * @throws CliError when its storage does not answer with it
 */
export const fetchFile = async (
  io: Pick<Io, 'fetch'>,
  download: Download,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<void> => {
  const partial = `${path}.part`;
  const handle = await open(partial, 'w');
  try {
    let bytes = 0;
    for (const url of await partsOf(io, download)) {
      const { body } = await bodyOf(io, url);
      for await (const chunk of body ?? []) {
        await handle.writeFile(chunk);
        bytes += chunk.length;
        onBytes(bytes);
      }
    }
    await handle.close();
    await rename(partial, path);
  } catch (error) {
    await handle.close();
    await rm(partial, { force: true });
    throw error;
  }
};
