import { access, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { type ApiClient, ApiError, listOf } from './api-client.ts';
import { LOCAL_REGION } from './services/credentials.ts';

/** The bucket of the first start's storage. */
export const RECORDINGS_BUCKET = 'recordings';
/** The domain that the local ingest belongs to. */
export const LOCAL_DOMAIN = 'localhost';
export const LOCAL_ADAPTER = 'node-media-server';

const domainSchema = z.object({
  domain: z.string(),
  adapter: z.string(),
  source: z.object({ url: z.string() }),
  enabled: z.boolean(),
});
const anything = z.unknown();

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const named = async <Item extends { name: string }>(
  api: ApiClient,
  path: string,
  item: z.ZodType<Item>,
  name: string,
  make: () => unknown,
): Promise<Item> => {
  const { items } = await api.request('GET', `${path}?limit=100`, listOf(item));
  return (
    items.find((candidate) => candidate.name === name) ?? (await api.request('POST', path, item, make()))
  );
};

const findDomain = async (api: ApiClient) => {
  try {
    return await api.request('GET', `/v1/domains/${LOCAL_DOMAIN}`, domainSchema);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
};

/** Makes what a push needs to be recorded; goes on where an earlier start was interrupted. */
const makeDefaults = async (api: ApiClient, sourceUrl: string, secret: string): Promise<void> => {
  const storage = await named(
    api,
    '/v1/storages',
    z.object({ storageId: z.string(), name: z.string() }),
    'local',
    () => ({
      name: 'local',
      bucket: RECORDINGS_BUCKET,
      region: LOCAL_REGION,
      forcePathStyle: true,
    }),
  );
  const template = await named(
    api,
    '/v1/templates',
    z.object({ templateId: z.string(), name: z.string() }),
    'default',
    () => ({
      name: 'default',
      formats: { hls: {}, mp4: {}, flv: {} },
      storage: { primary: storage.storageId },
    }),
  );
  if ((await findDomain(api)) === undefined) {
    const domain = { domain: LOCAL_DOMAIN, adapter: LOCAL_ADAPTER, source: { url: sourceUrl }, secret };
    await api.request('POST', '/v1/domains', anything, domain);
  }
  const rules = await api.request('GET', '/v1/rules?limit=100', listOf(z.object({ domain: z.string() })));
  if (rules.items.some((rule) => rule.domain === LOCAL_DOMAIN)) return;
  await api.request('POST', '/v1/rules', anything, { domain: LOCAL_DOMAIN, templateId: template.templateId });
};

/**
 * The first start makes storage, template, domain and rule, through the API; later ones leave them as the user has
 * made them, and only tell the domain where the ingest is now.
 */
export const bootstrap = async (
  api: ApiClient,
  options: { sourceUrl: string; ingestSecret: string; marker: string },
): Promise<void> => {
  if (!(await exists(options.marker))) {
    await makeDefaults(api, options.sourceUrl, options.ingestSecret);
    await writeFile(options.marker, '');
  }
  const domain = await findDomain(api);
  if (domain === undefined || domain.source.url === options.sourceUrl) return;
  const moved = { ...domain, source: { url: options.sourceUrl } };
  await api.request('PUT', `/v1/domains/${LOCAL_DOMAIN}`, anything, moved);
};
