import { setTimeout as wait } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createDeliveryQueue } from '../../shared/callbacks/queue.ts';
import { createDomains } from '../../shared/config/domains.ts';
import { createDeletionQueue, createImageDeletionQueue } from '../../shared/deletion/queue.ts';
import { readCidrs, readEnv } from '../../shared/env.ts';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import { createStepQueue } from '../../shared/post-processing/queue.ts';
import { ask } from '../../shared/reconcile/ask.ts';
import { createRecordingEvents } from '../../shared/recordings/event-queue.ts';
import { createStreamEventQueue } from '../../shared/streams/event-queue.ts';
import { createDeliveries } from '../../shared/table/deliveries.ts';
import { createLooseImages } from '../../shared/table/loose-images.ts';
import { createManifests } from '../../shared/table/manifests.ts';
import { createOwedEvents } from '../../shared/table/owed-events.ts';
import { createRecorders } from '../../shared/table/recorders.ts';
import { createRuns } from '../../shared/table/runs.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { createTasks } from '../../shared/table/tasks.ts';
import { openRecordings } from '../common/clients.ts';
import { openTaskTimers } from '../common/task-timers.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { sweep } from './sweep.ts';

const { telemetry, wrap } = createTelemetry();
const { table, ports } = openRecordings();
const streams = createStreams(table);
const recorders = createRecorders(table);
const tasks = createTasks(table);
const { taskTimers } = openTaskTimers();
const deliveries = createDeliveries(table);
const {
  deliveriesQueueUrl,
  deletionsQueueUrl,
  recordingEventsQueueUrl,
  streamEventsQueueUrl,
  ...stepQueueUrls
} = readEnv([
  'stepsQueueUrl',
  'remoteStepsQueueUrl',
  'deliveriesQueueUrl',
  'deletionsQueueUrl',
  'recordingEventsQueueUrl',
  'streamEventsQueueUrl',
]);
const sqs = new SQSClient({});
const deliveryQueue = createDeliveryQueue(sqs, deliveriesQueueUrl);
const queueDeletion = createDeletionQueue(sqs, deletionsQueueUrl);
const queueImageDeletion = createImageDeletionQueue(sqs, deletionsQueueUrl);
const domains = createDomains(table);
const queueStreamEvent = createStreamEventQueue(sqs, streamEventsQueueUrl);
const queueRecordingEvent = createRecordingEvents(sqs, recordingEventsQueueUrl);
const policy = createAddressPolicy(readCidrs('sourceAllowedCidrs'));
const askServer = (url: URL): Promise<string> => ask(url, policy);

/** Takes no input: the schedule's event says nothing. */
export const handler = wrap(() =>
  sweep({
    ...ports,
    streams,
    owedEvents: createOwedEvents(table),
    recorders,
    tasks,
    taskTimers,
    deliveries,
    manifests: createManifests(table),
    deliveryQueue,
    queueDeletion,
    looseImages: createLooseImages(table),
    queueImageDeletion,
    runs: createRuns(table),
    queueStep: createStepQueue(sqs, stepQueueUrls),
    domains,
    queueStreamEvent,
    queueRecordingEvent,
    askServer,
    telemetry,
    monotonicNow: () => performance.now(),
    wait,
  }),
);
