import { SQSClient } from '@aws-sdk/client-sqs';
import { readEnv } from '../../shared/env.ts';
import { recordingEventSchema } from '../../shared/events/recording-events.ts';
import { createStreamEventQueue } from '../../shared/streams/event-queue.ts';
import { createManifests } from '../../shared/table/manifests.ts';
import { createOwedEvents } from '../../shared/table/owed-events.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { openRecordings } from '../common/clients.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createRecordingEventHandler } from './on-recording-event.ts';

const { telemetry, wrap } = createTelemetry();
const { table, ports } = openRecordings();
const { streamEventsQueueUrl } = readEnv(['streamEventsQueueUrl']);
const handle = createRecordingEventHandler({
  ...ports,
  streams: createStreams(table),
  manifests: createManifests(table),
  owedEvents: createOwedEvents(table),
  queueStreamEvent: createStreamEventQueue(new SQSClient({}), streamEventsQueueUrl),
});

export const handler = wrap(
  createQueueHandler({ schema: recordingEventSchema, fifo: true, telemetry, handle }),
);
