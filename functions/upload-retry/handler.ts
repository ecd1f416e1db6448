import { randomUUID } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readEnv } from '../../shared/env.ts';
import { uploadRetrySchema } from '../../shared/events/upload-retries.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import { createObjectStore } from '../../shared/storage/s3-object-store.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { openTable } from '../../shared/table/table.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createUploadRetry } from './close-file.ts';

const { telemetry, wrap } = createTelemetry();
const env = readEnv(['tableName', 'recordingEventsQueueUrl']);
const table = openTable(env.tableName);
const sqs = new SQSClient({});

// One client per bucket and container: a client holds connections.
const stores = new Map<string, ObjectStore>();
const storeFor = (bucket: Bucket): ObjectStore => {
  const name = JSON.stringify(bucket);
  const store = stores.get(name) ?? createObjectStore(bucket);
  stores.set(name, store);
  return store;
};

const handle = createUploadRetry({
  recordings: createRecordings(table),
  files: createFiles(table),
  storeFor: ({ plan }) => storeFor(plan.storage),
  queueRecordingEvent: async (event) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: env.recordingEventsQueueUrl,
        MessageBody: JSON.stringify(event),
        MessageGroupId: event.recordId,
        MessageDeduplicationId: randomUUID(),
      }),
    );
  },
  telemetry,
  now: () => new Date(),
});

export const handler = wrap(
  createQueueHandler({ schema: uploadRetrySchema, fifo: false, telemetry, handle }),
);
