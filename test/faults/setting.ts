import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '../../client/index.ts';
import { LOCAL_DOMAIN } from '../../local/bootstrap.ts';
import { createStopper, type Stopper } from '../../local/stopper.ts';
import { bind, makeTemplate } from '../support/configure.ts';
import { makeSource } from '../support/media.ts';
import { picturesOf } from './decode.ts';
import { SEGMENT_SECONDS } from './fault-case.ts';

/** Where one case is played. */
export interface Setting {
  /** For whatever is written, the data folder of the run included. */
  readonly folder: string;
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

/** Small pictures at 4 Mb/s: parts fill within seconds, and decoding is cheap. */
export const makeFrames = async (folder: string, seconds: number): Promise<Source> => {
  const video = ['-b:v', '4M', '-minrate', '4M', '-maxrate', '4M', '-bufsize', '4M'];
  const path = await makeSource(folder, 'source', { seconds, size: '640x360', video });
  return { path, pictures: await picturesOf(path) };
};

export const FORMATS = ['hls', 'mp4', 'flv'] as const;

/** Has every stream of the application `live` recorded in all formats that the bench looks at. */
export const configure = async (apiUrl: string, token: string): Promise<Client> => {
  const api = createClient({ url: apiUrl, token });
  const templateId = await makeTemplate(api, 'faults', {
    hls: { segmentSeconds: SEGMENT_SECONDS },
    mp4: {},
    flv: {},
  });
  await bind(api, { domain: LOCAL_DOMAIN, app: 'live', templateId });
  return api;
};

/** Runs `play` in a folder of its own and clears up, unless `keep` says that somebody wants to look at it. */
export const withSetting = async <Result>(
  options: { seed: number; keep: boolean; say: Setting['say'] },
  play: (setting: Setting) => Promise<Result>,
): Promise<Result> => {
  const { seed, keep, say } = options;
  const folder = await mkdtemp(join(tmpdir(), 'streamkeep-faults-'));
  const stopper = createStopper();
  if (keep) say(`everything is kept in ${folder}`);
  else stopper.add(() => rm(folder, { recursive: true, force: true }));
  try {
    return await play({ folder, seed, stopper, say });
  } finally {
    await stopper.stop().catch((error: unknown) => {
      stopper.kill();
      say(`not everything could be stopped: ${error}`);
    });
  }
};
