import { SQSClient } from '@aws-sdk/client-sqs';
import { createDomains } from '../../shared/config/domains.ts';
import { readEnv } from '../../shared/env.ts';
import { openTable } from '../../shared/table/table.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createIngest } from './ingest.ts';
import { createStreamEventQueue } from './stream-event-queue.ts';

const { telemetry, wrap } = createTelemetry();
const env = readEnv(['tableName', 'streamEventsQueueUrl']);

export const handler = wrap(
  createIngest({
    findDomain: createDomains(openTable(env.tableName)).get,
    queueStreamEvent: createStreamEventQueue(new SQSClient({}), env.streamEventsQueueUrl),
    telemetry,
    now: () => new Date(),
  }),
);
