import { setTimeout as delay } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startLocal } from '../../local/index.ts';
import type { Endpoints } from '../../local/services/credentials.ts';
import { publish } from '../support/publisher.ts';
import type { FaultCase, World } from './fault-case.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { startQueueProxy } from './queues.ts';
import { createRandom } from './random.ts';
import { startS3Proxy } from './s3-proxy.ts';
import { configure, makeFrames, type Setting } from './setting.ts';
import { startTableProxy } from './table-proxy.ts';

const STREAM = 'faulty';

/** A local run with a proxy before each service. */
const startRun = async ({ folder, seed, stopper, say }: Setting, recorders: number) => {
  // A generator each: what one proxy sees does not change what another one does.
  const random = (offset: number) => createRandom(seed * 4 + offset);
  const direct = Promise.withResolvers<Endpoints>();
  const between = Promise.withResolvers<Pick<World, 's3' | 'queues' | 'table'>>();
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
    },
    stopper,
  );
  const { region, credentials } = run.s3;
  const endpoints = await direct.promise;
  const sqs = new SQSClient({ region, credentials, endpoint: endpoints.queues });
  stopper.add(async () => sqs.destroy());
  return { world: { run, ...(await between.promise), sqs, random: random(3) }, endpoints };
};

/** Pushes a stream of known frames through a Streamkeep of its own while a fault strikes it. */
export const runCase = async (setting: Setting, it: FaultCase): Promise<Outcome> => {
  const { path, pictures } = await makeFrames(setting.folder, it.seconds);
  const { world, endpoints } = await startRun(setting, it.recorders ?? 1);
  const { run } = world;
  const api = await configure(run.apiUrl, run.adminToken);
  const startedAt = performance.now();
  const at = (seconds: number): Promise<void> => delay(startedAt + seconds * 1000 - performance.now());
  const publisher = publish(path, `${run.rtmpUrl}/live/${STREAM}`);
  const [injected] = await Promise.all([
    it.inject({ ...world, at, streamEnds: publisher.ended }),
    publisher.ended,
  ]);
  return outcomeOf({
    ...{ api, stream: STREAM, pictures, injected, promised: it.promised },
    at: {
      s3Url: run.s3.url,
      tableUrl: endpoints.table,
      tableName: run.tableName,
      credentials: run.s3.credentials,
      region: run.s3.region,
    },
    folder: setting.folder,
    say: setting.say,
  });
};
