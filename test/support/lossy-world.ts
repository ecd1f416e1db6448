import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createDeliver } from '../../functions/callbacks/deliver.ts';
import { createRecordedTelemetry, createWorld } from '../../functions/common/world.fixture.ts';
import { createFanOut } from '../../functions/completion/fan-out.ts';
import { createCompletion } from '../../functions/completion/publish.ts';
import { createManifestWriter } from '../../functions/completion/write-manifest.ts';
import { createDeletions } from '../../functions/deletions/delete.ts';
import { createPutDown } from '../../functions/ingest/put-down.ts';
import { createRecordingEventHandler } from '../../functions/recordings/on-recording-event.ts';
import { createStreamEventHandler } from '../../functions/streams/on-stream-event.ts';
import { configWith } from '../../functions/streams/stream-world.fixture.ts';
import { sweep } from '../../functions/sweeper/sweep.ts';
import { createUploadRetry } from '../../functions/upload-retry/close-file.ts';
import type { DeliveryJob } from '../../shared/callbacks/queue.ts';
import { createCallbacks } from '../../shared/config/callbacks.ts';
import { systemSources } from '../../shared/config/items.ts';
import type { CompletionJob } from '../../shared/events/notices.ts';
import type { RecordJob } from '../../shared/events/record-jobs.ts';
import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import type { PushEvent, StreamEvent } from '../../shared/events/stream-events.ts';
import type { UploadRetry } from '../../shared/events/upload-retries.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import type { Table } from '../../shared/table/table.ts';
import { createRandom } from '../faults/random.ts';
import { createLossyQueues } from './lossy-queues.ts';

export const STREAM = { domain: 'push.example.com', app: 'live', stream: 'demo' };

/** The real functions over a table, with queues between them that lose, double and shuffle messages. */
export const createLossyWorld = async (table: Table, seed: number) => {
  const { ports: own, clock } = createWorld(table);
  const random = createRandom(seed);
  const queues = createLossyQueues(random, clock.now);
  const { telemetry } = createRecordedTelemetry();
  const published: string[] = [];
  const posted: string[] = [];
  let sessions = 0;

  const queueStreamEvent = async (event: StreamEvent): Promise<void> =>
    queues.send('stream-events', () => onStreamEvent(event));
  const queueRecordingEvent = async (event: RecordingEvent): Promise<void> =>
    queues.send('recording-events', () => onRecordingEvent(event));
  let onJob: (job: RecordJob) => Promise<void> = async () => undefined;
  const deliveryQueue = {
    send: async (jobs: readonly DeliveryJob[], delaySeconds = 0) => {
      for (const job of jobs) queues.send('deliveries', () => deliver(job), delaySeconds);
    },
  };
  const ports = {
    ...own,
    queueStreamEvent,
    queueRecordingEvent,
    deliveryQueue,
    queueDeletion: async (recordId: string) => queues.send('deletions', () => deleteJob({ recordId })),
    queues: {
      recordJob: async (job: RecordJob) => queues.send('record-jobs', () => onJob(job)),
      completion: async (job: CompletionJob) => queues.send('completion', () => complete(job)),
      uploadRetry: async (retry: UploadRetry) =>
        queues.send('upload-retry', () => closeFile(retry, () => true)),
    },
  };
  const callbacks = createCallbacks(table, { ...systemSources, now: clock.now });
  await callbacks.create({ name: 'library', url: 'https://library.example.com/', enabled: true });

  const onStreamEvent = createStreamEventHandler({
    ...ports,
    config: configWith({}, seed % 2 === 0 ? 30 : 0),
    newSessionId: () => {
      sessions += 1;
      return `ses_${sessions}`;
    },
  });
  const onRecordingEvent = createRecordingEventHandler(ports);
  const store = createMemoryObjectStore();
  const places = { storeOf: () => store, spool: { bucket: 'spool', region: 'eu-central-1' } };
  const closeFile = createUploadRetry({ ...ports, ...places });
  const deleteJob = createDeletions({ ...ports, ...places, table });
  const complete = createCompletion({
    ...ports,
    manifest: createManifestWriter({ ...ports, ...places, telemetry }),
    fanOut: createFanOut({ ...ports, callbacks, queue: deliveryQueue }),
    startRuns: { forNotice: async () => undefined, forEnded: async () => undefined },
    publish: async ({ recordId, noticeId }) => void published.push(`${recordId} ${noticeId}`),
    telemetry,
  });
  const deliver = createDeliver({
    ...{ deliveries: ports.deliveries, callbacks, queue: deliveryQueue, telemetry, now: clock.now },
    random: random.next,
    send: async ({ headers }) => {
      posted.push(headers['webhook-id'] ?? '');
      return { type: 'answered', status: 200, answer: '' };
    },
  });
  const putDown = createPutDown({ ...ports, telemetry });

  /** Places in the work index that are not a recorder's. */
  const owed = async (): Promise<unknown[]> => {
    const { Items = [] } = await table.client.send(
      new ScanCommand({ TableName: table.tableName, ConsistentRead: true }),
    );
    return Items.flatMap(({ workPk, pk, sk }) =>
      workPk === undefined || workPk === 'RECORDERS' ? [] : [{ workPk, pk, sk }],
    );
  };

  return {
    ports: { ...ports, onRecordingEvent },
    clock,
    random,
    queues,
    published,
    posted,
    owed,
    sweep: () => sweep(ports),
    onJobs: (take: typeof onJob) => {
      onJob = take;
    },
    push: (type: PushEvent['type'], clientId: string) =>
      putDown({ type, key: STREAM, clientId, at: clock.at() }, AbortSignal.timeout(10_000)),
  };
};
export type LossyWorld = Awaited<ReturnType<typeof createLossyWorld>>;
