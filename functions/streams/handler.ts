import { ulid } from 'ulid';
import { systemSources } from '../../shared/config/items.ts';
import { openConfig } from '../../shared/config/plan.ts';
import { createReferences } from '../../shared/config/references.ts';
import { streamEventSchema } from '../../shared/events/stream-events.ts';
import { createOwedEvents } from '../../shared/table/owed-events.ts';
import { createPendingTasks } from '../../shared/table/pending-tasks.ts';
import { createRecorders } from '../../shared/table/recorders.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { createTasks } from '../../shared/table/tasks.ts';
import { openRecordings } from '../common/clients.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createStreamEventHandler } from './on-stream-event.ts';

const { telemetry, wrap } = createTelemetry();
const { table, ports } = openRecordings();
const tasks = createTasks(table);

const handle = createStreamEventHandler({
  ...ports,
  streams: createStreams(table),
  owedEvents: createOwedEvents(table),
  recorders: createRecorders(table),
  tasks,
  pending: createPendingTasks(table, tasks),
  references: createReferences(table, systemSources),
  config: openConfig(table),
  telemetry,
  newSessionId: () => `ses_${ulid()}`,
});

export const handler = wrap(createQueueHandler({ schema: streamEventSchema, fifo: true, telemetry, handle }));
