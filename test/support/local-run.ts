import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Client, createClient } from '../../client/index.ts';
import { type LocalRun, type StartOptions, startLocal } from '../../local/index.ts';

export interface TestRun extends LocalRun {
  readonly api: Client;
  /** For whatever a test writes; the data folder is `data` in it. Gone when the run ends. */
  readonly folder: string;
  /** What went wrong beside recordings. */
  readonly troubles: string[];
  /** Ended in order before the run is. */
  readonly onEnd: (step: () => Promise<unknown>) => void;
}

/** A whole Streamkeep on free ports, for the tests of one file; it is there once they run. */
export const useLocalRun = (
  options: Partial<Pick<StartOptions, 'recorders' | 'mostScheduleMs'>> = {},
): TestRun => {
  const run = {} as TestRun;
  const steps: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'streamkeep-e2e-'));
    steps.push(() => rm(folder, { recursive: true, force: true }));
    const troubles: string[] = [];
    const local = await startLocal({
      data: join(folder, 'data'),
      host: '127.0.0.1',
      ...{ port: 0, rtmpPort: 0, s3Port: 0 },
      onTrouble: (line) => troubles.push(line),
      ...options,
    });
    steps.push(() => local.close());
    const api = createClient({ url: local.apiUrl, token: local.adminToken });
    Object.assign(run, local, {
      api,
      folder,
      troubles,
      onEnd: (step: () => Promise<unknown>) => steps.push(step),
    });
  });
  afterAll(async () => {
    for (const step of steps.reverse()) await step();
  });
  return run;
};
