import { LambdaClient } from '@aws-sdk/client-lambda';
import { MediaConvertClient } from '@aws-sdk/client-mediaconvert';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { newSecret } from '../../shared/auth/secrets.ts';
import { ENV } from '../../shared/constants.ts';
import { readCidrs, readEnv } from '../../shared/env.ts';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import { readAllowed } from '../../shared/post-processing/allowed.ts';
import { createStepQueue, remoteStepJobSchema } from '../../shared/post-processing/queue.ts';
import { createCompletionQueue } from '../../shared/recordings/queues.ts';
import { createStores } from '../../shared/storage/stores.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createNotices } from '../../shared/table/notices.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createRuns } from '../../shared/table/runs.ts';
import { openTable } from '../../shared/table/table.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { readSpool } from '../common/spool.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { executionEventSchema, mediaConvertEventSchema } from './events.ts';
import { createOnEvent } from './on-event.ts';
import { createLambdaPerformer } from './performers/lambda.ts';
import { createMediaConvertPerformer } from './performers/media-convert.ts';
import { createStepFunctionsPerformer } from './performers/step-functions.ts';
import { createSeeTo } from './see-to.ts';

const { telemetry, wrap } = createTelemetry();
const env = readEnv([
  ...(['tableName', 'completionQueueUrl', 'stepsQueueUrl', 'remoteStepsQueueUrl'] as const),
  ...(['apiUrl', 'deployment'] as const),
]);
const table = openTable(env.tableName);
const sqs = new SQSClient({});
const stores = createStores(createAddressPolicy(readCidrs('storageAllowedCidrs')));

const lambdas = new Map<string, LambdaClient>();
const lambdaIn = (region: string): LambdaClient => {
  const client = lambdas.get(region) ?? new LambdaClient({ region });
  lambdas.set(region, client);
  return client;
};

const sfn = new SFNClient({});
const runs = createRuns(table);
const { env: environment } = process;

const { seeTo, tell } = createSeeTo({
  runs,
  recordings: createRecordings(table),
  files: createFiles(table),
  notices: createNotices(table),
  queues: createCompletionQueue(sqs, env.completionQueueUrl),
  queueStep: createStepQueue(sqs, env),
  spool: readSpool(),
  performers: {
    lambda: createLambdaPerformer({
      ...{ clientOf: lambdaIn, storeOf: stores.of, apiUrl: env.apiUrl, environment },
    }),
    'step-functions': createStepFunctionsPerformer({ client: sfn, environment }),
    mediaconvert: createMediaConvertPerformer({
      ...{ client: new MediaConvertClient({}), storeOf: stores.of, environment },
      ...{ role: environment[ENV.mediaConvertRole] ?? '', deployment: env.deployment },
    }),
  },
  allowed: readAllowed(),
  telemetry,
  newToken: newSecret,
  now: () => new Date(),
});

const onEvent = createOnEvent({
  tell,
  runs,
  describe: async (executionArn) => {
    const { status = 'RUNNING', ...rest } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return { ...rest, status };
  },
});

// What we have put into the queue ourselves, and what EventBridge has.
const schema = z.union([remoteStepJobSchema, mediaConvertEventSchema, executionEventSchema]);

export const handler = wrap(
  createQueueHandler({
    ...{ schema, fifo: false, telemetry },
    handle: (message) => ('source' in message ? onEvent(message) : seeTo(message)),
  }),
);
