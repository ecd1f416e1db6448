import { SQSClient } from '@aws-sdk/client-sqs';
import { createDeliveryQueue, deliveryJobSchema } from '../../shared/callbacks/queue.ts';
import { createTargetPolicy } from '../../shared/callbacks/target.ts';
import { createCallbacks } from '../../shared/config/callbacks.ts';
import { readCidrs, readEnv } from '../../shared/env.ts';
import { createDeliveries } from '../../shared/table/deliveries.ts';
import { openTable } from '../../shared/table/table.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createDeliver } from './deliver.ts';
import { createSend } from './send.ts';

const { telemetry, wrap } = createTelemetry();
const env = readEnv(['tableName', 'deliveriesQueueUrl']);
const table = openTable(env.tableName);

const handle = createDeliver({
  deliveries: createDeliveries(table),
  callbacks: createCallbacks(table),
  queue: createDeliveryQueue(new SQSClient({}), env.deliveriesQueueUrl),
  send: createSend(createTargetPolicy(readCidrs('callbackAllowedCidrs'))),
  telemetry,
  now: () => new Date(),
  random: Math.random,
});

/** The messages of a batch are worked on at once, so that a target that does not answer holds nobody up. */
export const handler = wrap(
  createQueueHandler({ schema: deliveryJobSchema, fifo: false, telemetry, handle }),
);
