import type { DeliveryJob } from '../../shared/callbacks/queue.ts';
import { createDomains } from '../../shared/config/domains.ts';
import { systemSources } from '../../shared/config/items.ts';
import { createReferences } from '../../shared/config/references.ts';
import type { CompletionJob } from '../../shared/events/notices.ts';
import type { RecordJob } from '../../shared/events/record-jobs.ts';
import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import type { StreamEvent } from '../../shared/events/stream-events.ts';
import type { TaskTimer } from '../../shared/events/task-timers.ts';
import type { UploadRetry } from '../../shared/events/upload-retries.ts';
import type { RemoteStepJob, StepTaker } from '../../shared/post-processing/queue.ts';
import type { RecordingFile } from '../../shared/schemas/recording.ts';
import { createDeliveries } from '../../shared/table/deliveries.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createLooseImages } from '../../shared/table/loose-images.ts';
import { createManifests } from '../../shared/table/manifests.ts';
import { createNotices } from '../../shared/table/notices.ts';
import { createOwedEvents } from '../../shared/table/owed-events.ts';
import { createPendingTasks } from '../../shared/table/pending-tasks.ts';
import { createRecorders } from '../../shared/table/recorders.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createRuns } from '../../shared/table/runs.ts';
import { createStreams } from '../../shared/table/streams.ts';
import type { Table } from '../../shared/table/table.ts';
import { createTasks } from '../../shared/table/tasks.ts';
import { createTaskTimers } from '../../shared/tasks/timers.ts';
import type { Telemetry } from './telemetry.ts';

export { newRecording as recordingWith, planWith } from '../../shared/recordings/recording.fixture.ts';

export const KEY = { domain: 'push.example.com', app: 'live', stream: 'demo' };
export const START = '2026-11-22T10:00:00.000Z';

/** What was counted and logged. */
export const createRecordedTelemetry = () => {
  const counted: string[] = [];
  const logged: { message: string; details: Record<string, unknown> | undefined }[] = [];
  const log = (message: string, details?: Record<string, unknown>) => {
    logged.push({ message, details });
  };
  const telemetry: Telemetry = {
    log: { info: log, warn: log, error: log },
    count: (name, value = 1) => {
      for (let times = 0; times < value; times += 1) counted.push(name);
    },
  };
  return { telemetry, counted, logged };
};

/** A clock that stands still until it is moved. */
export const createClock = () => {
  let time = Date.parse(START);
  return {
    now: () => new Date(time),
    at: (seconds = 0) => new Date(time + seconds * 1000).toISOString(),
    pass: (seconds: number) => {
      time += seconds * 1000;
    },
  };
};

/** The repositories on a table, queues that keep what is put into them, and a clock. */
export const createWorld = (table: Table) => {
  const clock = createClock();
  const sent = {
    jobs: [] as RecordJob[],
    completions: [] as CompletionJob[],
    retries: [] as UploadRetry[],
    deliveries: [] as DeliveryJob[],
    deletions: [] as string[],
    imageDeletions: [] as string[],
    steps: [] as (RemoteStepJob & { delaySeconds: number })[],
    remoteSteps: [] as (RemoteStepJob & { delaySeconds: number })[],
    events: [] as StreamEvent[],
    recordingEvents: [] as RecordingEvent[],
    timers: [] as (TaskTimer & { delaySeconds: number })[],
  };
  const { telemetry, counted, logged } = createRecordedTelemetry();
  const sources = { ...systemSources, now: clock.now };
  const tasks = createTasks(table);
  const queueStreamEvent = async (event: StreamEvent) => {
    sent.events.push(event);
  };
  const sendTimer = async (timer: TaskTimer, delaySeconds: number) => {
    sent.timers.push({ ...timer, delaySeconds });
  };
  const ports = {
    recordings: createRecordings(table),
    files: createFiles(table),
    notices: createNotices(table),
    manifests: createManifests(table),
    recorders: createRecorders(table),
    streams: createStreams(table),
    owedEvents: createOwedEvents(table, sources),
    tasks,
    pending: createPendingTasks(table, tasks, sources),
    references: createReferences(table, sources),
    taskTimers: createTaskTimers({ sendTimer, queueStreamEvent, now: clock.now }),
    queueStreamEvent,
    queueRecordingEvent: async (event: RecordingEvent) => {
      sent.recordingEvents.push(event);
    },
    domains: createDomains(table, sources),
    askServer: (url: URL): Promise<string> => Promise.reject(new Error(`Nobody answers at ${url.href}`)),
    deliveries: createDeliveries(table, sources),
    deliveryQueue: {
      send: async (jobs: readonly DeliveryJob[]) => {
        sent.deliveries.push(...jobs);
      },
    },
    runs: createRuns(table),
    queueStep: async (job: RemoteStepJob, delaySeconds: number, to: StepTaker) => {
      (to === 'workers' ? sent.steps : sent.remoteSteps).push({ ...job, delaySeconds });
    },
    queueStop: async (job: RemoteStepJob) => {
      sent.remoteSteps.push({ ...job, delaySeconds: 0 });
    },
    queueDeletion: async (recordId: string) => {
      sent.deletions.push(recordId);
    },
    looseImages: createLooseImages(table),
    queueImageDeletion: async ({ key }: { key: string }) => {
      sent.imageDeletions.push(key);
    },
    queues: {
      recordJob: async (job: RecordJob) => {
        sent.jobs.push(job);
      },
      completion: async (job: CompletionJob) => {
        sent.completions.push(job);
      },
      uploadRetry: async (retry: UploadRetry) => {
        sent.retries.push(retry);
      },
    },
    telemetry,
    now: clock.now,
    monotonicNow: () => clock.now().getTime(),
    wait: async (milliseconds: number) => clock.pass(milliseconds / 1000),
  };
  return { clock, sent, counted, logged, ports };
};
export type World = ReturnType<typeof createWorld>;

export const fileWith = (changes: Partial<RecordingFile> = {}): RecordingFile => ({
  recordId: 'rec_1',
  fileId: '0001-mp4',
  format: 'mp4',
  bucket: 'recordings',
  key: 'demo/1.mp4',
  state: 'recording',
  location: 'primary',
  sizeBytes: 0,
  durationSeconds: 0,
  startedAt: START,
  epoch: 1,
  ...changes,
});
