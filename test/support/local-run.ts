import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { type Client, createClient } from '../../client/index.ts';
import { type LocalRun, type StartOptions, startLocal } from '../../local/index.ts';

/** A whole Streamkeep on free ports. */
interface Started extends LocalRun {
  /** Its data folder. */
  readonly data: string;
  readonly allTroubles: readonly string[];
}

export interface TestRun extends LocalRun, Pick<Started, 'data'> {
  readonly api: Client;
  /** For whatever a test writes; gone behind the last test of the file. */
  readonly folder: string;
  /** What went wrong beside recordings since the first test of the file. */
  readonly troubles: readonly string[];
  /** Done behind the last test of the file, what was named last first. */
  readonly onEnd: (step: () => Promise<unknown>) => void;
}

type OwnOptions = Partial<Pick<StartOptions, 'recorders' | 'mostScheduleMs'>>;

const started =
  (options: OwnOptions) =>
  // biome-ignore lint/correctness/noEmptyPattern: Vitest takes the names of what a fixture needs from its source.
  async ({}, { onCleanup }: { onCleanup(cleanup: () => Promise<void>): void }): Promise<Started> => {
    const folder = await mkdtemp(join(tmpdir(), 'streamkeep-run-'));
    const data = join(folder, 'data');
    const allTroubles: string[] = [];
    const local = await startLocal({
      ...{ data, host: '127.0.0.1', port: 0, rtmpPort: 0, s3Port: 0 },
      onTrouble: (line) => allTroubles.push(line),
      ...options,
    });
    onCleanup(async () => {
      await local.close();
      await rm(folder, { recursive: true, force: true });
    });
    return { ...local, data, allTroubles };
  };

// To start one takes ten seconds of a core.
const shared = test.extend('local', { scope: 'worker' }, started({}));

/**
 * A whole Streamkeep for the tests of one file; it is there once they run. Files that ask for nothing of their own, and
 * run in one process, share it one after the other.
 */
export const useLocalRun = (options?: OwnOptions): TestRun => {
  const run = {} as TestRun;
  const steps: (() => Promise<unknown>)[] = [];
  const within = options === undefined ? shared : test.extend('local', { scope: 'file' }, started(options));
  within.beforeAll(async ({ local }) => {
    const folder = await mkdtemp(join(tmpdir(), 'streamkeep-e2e-'));
    steps.push(() => rm(folder, { recursive: true, force: true }));
    const before = local.allTroubles.length;
    const api = createClient({ url: local.apiUrl, token: local.adminToken });
    Object.assign(run, local, { api, folder, onEnd: (step: () => Promise<unknown>) => steps.push(step) });
    Object.defineProperty(run, 'troubles', { get: () => local.allTroubles.slice(before) });
  });
  afterAll(async () => {
    for (const step of steps.reverse()) await step();
  });
  return run;
};
