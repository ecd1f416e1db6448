import { mkdir } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { NODE_FLAGS } from '../recorder/node-flags.ts';
import { ENV } from '../shared/constants.ts';
import { type Supervised, supervise } from './child.ts';
import type { ContainerService } from './stack/containers.ts';

/** Starts one recorder or worker as its container would run; with a folder of its own for media that wait for a storage. */
export const startRecorder = async (
  service: Pick<ContainerService, 'env'>,
  options: {
    /** What the image's command starts. */
    entry: string;
    env: Readonly<Record<string, string>>;
    /** Variables in place of the service's own. */
    more: Readonly<Record<string, string>>;
    scratch: string;
    log: Writable;
    onDeath: (how: string, restartInMs: number) => void;
  },
): Promise<Supervised> => {
  await mkdir(options.scratch, { recursive: true });
  return supervise({
    args: () => [...NODE_FLAGS, options.entry],
    env: () => ({
      PATH: process.env.PATH ?? '',
      ...options.env,
      ...service.env,
      [ENV.scratchFolder]: options.scratch,
      ...options.more,
    }),
    log: options.log,
    onDeath: options.onDeath,
  });
};
