import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { createStopper, type Stopper } from '../../local/stopper.ts';
import { makeSource } from '../support/media.ts';
import { picturesOf } from './decode.ts';

/** Where one case is played. */
export interface Setting {
  /** For whatever is written, the data folder of the run included. */
  readonly folder: string;
  /** For streams to be pushed, which cases share. */
  readonly sources: string;
  readonly seed: number;
  readonly stopper: Stopper;
  /** Says what is going on, in one line. */
  readonly say: (line: string) => void;
}

/** A stream to be pushed, and a hash of each of its frames. */
export interface Source {
  readonly path: string;
  readonly pictures: readonly string[];
}

const picturesSchema = z.array(z.string());

/** Small pictures at 4 Mb/s: parts fill within seconds, and decoding is cheap. */
export const makeFrames = async ({ folder, sources }: Setting, seconds: number): Promise<Source> => {
  const kept = join(sources, `${seconds}-seconds`);
  const source = join(kept, 'source.flv');
  const list = join(kept, 'pictures.json');
  try {
    return { path: source, pictures: picturesSchema.parse(JSON.parse(await readFile(list, 'utf8'))) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const video = ['-b:v', '4M', '-minrate', '4M', '-maxrate', '4M', '-bufsize', '4M'];
  const path = await makeSource(folder, 'source', { seconds, size: '640x360', video });
  const pictures = await picturesOf(path);
  await mkdir(kept, { recursive: true });
  // Another case may make the same; whoever reads the list has the source.
  await rename(path, source);
  await writeFile(`${path}.json`, JSON.stringify(pictures));
  await rename(`${path}.json`, list);
  return { path: source, pictures };
};

export const FORMATS = ['hls', 'mp4', 'flv'] as const;

/** Runs `play` in a folder of its own and clears up, unless `keep` says that somebody wants to look at it. */
export const withSetting = async <Result>(
  options: { seed: number; keep: boolean; sources: string; say: Setting['say'] },
  play: (setting: Setting) => Promise<Result>,
): Promise<Result> => {
  const { seed, keep, sources, say } = options;
  const folder = await mkdtemp(join(tmpdir(), 'streamkeep-faults-'));
  const stopper = createStopper();
  if (keep) say(`everything is kept in ${folder}`);
  else stopper.add(() => rm(folder, { recursive: true, force: true }));
  try {
    return await play({ folder, sources, seed, stopper, say });
  } finally {
    await stopper.stop().catch((error: unknown) => {
      stopper.kill();
      say(`not everything could be stopped: ${error}`);
    });
  }
};
