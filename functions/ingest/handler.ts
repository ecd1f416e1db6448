import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createTokens } from '../../shared/auth/tokens.ts';
import { createDomains } from '../../shared/config/domains.ts';
import { readEnv } from '../../shared/env.ts';
import { createStreamEventQueue } from '../../shared/streams/event-queue.ts';
import { createOwedEvents } from '../../shared/table/owed-events.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { openTable } from '../../shared/table/table.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createIngest } from './ingest.ts';
import { createIvs, type IvsEvent, ivsEventSchema } from './ivs.ts';
import { createLosslessStart } from './lossless-start.ts';
import { createPutDown } from './put-down.ts';

const { telemetry, wrap } = createTelemetry();
const env = readEnv(['tableName', 'streamEventsQueueUrl']);
const table = openTable(env.tableName);

const ports = {
  findDomain: createDomains(table).get,
  findToken: createTokens(table).find,
  putDown: createPutDown({
    owedEvents: createOwedEvents(table),
    queueStreamEvent: createStreamEventQueue(new SQSClient({}), env.streamEventsQueueUrl),
    telemetry,
  }),
  losslessStart: createLosslessStart({
    streams: createStreams(table),
    recordings: createRecordings(table),
    telemetry,
  }),
  telemetry,
};
const ingest = createIngest(ports);
const ivs = createIvs(ports);

/** The function is called by the API, and by an EventBridge rule with the events of Amazon IVS. */
export const handler = wrap(async (event: APIGatewayProxyEventV2 | IvsEvent) => {
  const given = ivsEventSchema.safeParse(event);
  return given.success ? ivs(given.data) : ingest(event as APIGatewayProxyEventV2);
});
