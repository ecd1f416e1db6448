import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '../../../client/index.ts';
import { startLocal } from '../../../local/index.ts';
import { startLocalProcess } from '../../support/local-process.ts';
import { publish } from '../../support/publisher.ts';
import { configure } from '../configure.ts';
import { frames, SEGMENT_SECONDS } from '../fault-case.ts';
import { type Outcome, outcomeOf } from '../outcome.ts';
import { placesOf } from '../places.ts';
import { createRandom } from '../random.ts';
import { makeFrames, type Setting } from '../setting.ts';
import type { Case } from './index.ts';

const STREAM = 'cut-off';
const ADMIN_TOKEN = 'token-of-the-killed-run';

/** Everything is killed at once, ingest and all, and started again: only what the services keep on disk is left. */
const run = async (setting: Setting): Promise<Outcome> => {
  const { folder, seed, stopper, say } = setting;
  const data = join(folder, 'data');
  const { path, pictures } = await makeFrames(setting, 50);
  const killed = await startLocalProcess(data, ADMIN_TOKEN);
  stopper.addKill(() => void killed.kill());
  await configure({ apiUrl: killed.apiUrl, adminToken: ADMIN_TOKEN });
  const publisher = publish(path, `${killed.rtmpUrl}/live/${STREAM}`);
  const startedAt = performance.now();
  await delay(createRandom(seed).between(10, 40) * 1000);
  const pushed = Math.floor(frames((performance.now() - startedAt) / 1000));
  await killed.kill();
  publisher.kill();

  let tableUrl = '';
  const again = await startLocal(
    {
      ...{ data, host: '127.0.0.1', port: 0, rtmpPort: 0, s3Port: 0, recorders: 1, adminToken: ADMIN_TOKEN },
      onTrouble: (line) => say(`trouble: ${line}`),
      interpose: async (endpoints) => {
        tableUrl = endpoints.table;
        return endpoints;
      },
    },
    stopper,
  );
  const api = createClient({ url: again.apiUrl, token: ADMIN_TOKEN });
  const { credentials, region } = again.s3;
  // Nothing strikes storage here.
  const s3 = {
    inject: () => {
      throw new Error('There is no proxy before the storage');
    },
  };
  return outcomeOf({
    ...{ api, stream: STREAM, pictures, pushed, injected: 1, folder, say },
    promised: {
      lostFrames: frames(10),
      // The ingest server does not know any more what it had.
      reasons: ['session-ended', 'source-silent', 'source-unreachable'],
      lostFramesOfHls: frames(SEGMENT_SECONDS + 10),
    },
    at: {
      ...{ tableUrl, tableName: again.tableName, credentials, region },
      places: placesOf(again, stopper, { s3 }),
      scratch: [`${data}/scratch`],
      processes: async () => [],
    },
  });
};

export const WHOLE_RUN_KILLED: Case = { name: 'whole-run-killed', run };
