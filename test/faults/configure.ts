import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Client, createClient, dataOf } from '../../client/index.ts';
import { findStorage, LOCAL_DOMAIN, LOCAL_STORAGE } from '../../local/bootstrap.ts';
import type { LocalRun } from '../../local/index.ts';
import { bind, makeTemplate } from '../support/configure.ts';
import { SEGMENT_SECONDS, type Setup } from './fault-case.ts';
import { BACKUP_BUCKET, BACKUP_REGION } from './places.ts';

const SECRET = 'streamkeep/storages/backup';

/** A second storage, which has an endpoint and credentials of its own. @returns its id */
const makeBackup = async (
  api: Client,
  { env, s3: { region, credentials } }: Pick<LocalRun, 'env' | 's3'>,
  endpoint: string,
): Promise<string> => {
  const identity = env.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? '';
  const secrets = new SecretsManagerClient({ region, credentials, endpoint: identity });
  await secrets.send(new CreateSecretCommand({ Name: SECRET, SecretString: JSON.stringify(credentials) }));
  secrets.destroy();
  const body = {
    name: 'backup',
    bucket: BACKUP_BUCKET,
    region: BACKUP_REGION,
    endpoint,
    forcePathStyle: true,
    credentials: { type: 'secret', secretId: SECRET },
  } as const;
  return (await dataOf(api.POST('/v1/storages', { body }))).storageId;
};

/**
 * Has every stream of the application `live` recorded in all formats that the bench looks at.
 * @param options.backup where the backup storage is, if there is to be one
 */
export const configure = async (
  run: Pick<LocalRun, 'apiUrl' | 'adminToken'>,
  { hls, backup }: Pick<Setup, 'hls'> & { backup?: { url: string; run: Pick<LocalRun, 'env' | 's3'> } } = {},
): Promise<Client> => {
  const api = createClient({ url: run.apiUrl, token: run.adminToken });
  const formats = { hls: { segmentSeconds: SEGMENT_SECONDS, ...hls }, mp4: {}, flv: {} };
  const primary = (await findStorage(api, LOCAL_STORAGE))?.storageId ?? '';
  const storage =
    backup === undefined ? { primary } : { primary, backup: await makeBackup(api, backup.run, backup.url) };
  const templateId = await makeTemplate(api, 'faults', formats, { storage });
  await bind(api, { domain: LOCAL_DOMAIN, app: 'live', templateId });
  return api;
};
