import { ulid } from 'ulid';
import { matchStream } from '../../shared/config/match-stream.ts';
import { createStorages } from '../../shared/config/storages.ts';
import { createTemplates } from '../../shared/config/templates.ts';
import { streamEventSchema } from '../../shared/events/stream-events.ts';
import { createRecorders } from '../../shared/table/recorders.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { openRecordings } from '../common/clients.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createStreamEventHandler } from './on-stream-event.ts';

const { telemetry, wrap } = createTelemetry();
const { table, ports } = openRecordings();

const handle = createStreamEventHandler({
  ...ports,
  streams: createStreams(table),
  recorders: createRecorders(table),
  config: {
    match: (key) => matchStream(table, key),
    template: createTemplates(table).get,
    storage: createStorages(table).get,
  },
  telemetry,
  newSessionId: () => `ses_${ulid()}`,
});

export const handler = wrap(createQueueHandler({ schema: streamEventSchema, fifo: true, telemetry, handle }));
