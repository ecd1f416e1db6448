import { z } from 'zod';
import { type ApiClient, listOf } from '../../local/api-client.ts';
import type { Formats } from '../../shared/schemas/template.ts';

/** What a template may say of its formats; the rest are defaults. */
export type FormatOptions = { [Format in keyof Formats]?: Partial<Formats[Format]> };

const storageSchema = z.object({ storageId: z.string(), name: z.string() });
const templateSchema = z.object({ templateId: z.string() });
const domainSchema = z.object({ domain: z.string(), secret: z.string() });

/** A template that records to the storage of the first start. @returns its id */
export const makeTemplate = async (
  api: ApiClient,
  name: string,
  formats: FormatOptions,
  more: { path?: string } = {},
): Promise<string> => {
  const { items } = await api.request('GET', '/v1/storages', listOf(storageSchema));
  const primary = items.find((storage) => storage.name === 'local')?.storageId;
  const body = { name, formats, storage: { primary }, ...more };
  return (await api.request('POST', '/v1/templates', templateSchema, body)).templateId;
};

export const bind = (
  api: ApiClient,
  rule: { domain: string; app?: string; stream?: string; templateId: string },
): Promise<unknown> => api.request('POST', '/v1/rules', z.unknown(), rule);

/** A push domain. @returns its secret */
export const makeDomain = async (
  api: ApiClient,
  domain: { domain: string; adapter: string; source: { url: string } },
): Promise<string> => (await api.request('POST', '/v1/domains', domainSchema, domain)).secret;
