import { type Client, dataOf, type Schemas } from '../../client/index.ts';
import { findStorage, LOCAL_DOMAIN, LOCAL_STORAGE } from '../../local/bootstrap.ts';

/** What a template may say of its formats; the rest are defaults. */
export type FormatOptions = Schemas['TemplateInput']['formats'];

/** A template that records to the storage of the first start. @returns its id */
export const makeTemplate = async (
  api: Client,
  name: string,
  formats: FormatOptions,
  more: Partial<Schemas['TemplateInput']> = {},
): Promise<string> => {
  const primary = (await findStorage(api, LOCAL_STORAGE))?.storageId;
  if (primary === undefined) throw new Error(`There is no storage ${LOCAL_STORAGE}`);
  const body = { name, formats, storage: { primary }, ...more };
  return (await dataOf(api.POST('/v1/templates', { body }))).templateId;
};

export const bind = (api: Client, rule: Schemas['RuleInput']): Promise<unknown> =>
  dataOf(api.POST('/v1/rules', { body: rule }));

/** Standby content of every stream of the domain of the first start. @param file an image or a video */
export const nameStandby = async (api: Client, name: string, file: Buffer): Promise<void> => {
  const data = file.toString('base64');
  const { standbyId } = await dataOf(api.POST('/v1/standbys', { body: { name, data } }));
  const path = { domain: LOCAL_DOMAIN };
  const { adapter, source } = await dataOf(api.GET('/v1/domains/{domain}', { params: { path } }));
  const params = { path, header: { 'If-Match': '*' } };
  const body = { adapter, source, standbys: [{ standbyId }] };
  await dataOf(api.PUT('/v1/domains/{domain}', { params, body }));
};

/** A push domain. @returns its secret */
export const makeDomain = async (api: Client, domain: Schemas['DomainInput']): Promise<string> =>
  (await dataOf(api.POST('/v1/domains', { body: domain }))).secret;
