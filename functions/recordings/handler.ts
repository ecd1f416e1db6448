import { recordingEventSchema } from '../../shared/events/recording-events.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { openRecordings } from '../common/clients.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createRecordingEventHandler } from './on-recording-event.ts';

const { telemetry, wrap } = createTelemetry();
const { table, ports } = openRecordings();
const handle = createRecordingEventHandler({ ...ports, streams: createStreams(table) });

export const handler = wrap(
  createQueueHandler({ schema: recordingEventSchema, fifo: true, telemetry, handle }),
);
