import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startS3 } from '../s3/index.ts';
import { startIdentityServer } from './identity-server.ts';

const credentials = { accessKeyId: 'root', secretAccessKey: 'root-secret' };
const region = 'us-east-1';
const RoleArn = 'arn:aws:iam::123456789012:role/media';

let folder: string;
let steps: (() => Promise<unknown>)[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-'));
  steps = [() => rm(folder, { recursive: true })];
});
afterEach(async () => {
  for (const step of steps.reverse()) await step();
});

const start = async (now: () => number = Date.now, more: { trusts?: () => boolean } = {}) => {
  const faults: unknown[] = [];
  const secretsFile = join(folder, 'secrets.json');
  const server = await startIdentityServer({
    ...{ secretsFile, credentials, now },
    ...more,
    onFault: (error) => faults.push(error),
  });
  steps.push(() => server.close());
  const config = { endpoint: server.url, region, credentials };
  return {
    server,
    secretsFile,
    faults,
    sts: new STSClient(config),
    secrets: new SecretsManagerClient(config),
  };
};

const assume = async (sts: STSClient, DurationSeconds = 3600) => {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'a', DurationSeconds }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = Credentials ?? {};
  return {
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    expiration: Expiration,
  };
};

describe('The local STS', () => {
  it('gives sessions that the local S3 takes until they expire', async () => {
    const s3 = await startS3({ dataDir: join(folder, 's3'), credentials });
    steps.push(() => s3.close());
    const { sts } = await start();
    const clientOf = (session: Awaited<ReturnType<typeof assume>>['credentials']) =>
      new S3Client({ endpoint: s3.url, region, credentials: session, forcePathStyle: true });
    const { credentials: session, expiration } = await assume(sts, 900);
    expect(expiration?.getTime()).toBeGreaterThan(Date.now() + 800_000);
    expect(await clientOf(session).send(new ListBucketsCommand({}))).toMatchObject({ Buckets: [] });
    const forged = { ...session, sessionToken: session.sessionToken.replace(/^./, 'X') };
    await expect(clientOf(forged).send(new ListBucketsCommand({}))).rejects.toThrow(
      'does not exist in our records',
    );
    const mixed = { ...session, secretAccessKey: credentials.secretAccessKey };
    await expect(clientOf(mixed).send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
    const old = await assume((await start(() => Date.now() - 4000)).sts, 1);
    await expect(clientOf(old.credentials).send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'ExpiredToken',
    });
  });

  it('refuses roles that do not trust the caller, and callers that it does not know', async () => {
    const { sts, server } = await start(Date.now, { trusts: () => false });
    await expect(assume(sts)).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    const stranger = { accessKeyId: 'root', secretAccessKey: 'wrong' };
    const other = new STSClient({ endpoint: server.url, region, credentials: stranger });
    await expect(assume(other)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    expect(
      (await fetch(server.url, { method: 'POST', body: `Action=AssumeRole&RoleArn=${RoleArn}` })).status,
    ).toBe(403);
  });
});

describe('The local Secrets Manager', () => {
  it('keeps secrets over a restart, for their owner alone', async () => {
    const first = await start();
    const { ARN = '' } = await first.secrets.send(
      new CreateSecretCommand({ Name: 'a/b', SecretString: 'one' }),
    );
    await first.secrets.send(new PutSecretValueCommand({ SecretId: ARN, SecretString: 'two' }));
    const { mode } = await stat(first.secretsFile);
    expect(mode & 0o777).toBe(0o600);
    expect(await readFile(first.secretsFile, 'utf8')).toContain('two');
    const { secrets, faults } = await start();
    for (const SecretId of ['a/b', ARN]) {
      expect(await secrets.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({
        SecretString: 'two',
        ARN,
      });
    }
    await expect(
      secrets.send(new CreateSecretCommand({ Name: 'a/b', SecretString: 'x' })),
    ).rejects.toMatchObject({ name: 'ResourceExistsException' });
    await secrets.send(new DeleteSecretCommand({ SecretId: 'a/b' }));
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'a/b' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(faults).toEqual([]);
  });

  it('tells nothing to callers that it does not know', async () => {
    const { secrets, server } = await start();
    await secrets.send(new CreateSecretCommand({ Name: 'a', SecretString: 'hunter2' }));
    const headers = {
      'x-amz-target': 'secretsmanager.GetSecretValue',
      'content-type': 'application/x-amz-json-1.1',
    };
    const answer = await fetch(server.url, { method: 'POST', headers, body: '{"SecretId":"a"}' });
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain('hunter2');
  });
});
