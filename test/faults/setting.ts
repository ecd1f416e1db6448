import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
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

const PICTURES = 'pictures.json';

const keptIn = async (folder: string): Promise<Source | undefined> => {
  try {
    const pictures = picturesSchema.parse(JSON.parse(await readFile(join(folder, PICTURES), 'utf8')));
    return { path: join(folder, 'source.flv'), pictures };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Small pictures at 4 Mb/s: parts fill within seconds, and decoding is cheap. */
export const makeFrames = async ({ folder, sources }: Setting, seconds: number): Promise<Source> => {
  const kept = join(sources, `${seconds}-seconds`);
  const found = await keptIn(kept);
  if (found !== undefined) return found;
  const made = await mkdtemp(join(folder, 'source-'));
  const video = ['-b:v', '4M', '-minrate', '4M', '-maxrate', '4M', '-bufsize', '4M'];
  const path = await makeSource(made, 'source', { seconds, size: '640x360', video });
  await writeFile(join(made, PICTURES), JSON.stringify(await picturesOf(path)));
  try {
    await rename(made, kept);
  } catch (error) {
    // Another case made the same meanwhile, and no two are alike: its frames are those of its own list.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  const source = await keptIn(kept);
  if (source === undefined) throw new Error(`There is no source in ${kept}`);
  return source;
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
