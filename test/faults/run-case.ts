import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type LocalRun, startLocal } from '../../local/index.ts';
import type { Endpoints } from '../../local/services/credentials.ts';
import { configure } from './configure.ts';
import { mountDisk } from './disk.ts';
import type { FaultCase, Setup, World } from './fault-case.ts';
import { endedRecordings } from './home.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { placesOf, startBackup } from './places.ts';
import { watchFfmpegs } from './processes.ts';
import { asItIs } from './pushes.ts';
import { startQueueProxy } from './queues.ts';
import { createRandom } from './random.ts';
import { recordersReady } from './ready.ts';
import { startS3Proxy } from './s3-proxy.ts';
import { makeFrames, type Setting } from './setting.ts';
import { startTableProxy } from './table-proxy.ts';

const STREAM = 'faulty';
/** Schedules are of a minute, which nobody wants to wait for in every case. */
const SCHEDULE_MS = 10_000;
const FAILOVER_SECONDS = '8';

const CLOCK_SKEW = new URL('../support/clock-skew.ts', import.meta.url);

const skewed = (seconds: number | undefined): Record<string, string> =>
  seconds === undefined
    ? {}
    : { NODE_OPTIONS: `--import=${CLOCK_SKEW}`, CLOCK_SKEW_SECONDS: String(seconds) };

type Proxies = Pick<World, 's3' | 'queues' | 'table'>;

/** A local run with a proxy before each service. */
const startRun = async ({ folder, seed, stopper, say }: Setting, setup: Setup) => {
  // A generator each: what one proxy sees does not change what another one does.
  const random = (offset: number) => createRandom(seed * 8 + offset);
  const direct = Promise.withResolvers<Endpoints>();
  const between = Promise.withResolvers<Proxies>();
  const scratch = `${folder}/scratch`;
  await mkdir(scratch, { recursive: true });
  if (setup.diskMegabytes !== undefined) stopper.add(await mountDisk(scratch, setup.diskMegabytes));
  const scratchOf = (number: number): string => `${scratch}/recorder-${number}`;
  const recorders = setup.recorders ?? 1;
  for (let number = 1; number <= recorders; number += 1) await mkdir(scratchOf(number));
  const run = await startLocal(
    {
      ...{ data: `${folder}/data`, host: '127.0.0.1', port: 0, rtmpPort: 0, s3Port: 0, recorders },
      onTrouble: (line) => say(`trouble: ${line}`),
      interpose: async (endpoints) => {
        const s3 = await startS3Proxy(endpoints.s3, random(0));
        stopper.add(() => s3.close());
        const queues = await startQueueProxy(endpoints.queues, random(1), (error) => say(`queues: ${error}`));
        stopper.add(() => queues.close());
        const table = await startTableProxy(endpoints.table, random(2));
        stopper.add(() => table.close());
        direct.resolve(endpoints);
        between.resolve({ s3, queues, table });
        return { ...endpoints, s3: s3.url, queues: queues.url, table: table.url };
      },
      // A short patience, so that short cases see the places below, too.
      env: { FAILOVER_SECONDS, ...setup.env },
      recorderEnv: (number) => ({
        SCRATCH_FOLDER: scratchOf(number),
        ...skewed(setup.skewSeconds?.[number - 1]),
      }),
      mostScheduleMs: SCHEDULE_MS,
    },
    stopper,
  );
  const { region, credentials } = run.s3;
  const endpoints = await direct.promise;
  const sqs = new SQSClient({ region, credentials, endpoint: endpoints.queues });
  stopper.add(async () => sqs.destroy());
  const proxies = await between.promise;
  const backup = setup.backup === true ? await startBackup(folder, run.s3, random(4), stopper) : undefined;
  const places = placesOf(run, stopper, { s3: proxies.s3, backup });
  return { run, proxies, places, backup, sqs, tableUrl: endpoints.table, scratch, random: random(3) };
};

/** Where everything of a run is. */
const whereabouts = (
  run: LocalRun,
  {
    places,
    tableUrl,
    scratch,
  }: Pick<Awaited<ReturnType<typeof startRun>>, 'places' | 'tableUrl' | 'scratch'>,
  data: string,
  processes: () => Promise<readonly number[]>,
) => ({
  ...{ places, tableUrl, processes },
  tableName: run.tableName,
  credentials: run.s3.credentials,
  region: run.s3.region,
  scratch: [scratch, `${data}/scratch`],
});

/** Pushes a stream of known frames through a Streamkeep of its own while a fault strikes it. */
export const runCase = async (setting: Setting, it: FaultCase): Promise<Outcome> => {
  const { folder, say, stopper } = setting;
  const { path, pictures } = await makeFrames(setting, it.seconds);
  const started = await startRun(setting, it);
  const { run, proxies, places, sqs, random } = started;
  const api = await configure(run, {
    ...(it.hls && { hls: it.hls }),
    ...(started.backup && { backup: { url: started.backup.proxy.url, run } }),
  });
  await recordersReady(run, started.tableUrl);
  const ffmpegs = watchFfmpegs(run, (error) => say(`processes: ${error}`));
  stopper.add(async () => ffmpegs.stop());
  const startedAt = performance.now();
  const at = (seconds: number): Promise<void> => delay(startedAt + seconds * 1000 - performance.now());
  const pushing = it.pushing ?? asItIs;
  const push = pushing({ path, rtmpUrl: run.rtmpUrl, app: 'live', stream: STREAM, random });
  stopper.addKill(() => push.kill());
  const [injected] = await Promise.all([
    it.inject({
      ...{ run, ...proxies, places, sqs, random, push, at },
      streamEnds: push.ended,
      recordingEnds: () => endedRecordings(api, STREAM),
    }),
    push.ended,
  ]);
  return outcomeOf({
    ...{ api, stream: STREAM, pictures, injected, promised: it.promised, folder, say },
    at: whereabouts(run, started, `${folder}/data`, ffmpegs.left),
  });
};
