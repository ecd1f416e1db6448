import { access, writeFile } from 'node:fs/promises';
import { ApiProblem, type Client, dataOf, itemsOf, type Schemas, versionedOf } from '../client/index.ts';
import { LOCAL_REGION } from './services/credentials.ts';

/** The bucket of the first start's storage. */
export const RECORDINGS_BUCKET = 'recordings';
/** The domain that the local ingest belongs to. */
export const LOCAL_DOMAIN = 'localhost';
export const LOCAL_ADAPTER = 'node-media-server';
/** The name of the first start's storage. */
export const LOCAL_STORAGE = 'local';

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const found = async <Item extends { name: string }>(
  items: AsyncIterable<Item>,
  name: string,
): Promise<Item | undefined> => {
  for await (const item of items) if (item.name === name) return item;
  return undefined;
};

export const findStorage = (api: Client, name: string): Promise<Schemas['Storage'] | undefined> =>
  found(
    itemsOf((page) => api.GET('/v1/storages', { params: { query: page } })),
    name,
  );

export const findTemplate = (api: Client, name: string): Promise<Schemas['Template'] | undefined> =>
  found(
    itemsOf((page) => api.GET('/v1/templates', { params: { query: page } })),
    name,
  );

const path = { domain: LOCAL_DOMAIN };

/** With its version. */
const findDomain = async (api: Client) => {
  try {
    return await versionedOf(api.GET('/v1/domains/{domain}', { params: { path } }));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
};

/** Makes what a push needs to be recorded; goes on where an earlier start was interrupted. */
const makeDefaults = async (api: Client, sourceUrl: string, secret: string): Promise<void> => {
  const { storageId } =
    (await findStorage(api, LOCAL_STORAGE)) ??
    (await dataOf(
      api.POST('/v1/storages', {
        body: {
          name: LOCAL_STORAGE,
          bucket: RECORDINGS_BUCKET,
          region: LOCAL_REGION,
          forcePathStyle: true,
          default: true,
        },
      }),
    ));
  const { templateId } =
    (await findTemplate(api, 'default')) ??
    (await dataOf(
      api.POST('/v1/templates', {
        body: { name: 'default', formats: { hls: {}, mp4: {}, flv: {} }, storage: { primary: storageId } },
      }),
    ));
  if ((await findDomain(api)) === undefined) {
    const body = {
      domain: LOCAL_DOMAIN,
      adapter: LOCAL_ADAPTER,
      source: { url: sourceUrl },
      secret,
    } as const;
    await dataOf(api.POST('/v1/domains', { body }));
  }
  const { items } = await dataOf(api.GET('/v1/rules', { params: { query: path } }));
  if (items.length === 0) await dataOf(api.POST('/v1/rules', { body: { domain: LOCAL_DOMAIN, templateId } }));
};

/** Has recorders pull the local domain's streams from `url` from now on. */
export const moveSource = async (api: Client, url: string): Promise<void> => {
  const domain = await findDomain(api);
  if (domain === undefined || domain.data.source.url === url) return;
  const { adapter, enabled, losslessStart, standbys, api: serverApi } = domain.data;
  await dataOf(
    api.PUT('/v1/domains/{domain}', {
      params: { path, header: { 'If-Match': domain.etag } },
      body: {
        ...{ adapter, enabled, losslessStart, source: { url } },
        ...(standbys && { standbys }),
        ...(serverApi && { api: serverApi }),
      },
    }),
  );
};

/**
 * The first start makes storage, template, domain and rule, through the API; later ones leave them as the user has
 * made them, and only tell the domain where the ingest is now.
 */
export const bootstrap = async (
  api: Client,
  options: { sourceUrl: string; ingestSecret: string; marker: string },
): Promise<void> => {
  if (!(await exists(options.marker))) {
    await makeDefaults(api, options.sourceUrl, options.ingestSecret);
    await writeFile(options.marker, '');
  }
  await moveSource(api, options.sourceUrl);
};
