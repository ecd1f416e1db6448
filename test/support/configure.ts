import { type Client, dataOf, type Schemas } from '../../client/index.ts';
import { findStorage, LOCAL_STORAGE } from '../../local/bootstrap.ts';

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

/** A push domain. @returns its secret */
export const makeDomain = async (api: Client, domain: Schemas['DomainInput']): Promise<string> =>
  (await dataOf(api.POST('/v1/domains', { body: domain }))).secret;
