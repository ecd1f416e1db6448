import { createApi } from '../../functions/api/api.ts';
import { hashSecret } from '../../shared/auth/secrets.ts';
import { createTokens, type Scope } from '../../shared/auth/tokens.ts';
import type { DeliveryJob } from '../../shared/callbacks/queue.ts';
import { createTargetPolicy } from '../../shared/callbacks/target.ts';
import { systemSources } from '../../shared/config/items.ts';
import type { StreamEvent } from '../../shared/events/stream-events.ts';
import type { TaskTimer } from '../../shared/events/task-timers.ts';
import type { Allowed } from '../../shared/post-processing/allowed.ts';
import type { RemoteStepJob } from '../../shared/post-processing/queue.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import type { Stores } from '../../shared/storage/stores.ts';
import { createTaskTimers } from '../../shared/tasks/timers.ts';
import { startTable, type TestTable } from './table.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export interface CallOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string;
  /** Whether `raw` is base64, as bodies that are no text are. */
  readonly isBase64?: boolean;
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

export interface TestApi {
  readonly table: TestTable;
  readonly tokens: Readonly<Record<Scope | 'all', string>>;
  /** Everything that was logged, as text. */
  readonly logged: string[];
  /** What was put into the queue of deliveries. */
  readonly deliveryJobs: DeliveryJob[];
  /** What was put into the queues of the recordings' and the tasks' work. */
  readonly sent: {
    readonly jobs: unknown[];
    readonly completions: unknown[];
    readonly retries: unknown[];
    readonly events: StreamEvent[];
    readonly steps: (RemoteStepJob & { readonly delaySeconds: number })[];
    readonly remoteSteps: (RemoteStepJob & { readonly delaySeconds: number })[];
    readonly timers: (TaskTimer & { readonly delaySeconds: number })[];
  };
  /** Recordings whose deletion was queued. */
  readonly deletions: string[];
  /** What the bucket of this name is; by default one in memory that allows everything. */
  readonly stores: Map<string, ObjectStore>;
  clock: Date;
  /** With the token that has all scopes, unless another one is given; null: without. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

/** What orchestrations may name here. */
export const ALLOWED: Allowed = {
  functions: ['arn:aws:lambda:eu-central-1:123456789012:function:index'],
  stateMachines: ['arn:aws:states:eu-central-1:123456789012:stateMachine:review'],
  jobTemplates: ['ladder'],
};

/** The API on a table of its own, called with the events that an HTTP API makes; `realStores` in place of those in memory. */
export const startApi = async (realStores?: Stores): Promise<TestApi> => {
  const table = await startTable();
  const store = createTokens(table);
  const tokens = { read: 'token-read', write: 'token-write', ingest: 'token-ingest', all: 'token-all' };
  for (const [name, token] of Object.entries(tokens)) {
    const scopes: Scope[] = name === 'all' ? ['read', 'write', 'ingest'] : [name as Scope];
    await store.ensure({ tokenHash: hashSecret(token), name, scopes });
  }
  const logged: string[] = [];
  const log = (message: string, details: Record<string, unknown> = {}): void => {
    logged.push(`${message} ${JSON.stringify(details)} ${String(details.error ?? '')}`);
  };
  const stores = new Map<string, ObjectStore>();
  const memory = createMemoryObjectStore();
  const storeOf = ({ bucket }: Bucket): ObjectStore => stores.get(bucket) ?? memory;

  const deliveryJobs: DeliveryJob[] = [];
  const deletions: string[] = [];
  const sent: TestApi['sent'] = {
    jobs: [],
    completions: [],
    retries: [],
    events: [],
    steps: [],
    remoteSteps: [],
    timers: [],
  };
  const into = (queue: unknown[]) => async (message: unknown) => {
    queue.push(message);
  };
  const api: TestApi = {
    table,
    tokens,
    logged,
    deliveryJobs,
    deletions,
    sent,
    stores,
    clock: new Date('2026-11-22T12:00:00.000Z'),
    call: async (method, path, { body, raw, isBase64 = false, token = tokens.all, headers = {} } = {}) => {
      const [rawPath = '', rawQueryString = ''] = path.split(/\?(.*)/s);
      const {
        statusCode,
        headers: answered,
        body: text = '',
        isBase64Encoded: isZipped = false,
      } = await answer({
        version: '2.0',
        rawPath,
        rawQueryString,
        headers: {
          ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined && raw === undefined ? {} : { body: raw ?? JSON.stringify(body) }),
        isBase64Encoded: isBase64,
        requestContext: { domainName: 'api.example.com', requestId: 'request-1', http: { method } },
      });
      const isJson = text !== '' && !isZipped && /json/.test(String(answered?.['content-type']));
      return {
        status: statusCode ?? 0,
        headers: answered ?? {},
        text,
        json: isJson ? JSON.parse(text) : undefined,
      };
    },
    close: () => table.close(),
  };
  const answer = createApi({
    table,
    stores: realStores ?? { of: storeOf, open: storeOf },
    spool: { bucket: 'spool', region: 'eu-west-3' },
    deliveryQueue: {
      send: async (jobs) => {
        deliveryJobs.push(...jobs);
      },
    },
    queueDeletion: async (recordId) => {
      deletions.push(recordId);
    },
    queueStep: async (job, delaySeconds, to) => {
      (to === 'workers' ? sent.steps : sent.remoteSteps).push({ ...job, delaySeconds });
    },
    allowed: ALLOWED,
    queues: {
      recordJob: into(sent.jobs),
      completion: into(sent.completions),
      uploadRetry: into(sent.retries),
    },
    taskTimers: createTaskTimers({
      sendTimer: async (timer, delaySeconds) => {
        sent.timers.push({ ...timer, delaySeconds });
      },
      queueStreamEvent: into(sent.events),
      now: () => api.clock,
    }),
    callbackTargets: createTargetPolicy([]),
    sources: { ...systemSources, now: () => api.clock },
    log: { info: log, warn: log, error: log },
  });
  return api;
};
