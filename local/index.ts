import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createClient } from '../client/index.ts';
import { hashSecret } from '../shared/auth/secrets.ts';
import { createTokens, SCOPES } from '../shared/auth/tokens.ts';
import { ENV } from '../shared/constants.ts';
import { bootstrap, LOCAL_ADAPTER, LOCAL_DOMAIN, RECORDINGS_BUCKET } from './bootstrap.ts';
import { type ContainerProcesses, startContainers } from './container-processes.ts';
import { openDataFolder } from './data-folder.ts';
import { drained } from './drain.ts';
import { startIngest } from './ingest/index.ts';
import { startEventSource } from './lambda/event-sources.ts';
import { startHttpApi } from './lambda/http-api.ts';
import { startSchedule } from './lambda/schedules.ts';
import { createLogs } from './logs.ts';
import { followNotices, type NoticeEvents } from './notices.ts';
import type { LocalOptions } from './options.ts';
import { listening } from './ports.ts';
import { createBucket } from './services/buckets.ts';
import {
  awsEnv,
  type Credentials,
  type Endpoints,
  givenServices,
  LOCAL_REGION,
} from './services/credentials.ts';
import { startIdentityServer } from './services/identity-server.ts';
import { startQueueServer } from './services/queue-server.ts';
import { reachable, startS3Server } from './services/s3-server.ts';
import { startTableServer } from './services/table-server.ts';
import { containerServicesOf } from './stack/containers.ts';
import { playFunctions } from './stack/functions.ts';
import { createResources } from './stack/resources.ts';
import { eventSourcesOf, routesOf, schedulesOf } from './stack/triggers.ts';
import { createStopper, type Stopper } from './stopper.ts';
import { IMAGE_FOLDER, synthesize } from './synth.ts';
import { loadAssembly } from './template/load.ts';

export interface LocalRun extends ContainerProcesses {
  readonly apiUrl: string;
  /** Without application and stream name. */
  readonly rtmpUrl: string;
  readonly s3: { readonly url: string; readonly region: string; readonly credentials: Credentials };
  readonly adminToken: string;
  /** Whether the admin token was made just now. */
  readonly isNew: boolean;
  /** Variables that send the AWS SDK of a client to the local services. */
  readonly env: Readonly<Record<string, string>>;
  readonly tableName: string;
  /** For what no storage takes. */
  readonly spoolBucket: string;
  /** Ends a function's runs as a crash of its environments would. @returns how many there were */
  crash(functionName: string): number;
  /** Emits `notice` for all that Streamkeep tells the world. */
  readonly notices: NoticeEvents;
  /** Stops everything in order: nothing more comes in, recorders close their files, functions finish. */
  close(): Promise<void>;
  /** Kills the processes at once. */
  abandon(): void;
}

export interface StartOptions extends LocalOptions {
  /** @default the token of the data folder */
  readonly adminToken?: string | undefined;
  /** Told, in one line each, what goes wrong beside recordings. */
  readonly onTrouble: (line: string) => void;
  /** Puts something between the services and the functions and recorders: these are told the endpoints it returns. */
  readonly interpose?: (endpoints: Endpoints) => Promise<Endpoints>;
  /** Variables of all functions and recorders, in place of what the templates say. */
  readonly env?: Readonly<Record<string, string>>;
  /** As `env`, of one recorder, which are counted from 1. */
  readonly recorderEnv?: (number: number) => Readonly<Record<string, string>>;
  /** Runs schedules as often as this, when they would run more seldom. */
  readonly mostScheduleMs?: number;
}

/** The data folder belongs to another run. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';

  constructor(folder: string, pid: number) {
    super(
      `${folder} is in use by another run, process ${pid}. Stop that one, or choose another folder with --data.`,
    );
  }
}

/** For the last messages of recorders to be handled. What is left is found again by the next start's sweeper. */
const DRAIN_MS = 5000;

const start = async (options: StartOptions, stopper: Stopper): Promise<LocalRun> => {
  const trouble = options.onTrouble;
  const onFault = (error: unknown): void => trouble(error instanceof Error ? error.message : String(error));
  const synthesis = synthesize();
  synthesis.catch(() => undefined);

  const opened = await openDataFolder(options.data);
  if (opened.type === 'in-use') throw new DataFolderInUseError(options.data, opened.pid);
  const { folder } = opened;
  stopper.add(() => folder.close());
  const logs = createLogs(folder.path('logs'));
  stopper.add(() => logs.close());

  const { accessKeyId, secretAccessKey, ingestSecret } = folder.secrets;
  const credentials: Credentials = { accessKeyId, secretAccessKey };
  const queueServer = await startQueueServer();
  stopper.add(() => queueServer.close());
  const tableServer = await startTableServer(folder.path('table'));
  stopper.add(() => tableServer.close());
  const s3 = await listening(
    () =>
      startS3Server({ dataDir: folder.path('s3'), host: options.host, port: options.s3Port, credentials }),
    { what: 'S3', port: options.s3Port, option: '--s3-port' },
  );
  stopper.add(() => s3.close());

  const identity = await startIdentityServer({
    secretsFile: folder.path('secrets-manager.json'),
    credentials,
    onFault,
  });
  stopper.add(() => identity.close());

  const direct = { queues: queueServer.url, table: tableServer.url, s3: s3.url, identity: identity.url };
  const endpoints = (await options.interpose?.(direct)) ?? direct;
  const env = awsEnv(endpoints, credentials);
  const common = { region: LOCAL_REGION, credentials };
  const clients = {
    sqs: new SQSClient({ ...common, endpoint: queueServer.url }),
    sns: new SNSClient({ ...common, endpoint: queueServer.url }),
    table: new DynamoDBClient({ ...common, endpoint: tableServer.url }),
    s3: new S3Client({ ...common, endpoint: s3.url, forcePathStyle: true }),
  };
  stopper.add(async () => {
    for (const client of Object.values(clients)) client.destroy();
  });

  const stack = await createResources(await loadAssembly(await synthesis), clients, endpoints.queues);
  await createBucket(clients.s3, RECORDINGS_BUCKET);

  const functions = playFunctions(stack, {
    env,
    more: {
      // The template's own address is one of AWS. A port that is chosen later is not known yet.
      ...(options.port === 0 ? {} : { [ENV.apiUrl]: `http://${reachable(options.host)}:${options.port}` }),
      ...givenServices(),
      ...options.env,
    },
    log: logs.open,
    onFailure: (name, result) =>
      trouble(
        result.type === 'timeout'
          ? `Function ${name} took too long`
          : `Function ${name} failed: ${result.error.name}: ${result.error.message}`,
      ),
  });
  const sources = eventSourcesOf(stack, functions);
  const routes = routesOf(stack, functions);
  const schedules = schedulesOf(stack, functions);
  const services = containerServicesOf(stack);
  stopper.add(async () => {
    await Promise.all(functions.used().map((lambda) => lambda.close()));
  });
  // Loading one takes a core for half a second: while many streams start at once, that would cost their first seconds.
  const awaited = [...routes.map(({ target }) => target), ...sources.map((source) => source.function)];
  await Promise.all([...new Set(awaited)].map((lambda) => lambda.warm()));

  const [recorderService] = services.filter(({ entry }) => entry === undefined);
  const tableName = recorderService?.env[ENV.tableName];
  const spoolBucket = recorderService?.env[ENV.spoolBucket];
  if (tableName === undefined || spoolBucket === undefined)
    throw new Error('The templates have no recorder service with a table and a spool bucket');
  const adminToken = options.adminToken ?? folder.secrets.adminToken;
  const documents = DynamoDBDocumentClient.from(clients.table);
  await createTokens({ client: documents, tableName }).ensure({
    tokenHash: hashSecret(adminToken),
    name: 'local-admin',
    scopes: [...SCOPES],
  });

  const notices: NoticeEvents = new EventEmitter();
  const follower = await followNotices(stack, clients, notices, onFault);
  stopper.add(() => follower.stop());

  const api = await listening(
    () => startHttpApi({ host: options.host, port: options.port, routes, onFault }),
    {
      what: 'the API',
      port: options.port,
      option: '--port',
    },
  );
  stopper.add(() => api.close());
  const eventSources = sources.map((source) => startEventSource(clients.sqs, source, onFault));
  stopper.add(async () => {
    await Promise.all(eventSources.map((source) => source.stop()));
  });
  stopper.add(() =>
    drained(
      clients.sqs,
      sources.map((source) => source.queueUrl),
      DRAIN_MS,
    ),
  );

  const { recorders, workers } = await startContainers(
    services,
    {
      image: join(await synthesis, IMAGE_FOLDER),
      ...{ env, more: options.env ?? {}, recorderEnv: options.recorderEnv, recorders: options.recorders },
      scratchOf: (name) => folder.path(`scratch/${name}`),
      logOf: logs.open,
      onTrouble: trouble,
    },
    stopper,
  );

  const ingestPath = `/v1/ingest/${LOCAL_ADAPTER}/${LOCAL_DOMAIN}`;
  const ingest = await listening(
    () =>
      startIngest({
        host: options.host,
        port: options.rtmpPort,
        notifyUrl: `${api.url}${ingestPath}?secret=${ingestSecret}`,
        log: logs.open('ingest'),
        onDeath: (how) => trouble(`The RTMP ingest died (${how}); starting it again`),
      }),
    { what: 'the RTMP ingest', port: options.rtmpPort, option: '--rtmp-port' },
  );
  stopper.add(() => ingest.stop());
  stopper.addKill(() => ingest.abandon());

  const rtmpUrl = `rtmp://${reachable(options.host)}:${ingest.port}`;
  await bootstrap(createClient({ url: api.url, token: adminToken }), {
    sourceUrl: `${rtmpUrl}/{app}/{stream}`,
    ingestSecret,
    marker: folder.path('bootstrapped'),
  });

  const running = schedules.map((schedule) =>
    startSchedule(schedule.function, Math.min(schedule.everyMs, options.mostScheduleMs ?? schedule.everyMs)),
  );
  stopper.add(async () => {
    for (const schedule of running) schedule.stop();
  });

  return {
    apiUrl: api.url,
    rtmpUrl,
    s3: { url: s3.url, region: LOCAL_REGION, credentials },
    adminToken,
    isNew: folder.isNew && options.adminToken === undefined,
    env,
    tableName,
    spoolBucket,
    recorders,
    workers,
    crash: (functionName) =>
      functions
        .used()
        .filter(({ name }) => name.includes(functionName))
        .reduce((sum, lambda) => sum + lambda.crash(), 0),
    notices,
    close: () => stopper.stop(),
    abandon: () => stopper.kill(),
  };
};

/**
 * Plays the whole of Streamkeep on this machine; resolves when everything answers. What was started is stopped again
 * when something fails.
 * @throws DataFolderInUseError, PortInUseError, or what synthesis or a function's code is wrong with
 */
export const startLocal = async (
  options: StartOptions,
  stopper: Stopper = createStopper(),
): Promise<LocalRun> => {
  try {
    return await start(options, stopper);
  } catch (error) {
    await stopper.stop();
    throw error;
  }
};
