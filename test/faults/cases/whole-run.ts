import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '../../../client/index.ts';
import { startLocal } from '../../../local/index.ts';
import { startLocalProcess } from '../../support/local-process.ts';
import { FRAMES_PER_SECOND } from '../../support/media.ts';
import { publish } from '../../support/publisher.ts';
import { SEGMENT_SECONDS } from '../fault-case.ts';
import { type Outcome, outcomeOf } from '../outcome.ts';
import { createRandom } from '../random.ts';
import { configure, makeFrames, type Setting } from '../setting.ts';
import type { Case } from './index.ts';

const STREAM = 'cut-off';
const ADMIN_TOKEN = 'token-of-the-killed-run';

/** Everything is killed at once, ingest and all, and started again: only what the services keep on disk is left. */
const run = async ({ folder, seed, stopper, say }: Setting): Promise<Outcome> => {
  const data = join(folder, 'data');
  const { path, pictures } = await makeFrames(folder, 50);
  const killed = await startLocalProcess(data, ADMIN_TOKEN);
  stopper.addKill(() => void killed.kill());
  await configure(killed.apiUrl, ADMIN_TOKEN);
  const publisher = publish(path, `${killed.rtmpUrl}/live/${STREAM}`);
  const startedAt = performance.now();
  await delay(createRandom(seed).between(10, 40) * 1000);
  const pushed = Math.floor(((performance.now() - startedAt) / 1000) * FRAMES_PER_SECOND);
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
  const { url: s3Url, credentials, region } = again.s3;
  return outcomeOf({
    ...{ api, stream: STREAM, pictures, pushed, injected: 1, folder, say },
    promised: {
      lostFrames: 10 * FRAMES_PER_SECOND,
      // The ingest server does not know any more what it had.
      reasons: ['session-ended', 'source-silent', 'source-unreachable'],
      lostFramesOfHls: (SEGMENT_SECONDS + 10) * FRAMES_PER_SECOND,
    },
    at: { s3Url, tableUrl, tableName: again.tableName, credentials, region },
  });
};

export const WHOLE_RUN_KILLED: Case = { name: 'whole-run-killed', run };
