import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { vi } from 'vitest';
import { type S3Instance, startS3 } from '../../local/s3/index.ts';
import { startIdentityServer } from '../../local/services/identity-server.ts';

/** Who assumes a role, as its trust policy sees it. */
export interface Assumption {
  readonly arn: string;
  readonly externalId: string | undefined;
}

export interface StorageWorld {
  readonly s3: S3Instance;
  /** Permissions that S3 denies to everybody, such as `s3:PutObject`. */
  readonly denied: Set<string>;
  /** Roles that were asked for, whether or not they trusted us. */
  readonly assumed: Assumption[];
  /** Roles that trust nobody. */
  readonly distrustful: Set<string>;
  /** A store with keys of its own, as of another vendor. */
  readonly foreign: S3Instance;
  readonly foreignKeys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  createSecret(name: string, value: string): Promise<void>;
  putSecret(name: string, value: string): Promise<void>;
  deleteSecret(name: string): Promise<void>;
  /** Makes a bucket on both servers. */
  makeBucket(name: string): Promise<void>;
  /** Keys of objects and of open uploads, on both servers. */
  contents(bucket: string): Promise<string[]>;
  close(): Promise<void>;
}

const KEYS = { accessKeyId: 'world', secretAccessKey: 'the-secret-of-the-world' };
const FOREIGN = { accessKeyId: 'foreigner', secretAccessKey: 'the-secret-of-the-foreigner' };

/**
 * Two S3 servers, STS and Secrets Manager, which the SDK finds by its own variables. The first S3 server takes the keys
 * of the environment and sessions of roles; the second one keys of its own. Both have the bucket `media`.
 */
export const startStorageWorld = async (): Promise<StorageWorld> => {
  const folder = await mkdtemp(join(tmpdir(), 'storages-'));
  const denied = new Set<string>();
  const assumed: Assumption[] = [];
  const distrustful = new Set<string>();
  const faults: unknown[] = [];
  // Read each time, so that tests can put the clock forward.
  const now = () => Date.now();
  const s3 = await startS3({ dataDir: join(folder, 'own'), credentials: KEYS, denied, now });
  const foreign = await startS3({ dataDir: join(folder, 'foreign'), credentials: FOREIGN, now });
  const identity = await startIdentityServer({
    secretsFile: join(folder, 'secrets.json'),
    credentials: KEYS,
    now,
    trusts: (role) => {
      assumed.push(role);
      return !distrustful.has(role.arn);
    },
    onFault: (error) => {
      faults.push(error);
    },
  });
  for (const [name, value] of Object.entries({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_STS: identity.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: identity.url,
  })) {
    vi.stubEnv(name, value);
  }
  const secrets = new SecretsManagerClient({});
  const common = { region: 'us-east-1', forcePathStyle: true };
  const clients = [
    new S3Client(common),
    new S3Client({ ...common, endpoint: foreign.url, credentials: FOREIGN }),
  ];
  const makeBucket = async (Bucket: string): Promise<void> => {
    await Promise.all(clients.map((client) => client.send(new CreateBucketCommand({ Bucket }))));
  };
  await makeBucket('media');

  return {
    s3,
    denied,
    assumed,
    distrustful,
    foreign,
    foreignKeys: FOREIGN,
    createSecret: async (Name, SecretString) =>
      void (await secrets.send(new CreateSecretCommand({ Name, SecretString }))),
    putSecret: async (SecretId, SecretString) =>
      void (await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }))),
    deleteSecret: async (SecretId) => void (await secrets.send(new DeleteSecretCommand({ SecretId }))),
    makeBucket,
    contents: async (Bucket) => {
      const held = new Set(denied);
      denied.clear();
      const found = clients.map(async (client) => {
        const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
        const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
        return [...Contents, ...Uploads].map(({ Key = '' }) => Key);
      });
      const keys = (await Promise.all(found)).flat();
      for (const permission of held) denied.add(permission);
      return keys;
    },
    close: async () => {
      for (const client of [...clients, secrets]) client.destroy();
      await Promise.all([s3.close(), foreign.close(), identity.close()]);
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
      if (faults.length > 0) throw new AggregateError(faults, 'The identity server has faults');
    },
  };
};
