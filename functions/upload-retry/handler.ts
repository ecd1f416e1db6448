import { SQSClient } from '@aws-sdk/client-sqs';
import { readCidrs, readEnv } from '../../shared/env.ts';
import { uploadRetrySchema } from '../../shared/events/upload-retries.ts';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import { createRecordingEvents } from '../../shared/recordings/event-queue.ts';
import { createFileQueues } from '../../shared/recordings/queues.ts';
import { createStores } from '../../shared/storage/stores.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createNotices } from '../../shared/table/notices.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { openTable } from '../../shared/table/table.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { readSpool } from '../common/spool.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createUploadRetry } from './close-file.ts';

/** Time for the step that is under way, and for writing down how far it is. */
const RESERVE_MS = 120_000;

const { telemetry, wrap } = createTelemetry();
const env = readEnv(['tableName', 'recordingEventsQueueUrl', 'completionQueueUrl', 'uploadRetryQueueUrl']);
const table = openTable(env.tableName);
const sqs = new SQSClient({});
const stores = createStores(createAddressPolicy(readCidrs('storageAllowedCidrs')));

const retry = createUploadRetry({
  recordings: createRecordings(table),
  files: createFiles(table),
  notices: createNotices(table),
  queues: createFileQueues(sqs, env),
  storeOf: stores.of,
  spool: readSpool(),
  queueRecordingEvent: createRecordingEvents(sqs, env.recordingEventsQueueUrl),
  telemetry,
  now: () => new Date(),
});

export const handler = wrap(
  createQueueHandler({
    schema: uploadRetrySchema,
    fifo: false,
    telemetry,
    handle: (message, context) => retry(message, () => context.getRemainingTimeInMillis() > RESERVE_MS),
  }),
);
