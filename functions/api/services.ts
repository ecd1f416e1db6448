import { readSigningKey } from '../../shared/auth/signing-key.ts';
import { createTokens } from '../../shared/auth/tokens.ts';
import type { DeliveryQueue } from '../../shared/callbacks/queue.ts';
import type { TargetPolicy } from '../../shared/callbacks/target.ts';
import { createDomainBinder } from '../../shared/config/bind-domains.ts';
import { createCallbacks } from '../../shared/config/callbacks.ts';
import { createDomains } from '../../shared/config/domains.ts';
import { createExplainer } from '../../shared/config/explain.ts';
import type { Sources } from '../../shared/config/items.ts';
import { createOrchestrations } from '../../shared/config/orchestrations.ts';
import { openConfig } from '../../shared/config/plan.ts';
import { createReferences } from '../../shared/config/references.ts';
import { createRules } from '../../shared/config/rules.ts';
import { createStandbys } from '../../shared/config/standbys.ts';
import { createStorages } from '../../shared/config/storages.ts';
import { createTemplates } from '../../shared/config/templates.ts';
import { createTranscodes } from '../../shared/config/transcodes.ts';
import { createWatermarks } from '../../shared/config/watermarks.ts';
import type { QueueDeletion } from '../../shared/deletion/queue.ts';
import type { Allowed } from '../../shared/post-processing/allowed.ts';
import type { RunInput } from '../../shared/post-processing/machine.ts';
import type { QueueStep } from '../../shared/post-processing/queue.ts';
import { type RunPorts, transitionRun } from '../../shared/post-processing/transition.ts';
import type { WorkQueues } from '../../shared/recordings/queues.ts';
import { stopRecording } from '../../shared/recordings/stop.ts';
import type { Run } from '../../shared/schemas/post-processing.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import type { Stores } from '../../shared/storage/stores.ts';
import { createDeliveries } from '../../shared/table/deliveries.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createNotices } from '../../shared/table/notices.ts';
import { createPendingTasks } from '../../shared/table/pending-tasks.ts';
import { createRecorders } from '../../shared/table/recorders.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createRuns } from '../../shared/table/runs.ts';
import { createStreams } from '../../shared/table/streams.ts';
import type { Table } from '../../shared/table/table.ts';
import { createTasks } from '../../shared/table/tasks.ts';
import { createTaskManager, type TaskManager } from '../../shared/tasks/manage.ts';
import type { TaskTimers } from '../../shared/tasks/timers.ts';
import type { Log } from '../common/telemetry.ts';

/** What the API reaches the world through. */
export interface ApiPorts {
  readonly table: Table;
  readonly stores: Stores;
  /** This installation's own bucket. */
  readonly spool: Bucket;
  readonly deliveryQueue: DeliveryQueue;
  readonly queueDeletion: QueueDeletion;
  readonly queueStep: QueueStep;
  /** What steps of post-processing may be handed over to. */
  readonly allowed: Allowed;
  /** For recordings that end by request. */
  readonly queues: WorkQueues;
  readonly taskTimers: TaskTimers;
  /** Where callbacks may be sent. */
  readonly callbackTargets: TargetPolicy;
  readonly sources: Sources;
  readonly log: Log;
}

/** Without the members that are undefined. */
export const defined = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [Name in keyof Value]?: Exclude<Value[Name], undefined>;
  };

const createSigningKey = (table: Table) => {
  let known: string | undefined;
  return async (): Promise<string> => {
    known ??= await readSigningKey(table);
    return known;
  };
};

const createTaskServices = ({
  table,
  sources,
  taskTimers,
}: Pick<ApiPorts, 'table' | 'sources' | 'taskTimers'>): TaskManager => {
  const tasks = createTasks(table);
  const domains = createDomains(table, sources);
  const storages = createStorages(table, sources);
  return createTaskManager({
    ...sources,
    tasks,
    pending: createPendingTasks(table, tasks, sources),
    references: createReferences(table, sources),
    taskTimers,
    hasDomain: async (domain) => (await domains.get(domain)) !== undefined,
    hasDefaultStorage: async () => (await storages.getDefault()) !== undefined,
  });
};

const createRecordingStop = ({
  table,
  queues,
  taskTimers,
  sources,
}: Pick<ApiPorts, 'table' | 'queues' | 'taskTimers' | 'sources'>) => {
  const ports = {
    recordings: createRecordings(table),
    files: createFiles(table),
    notices: createNotices(table),
    recorders: createRecorders(table),
    queues,
    now: sources.now,
  };
  return async (recordId: string): Promise<Recording | undefined> => {
    const recording = await stopRecording(ports, recordId, 'stopped');
    if (recording?.taskId === undefined) return recording;
    // Its task must know before somebody deletes it: otherwise it would be recorded once more.
    const { domain, app, stream } = recording;
    await taskTimers({ key: { domain, app, stream }, at: sources.now().toISOString() });
    return recording;
  };
};

const createRunChange = ({ table, ...ports }: Pick<ApiPorts, 'table' | 'queues' | 'queueStep'>) => {
  const all: RunPorts = {
    ...ports,
    runs: createRuns(table),
    recordings: createRecordings(table),
    notices: createNotices(table),
  };
  return (run: Pick<Run, 'recordId' | 'runId'>, input: RunInput) => transitionRun(all, run, input);
};

/** What the routes work with. */
export const createServices = ({
  table,
  stores,
  spool,
  deliveryQueue,
  queueDeletion,
  queueStep,
  allowed,
  queues,
  taskTimers,
  callbackTargets,
  sources,
}: ApiPorts) => ({
  domains: createDomains(table, sources),
  storages: createStorages(table, sources),
  templates: createTemplates(table, sources),
  standbys: createStandbys(table, { put: (...object) => stores.of(spool).put(...object) }, sources),
  watermarks: createWatermarks(table, { put: (...object) => stores.of(spool).put(...object) }, sources),
  transcodes: createTranscodes(table, sources),
  orchestrations: createOrchestrations(table, sources),
  allowed,
  rules: createRules(table, sources),
  tasks: createTaskServices({ table, sources, taskTimers }),
  bindDomains: createDomainBinder(table, sources),
  explain: createExplainer(openConfig(table)),
  tokens: createTokens(table, sources),
  streams: createStreams(table),
  recordings: createRecordings(table),
  stopRecording: createRecordingStop({ table, queues, taskTimers, sources }),
  files: createFiles(table),
  runs: createRuns(table),
  /** Applies what somebody asks for to a run of an orchestration. */
  changeRun: createRunChange({ table, queues, queueStep }),
  recorders: createRecorders(table),
  callbacks: createCallbacks(table, sources),
  deliveries: createDeliveries(table, sources),
  deliveryQueue,
  queueDeletion,
  callbackTargets,
  signingKey: createSigningKey(table),
  /** To try a bucket out. */
  openStore: stores.open,
  storeOf: stores.of,
  spool,
  sources,
  now: sources.now,
});
export type Services = ReturnType<typeof createServices>;
