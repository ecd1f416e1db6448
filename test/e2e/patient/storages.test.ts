import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataOf, type Schemas } from '../../../client/index.ts';
import { RECORDINGS_BUCKET } from '../../../local/bootstrap.ts';
import { bind } from '../../support/configure.ts';
import { expectFrames } from '../../support/frames.ts';
import { useLocalRun } from '../../support/local-run.ts';
import { makeSource, videoFrames } from '../../support/media.ts';
import { publish } from '../../support/publisher.ts';
import { download, endedRecording } from '../../support/recorded.ts';

const run = useLocalRun();
const roleArn = 'arn:aws:iam::123456789012:role/media';
const secretId = 'streamkeep/storages/e2e';

let source: string;
beforeAll(async () => {
  source = await makeSource(run.folder, 'source', { seconds: 5 });
  const { region, credentials } = run.s3;
  const endpoint = run.env.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? '';
  const secrets = new SecretsManagerClient({ region, credentials, endpoint });
  await secrets.send(new CreateSecretCommand({ Name: secretId, SecretString: JSON.stringify(credentials) }));
  secrets.destroy();
});

const recordTo = async (app: string, storage: Partial<Schemas['StorageInput']>) => {
  const body = { name: app, bucket: RECORDINGS_BUCKET, region: run.s3.region, ...storage };
  const { storageId } = await dataOf(run.api.POST('/v1/storages', { body }));
  const template = {
    name: app,
    formats: { mp4: {}, hls: { segmentSeconds: 2 } },
    storage: { primary: storageId },
  };
  const { templateId } = await dataOf(run.api.POST('/v1/templates', { body: template }));
  await bind(run.api, { domain: 'localhost', app, templateId });
  await publish(source, `${run.rtmpUrl}/${app}/${app}`).ended;
  return endedRecording(run.api, app);
};

const textOf = async (pattern: string): Promise<string> => {
  const texts: string[] = [];
  for await (const path of glob(pattern, { cwd: run.data })) {
    texts.push(await readFile(join(run.data, path), 'latin1'));
  }
  return texts.join('\n');
};

describe('A stream is recorded to a storage', () => {
  it.each([
    ['role', () => ({ credentials: { type: 'role' as const, roleArn } })],
    [
      'secret',
      () => ({
        endpoint: run.s3.url,
        forcePathStyle: true,
        credentials: { type: 'secret' as const, secretId },
      }),
    ],
  ])('with the credentials of a %s, which are kept nowhere', async (app, storage) => {
    const { recording, files } = await recordTo(app, storage());
    expect(recording).toMatchObject({ state: 'completed', reason: { code: 'session-ended' } });
    expect(files.map(({ format, state }) => [format, state]).sort()).toEqual([
      ['hls', 'ready'],
      ['mp4', 'ready'],
    ]);
    const frames = await videoFrames(source);
    for (const file of files) expectFrames(frames, await videoFrames(await download(file, run.folder)), 3);
    const kept = (await textOf('logs/*')) + (await textOf('table/*'));
    // Something was read at all, and it names what holds the credentials.
    expect(kept).toContain(app === 'role' ? roleArn : secretId);
    expect(kept).not.toContain(run.s3.credentials.secretAccessKey);
    expect(run.troubles).toEqual([]);
  });
});
