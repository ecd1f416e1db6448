import {
  GetSecretValueCommand,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts';
import * as z from 'zod';
import type { StorageCredentials } from '../schemas/storage.ts';
import { saysTooMuch } from '../throttling.ts';
import { StorageError } from './object-store.ts';
import { createRenewed } from './renewed.ts';

/** What requests are signed with. */
export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When requests and URLs signed with it stop working. */
  readonly expiration?: Date;
}
export type Identify = () => Promise<Identity>;

/** A session that was assumed by a role, as ours are, lasts an hour at most. */
const SESSION_SECONDS = 3600;
/** Presigned URLs die with their session, so a session is never old: a URL lives 50 minutes at least. */
const RENEW_SESSION_MS = 10 * 60_000;
/** A secret that was changed is in use everywhere after that. */
const READ_SECRET_MS = 2 * 60_000;

const REQUEST_HANDLER = { connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true };

const isForTheMoment = ({ $fault, $retryable, name }: STSServiceException): boolean =>
  $fault === 'server' || $retryable !== undefined || saysTooMuch(name);

/**
 * Runs one request for credentials; what it throws becomes a `StorageError`. It is `denied` even when a secret is
 * missing: `missing` would say that an object is not there, which nobody could have seen.
 */
const translated = async <Result>(operation: string, run: () => Promise<Result>): Promise<Result> => {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    const isAnswer = cause instanceof STSServiceException || cause instanceof SecretsManagerServiceException;
    const kind = isAnswer && !isForTheMoment(cause) ? 'denied' : 'unavailable';
    const words = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new StorageError(kind, operation, `${operation}: ${words}`);
  }
};

const sessionSchema = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  SessionToken: z.string(),
  Expiration: z.date(),
});

type RoleCredentials = Extract<StorageCredentials, { type: 'role' }>;

const assumeRole = ({ roleArn, externalId }: RoleCredentials): Identify => {
  const client = new STSClient({ requestHandler: REQUEST_HANDLER });
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: 'streamkeep',
    DurationSeconds: SESSION_SECONDS,
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  });
  return () =>
    translated('AssumeRole', async () => {
      const { Credentials } = await client.send(command);
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = sessionSchema.parse(Credentials);
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
      };
    });
};

// A key that was pasted with a line end would fail later, with a message about headers.
const keySchema = z.string().regex(/^[\x21-\x7e]{1,8192}$/);
const secretSchema = z.object({
  accessKeyId: keySchema,
  secretAccessKey: keySchema,
  sessionToken: keySchema.optional(),
});

/** @throws StorageError that says nothing of what is in the secret, as the parsers' own errors would */
const parseSecret = (text: string | undefined): Identity => {
  const malformed = () =>
    new StorageError(
      'denied',
      'GetSecretValue',
      'GetSecretValue: the secret must be JSON with the texts accessKeyId and secretAccessKey, and sessionToken if there is one',
    );
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    throw malformed();
  }
  const parsed = secretSchema.safeParse(value);
  if (!parsed.success) throw malformed();
  const { sessionToken, ...keys } = parsed.data;
  return { ...keys, ...(sessionToken === undefined ? {} : { sessionToken }) };
};

/** An ARN says where its secret is; a name is one of our own region. */
const regionOf = (secretId: string): { region?: string } => {
  const [, region] = /^arn:[^:]*:secretsmanager:([a-z0-9-]+):/.exec(secretId) ?? [];
  return region === undefined ? {} : { region };
};

const readSecret = (secretId: string): Identify => {
  const client = new SecretsManagerClient({ requestHandler: REQUEST_HANDLER, ...regionOf(secretId) });
  return () =>
    translated('GetSecretValue', async () => {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      return parseSecret(SecretString);
    });
};

/**
 * The credentials that a storage refers to, fetched when they are first needed and renewed in time. Throw
 * `StorageError` of operation `AssumeRole` or `GetSecretValue`: `denied`, or `unavailable` for what may pass.
 */
export const createIdentify = (credentials: StorageCredentials, now: () => number = Date.now): Identify =>
  credentials.type === 'role'
    ? createRenewed(assumeRole(credentials), { afterMs: RENEW_SESSION_MS, now })
    : createRenewed(readSecret(credentials.secretId), { afterMs: READ_SECRET_MS, now });
