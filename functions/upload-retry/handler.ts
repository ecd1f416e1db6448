import { SQSClient } from '@aws-sdk/client-sqs';
import { readCidrs, readEnv } from '../../shared/env.ts';
import { uploadRetrySchema } from '../../shared/events/upload-retries.ts';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import { createRecordingEvents } from '../../shared/recordings/event-queue.ts';
import { createStores } from '../../shared/storage/stores.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { openTable } from '../../shared/table/table.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createUploadRetry } from './close-file.ts';

const { telemetry, wrap } = createTelemetry();
const env = readEnv(['tableName', 'recordingEventsQueueUrl']);
const table = openTable(env.tableName);
const stores = createStores(createAddressPolicy(readCidrs('storageAllowedCidrs')));

const handle = createUploadRetry({
  recordings: createRecordings(table),
  files: createFiles(table),
  storeFor: ({ plan }) => stores.of(plan.storage),
  queueRecordingEvent: createRecordingEvents(new SQSClient({}), env.recordingEventsQueueUrl),
  telemetry,
  now: () => new Date(),
});

export const handler = wrap(
  createQueueHandler({ schema: uploadRetrySchema, fifo: false, telemetry, handle }),
);
