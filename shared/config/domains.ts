import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { hashSecret } from '../auth/secrets.ts';
import { type Domain, type DomainInput, domainSchema } from '../schemas/domain.ts';
import type { Page } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import {
  getItem,
  IS_AS_SEEN_OR_MINE,
  IS_NEW_OR_MINE,
  isExpected,
  listed,
  type Sources,
  systemSources,
  versionOf,
} from './items.ts';
import { domainKey } from './keys.ts';
import { listPage, type PageRequest } from './lists.ts';
import { createReferences, type Removal, type Use } from './references.ts';
import { ruleUses } from './uses.ts';

const LIST = 'DOMAINS';
/** As it is stored, with the item's own attributes left out. */
export const domainItemSchema = z.object(domainSchema.shape);

export interface VersionedDomain {
  readonly domain: Domain;
  readonly version: string;
}

export type DomainChange =
  | ({ type: 'replaced' } & VersionedDomain)
  | { type: 'missing' }
  /** Somebody changed it meanwhile, or it is not the version that was expected. */
  | { type: 'changed' };

export const createDomains = (table: Table, sources: Sources = systemSources) => {
  const { client, tableName } = table;
  const references = createReferences(table, sources);

  /** @returns its version; undefined when the condition did not hold */
  const write = async (
    domain: Domain,
    condition: string,
    values: Record<string, string>,
  ): Promise<string | undefined> => {
    const writeId = sources.id();
    const isWritten = await succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...domainKey(domain.domain), ...domain, ...listed(LIST, domain.domain), writeId },
          ConditionExpression: condition,
          ExpressionAttributeValues: { ':mine': writeId, ...values },
        }),
      ),
    );
    return isWritten ? writeId : undefined;
  };

  /** With the version that its next change must name. */
  const getVersioned = async (name: string): Promise<VersionedDomain | undefined> => {
    const item = await getItem(table, domainKey(name));
    return item === undefined
      ? undefined
      : { domain: domainItemSchema.parse(item), version: versionOf(item) };
  };

  const get = async (name: string): Promise<Domain | undefined> => (await getVersioned(name))?.domain;

  const list = (page: PageRequest): Promise<Page<Domain>> =>
    listPage(table, { list: LIST, schema: domainItemSchema }, page);

  /** Undefined when there is one already. */
  const create = async ({
    secret,
    ...input
  }: DomainInput & { secret: string }): Promise<VersionedDomain | undefined> => {
    const domain = { ...input, secretHash: hashSecret(secret), createdAt: sources.now().toISOString() };
    const version = await write(domain, IS_NEW_OR_MINE, {});
    return version === undefined ? undefined : { domain, version };
  };

  const change = async (
    name: string,
    expected: string | undefined,
    changed: (before: Domain) => Domain,
  ): Promise<DomainChange> => {
    const item = await getItem(table, domainKey(name));
    if (item === undefined) return { type: 'missing' };
    if (!isExpected(versionOf(item), expected)) return { type: 'changed' };
    const domain = changed(domainItemSchema.parse(item));
    const version = await write(domain, IS_AS_SEEN_OR_MINE, { ':seen': versionOf(item) });
    return version === undefined ? { type: 'changed' } : { type: 'replaced', domain, version };
  };

  /** Replaces everything but, when none is given, the secret. `expected`: its version, `*` or undefined: whatever. */
  const replace = ({ secret, ...input }: DomainInput, expected?: string): Promise<DomainChange> =>
    change(input.domain, expected, ({ secretHash, createdAt }) => ({
      ...input,
      secretHash: secret === undefined ? secretHash : hashSecret(secret),
      createdAt,
    }));

  /** Gives the domain another secret; the one before is void at once. */
  const rotateSecret = (name: string, secret: string): Promise<DomainChange> =>
    change(name, undefined, (before) => ({ ...before, secretHash: hashSecret(secret) }));

  /** Refused while rules are bound to it. */
  const remove = (name: string, expected?: string): Promise<Removal> =>
    references.removeUnused(domainKey(name), (use: Use) => ruleUses(table, use), expected);

  return { get, getVersioned, list, create, replace, rotateSecret, remove };
};
export type Domains = ReturnType<typeof createDomains>;
