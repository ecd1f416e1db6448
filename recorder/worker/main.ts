import { SQSClient } from '@aws-sdk/client-sqs';
import { ENV } from '../../shared/constants.ts';
import { readCidrs } from '../../shared/env.ts';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import { ANSWERED_SOON } from '../../shared/net/answered-soon.ts';
import { createStepQueue } from '../../shared/post-processing/queue.ts';
import { createCompletionQueue } from '../../shared/recordings/queues.ts';
import { createStores } from '../../shared/storage/stores.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createNotices } from '../../shared/table/notices.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createRuns } from '../../shared/table/runs.ts';
import { openTable } from '../../shared/table/table.ts';
import { createLog } from '../log.ts';
import { createTaskProtection } from '../supervisor/task-protection.ts';
import { readSettings } from './settings.ts';
import { startWorker } from './worker.ts';

const settings = readSettings();
const log = createLog('worker');
const table = openTable(settings[ENV.tableName]);
const sqs = new SQSClient({ requestHandler: ANSWERED_SOON });
const protect = createTaskProtection(settings.ECS_AGENT_URI, log);

const worker = startWorker({
  runs: createRuns(table),
  recordings: createRecordings(table),
  files: createFiles(table),
  notices: createNotices(table),
  queues: createCompletionQueue(sqs, settings[ENV.completionQueueUrl]),
  queueStep: createStepQueue(sqs, {
    stepsQueueUrl: settings[ENV.stepsQueueUrl],
    remoteStepsQueueUrl: settings[ENV.remoteStepsQueueUrl],
  }),
  storeOf: createStores(createAddressPolicy(readCidrs('storageAllowedCidrs'))).of,
  spool: { bucket: settings[ENV.spoolBucket], region: settings.AWS_REGION },
  ...{ sqs, queueUrl: settings[ENV.stepsQueueUrl], log },
  now: () => new Date(),
  onBusy: protect,
});
log.info('The worker takes steps');

let ending = false;
const end = async (signal: string): Promise<void> => {
  if (ending) return;
  ending = true;
  log.info('The worker gives back what it has', { signal });
  await worker.drain();
  process.exit(0);
};
process.on('SIGTERM', end);
process.on('SIGINT', end);
// The local run that started this worker has died, and with it the services that it works with.
process.on('disconnect', () => process.exit(1));
