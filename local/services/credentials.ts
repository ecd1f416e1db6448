import { randomBytes } from 'node:crypto';
import { ENV } from '../../shared/constants.ts';

/** Of the local services; made once for each data folder. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export const LOCAL_REGION = 'us-east-1';

export const makeCredentials = (): Credentials => ({
  accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString('base64url'),
});

/** Where the local services answer. */
export interface Endpoints {
  readonly queues: string;
  readonly table: string;
  readonly s3: string;
  /** STS and Secrets Manager. */
  readonly identity: string;
}

/** The standard variables that send every AWS SDK to the local services. */
export const awsEnv = (endpoints: Endpoints, credentials: Credentials): Record<string, string> => ({
  AWS_REGION: LOCAL_REGION,
  AWS_DEFAULT_REGION: LOCAL_REGION,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_ENDPOINT_URL: endpoints.queues,
  AWS_ENDPOINT_URL_SQS: endpoints.queues,
  AWS_ENDPOINT_URL_SNS: endpoints.queues,
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.table,
  AWS_ENDPOINT_URL_S3: endpoints.s3,
  AWS_ENDPOINT_URL_STS: endpoints.identity,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.identity,
  // Keeps the SDK from asking the instance metadata service or reading the user's own profile.
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
});

/** Services that are not played, for which somebody may have a server, and what steps may be handed over to there. */
const NOT_PLAYED = [
  ...['AWS_ENDPOINT_URL_LAMBDA', 'AWS_ENDPOINT_URL_SFN', 'AWS_ENDPOINT_URL_MEDIACONVERT'],
  ...[ENV.allowedFunctions, ENV.allowedStateMachines, ENV.allowedJobTemplates, ENV.mediaConvertRole],
];

/** Of these, what the environment of the run says. */
export const givenServices = (environment: NodeJS.ProcessEnv = process.env): Record<string, string> =>
  Object.fromEntries(
    NOT_PLAYED.flatMap((name) => {
      const value = environment[name] ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
