import { SQSClient } from '@aws-sdk/client-sqs';
import { createDeliveryQueue } from '../../shared/callbacks/queue.ts';
import { createTargetPolicy } from '../../shared/callbacks/target.ts';
import { systemSources } from '../../shared/config/items.ts';
import { createDeletionQueue } from '../../shared/deletion/queue.ts';
import { readCidrs, readEnv } from '../../shared/env.ts';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import { readAllowed } from '../../shared/post-processing/allowed.ts';
import { createStepQueue } from '../../shared/post-processing/queue.ts';
import { createWorkQueues } from '../../shared/recordings/queues.ts';
import { createStores } from '../../shared/storage/stores.ts';
import { openTable } from '../../shared/table/table.ts';
import { readSpool } from '../common/spool.ts';
import { openTaskTimers } from '../common/task-timers.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createApi } from './api.ts';

const { tableName, deliveriesQueueUrl, deletionsQueueUrl, ...stepQueueUrls } = readEnv([
  'tableName',
  'deliveriesQueueUrl',
  'deletionsQueueUrl',
  'stepsQueueUrl',
  'remoteStepsQueueUrl',
]);
const workQueueUrls = readEnv(['recordJobsQueueUrl', 'completionQueueUrl', 'uploadRetryQueueUrl']);
const sqs = new SQSClient({});
const { telemetry, wrap } = createTelemetry();

export const handler = wrap(
  createApi({
    table: openTable(tableName),
    stores: createStores(createAddressPolicy(readCidrs('storageAllowedCidrs'))),
    spool: readSpool(),
    deliveryQueue: createDeliveryQueue(sqs, deliveriesQueueUrl),
    queueDeletion: createDeletionQueue(sqs, deletionsQueueUrl),
    queueStep: createStepQueue(sqs, stepQueueUrls),
    allowed: readAllowed(),
    queues: createWorkQueues(sqs, workQueueUrls),
    taskTimers: openTaskTimers().taskTimers,
    callbackTargets: createTargetPolicy(readCidrs('callbackAllowedCidrs')),
    sources: systemSources,
    log: telemetry.log,
  }),
);
