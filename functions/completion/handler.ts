import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createDeliveryQueue } from '../../shared/callbacks/queue.ts';
import { createCallbacks } from '../../shared/config/callbacks.ts';
import { createOrchestrations } from '../../shared/config/orchestrations.ts';
import { createStorages } from '../../shared/config/storages.ts';
import { readCidrs, readEnv } from '../../shared/env.ts';
import { completionJobSchema } from '../../shared/events/notices.ts';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import { createStepQueue } from '../../shared/post-processing/queue.ts';
import { createStores } from '../../shared/storage/stores.ts';
import { createDeliveries } from '../../shared/table/deliveries.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createManifests } from '../../shared/table/manifests.ts';
import { createNotices } from '../../shared/table/notices.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createRuns } from '../../shared/table/runs.ts';
import { openTable } from '../../shared/table/table.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createFanOut } from './fan-out.ts';
import { createCompletion } from './publish.ts';
import { createStartRuns } from './start-runs.ts';
import { createManifestWriter } from './write-manifest.ts';

const { telemetry, wrap } = createTelemetry();
const env = readEnv([
  'tableName',
  'noticesTopicArn',
  'deliveriesQueueUrl',
  'stepsQueueUrl',
  'remoteStepsQueueUrl',
]);
const table = openTable(env.tableName);
const sns = new SNSClient({});
const stores = createStores(createAddressPolicy(readCidrs('storageAllowedCidrs')));
const sqs = new SQSClient({});

const recordings = createRecordings(table);

const handle = createCompletion({
  recordings,
  notices: createNotices(table),
  manifest: createManifestWriter({
    recordings,
    files: createFiles(table),
    manifests: createManifests(table),
    storeOf: stores.of,
    telemetry,
    now: () => new Date(),
  }),
  fanOut: createFanOut({
    callbacks: createCallbacks(table),
    deliveries: createDeliveries(table),
    queue: createDeliveryQueue(sqs, env.deliveriesQueueUrl),
    now: () => new Date(),
  }),
  startRuns: createStartRuns({
    orchestrations: createOrchestrations(table),
    storages: createStorages(table),
    recordings: createRecordings(table),
    files: createFiles(table),
    runs: createRuns(table),
    queueStep: createStepQueue(sqs, env),
    telemetry,
    now: () => new Date(),
  }),
  publish: async (notice) => {
    await sns.send(
      new PublishCommand({
        TopicArn: env.noticesTopicArn,
        Message: JSON.stringify(notice),
        // Subscribers filter by it.
        MessageAttributes: { type: { DataType: 'String', StringValue: notice.type } },
      }),
    );
  },
  telemetry,
});

export const handler = wrap(
  createQueueHandler({ schema: completionJobSchema, fifo: false, telemetry, handle }),
);
