import { SQSClient } from '@aws-sdk/client-sqs';
import { readCidrs, readEnv } from '../../shared/env.ts';
import { deletionJobSchema } from '../../shared/events/deletion-jobs.ts';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import { createStopQueue } from '../../shared/post-processing/queue.ts';
import { createStores } from '../../shared/storage/stores.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createRuns } from '../../shared/table/runs.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { openTable } from '../../shared/table/table.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { readSpool } from '../common/spool.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createDeletions } from './delete.ts';

const { telemetry, wrap } = createTelemetry();
const { tableName, remoteStepsQueueUrl } = readEnv(['tableName', 'remoteStepsQueueUrl']);
const table = openTable(tableName);
const stores = createStores(createAddressPolicy(readCidrs('storageAllowedCidrs')));

const handle = createDeletions({
  table,
  recordings: createRecordings(table),
  files: createFiles(table),
  streams: createStreams(table),
  runs: createRuns(table),
  queueStop: createStopQueue(new SQSClient({}), remoteStepsQueueUrl),
  storeOf: stores.of,
  spool: readSpool(),
  now: () => new Date(),
  telemetry,
});

export const handler = wrap(
  createQueueHandler({ schema: deletionJobSchema, fifo: false, telemetry, handle }),
);
