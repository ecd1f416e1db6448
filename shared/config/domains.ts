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
import { domainKey, standbyKey } from './keys.ts';
import { listPage, type PageRequest } from './lists.ts';
import { createReferences, type Removal, type Use } from './references.ts';
import { createUses, domainUsesOf, ruleUses, type Uses } from './uses.ts';

const LIST = 'DOMAINS';
/** As it is stored, with the item's own attributes left out. */
export const domainItemSchema = z.object(domainSchema.shape);

export interface VersionedDomain {
  readonly domain: Domain;
  readonly version: string;
}

/** Standby content that the domain names is not there. */
export interface StandbysMissing {
  readonly type: 'standbys-missing';
  readonly missing: readonly string[];
}

export type DomainCreation =
  | ({ type: 'created' } & VersionedDomain)
  /** There is one already. */
  | { type: 'exists' }
  | StandbysMissing;

export type DomainChange =
  | StandbysMissing
  | ({ type: 'replaced' } & VersionedDomain)
  | { type: 'missing' }
  /** Somebody changed it meanwhile, or it is not the version that was expected. */
  | { type: 'changed' };

export const createDomains = (table: Table, sources: Sources = systemSources) => {
  const { client, tableName } = table;
  const references = createReferences(table, sources);
  const uses = createUses(references, sources.id);

  /** @returns its version; undefined when the condition did not hold */
  const write = async (
    domain: Domain,
    held: Uses,
    condition: string,
    values: Record<string, string>,
  ): Promise<string | undefined> => {
    const writeId = sources.id();
    const isWritten = await succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: {
            ...domainKey(domain.domain),
            ...domain,
            ...listed(LIST, domain.domain),
            ...(Object.keys(held).length === 0 ? {} : { uses: held }),
            writeId,
          },
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

  /** Takes all standby content that a domain names; what it uses `before` it keeps. */
  const take = async (
    { domain, standbys = [] }: Pick<Domain, 'domain' | 'standbys'>,
    before: Uses = {},
  ): Promise<{ type: 'taken'; uses: Uses } | StandbysMissing> => {
    const ids = [...new Set(standbys.map(({ standbyId }) => standbyId))];
    const taken = await uses.take(domain, ids.map(standbyKey), before);
    if (taken.missing.length === 0) return { type: 'taken', uses: taken.uses };
    const isMissing = (id: string): boolean => taken.missing.some(({ pk }) => pk === standbyKey(id).pk);
    return { type: 'standbys-missing', missing: ids.filter(isMissing) };
  };

  /** It may have been written for a moment, and its uses be kept by whoever wrote after it. */
  const lost = async (domain: string, held: Uses): Promise<void> => {
    const item = await getItem(table, domainKey(domain));
    await uses.release(domain, held, item === undefined ? undefined : domainUsesOf(item));
  };

  const create = async ({ secret, ...input }: DomainInput & { secret: string }): Promise<DomainCreation> => {
    const domain = { ...input, secretHash: hashSecret(secret), createdAt: sources.now().toISOString() };
    const taken = await take(domain);
    if (taken.type !== 'taken') return taken;
    const version = await write(domain, taken.uses, IS_NEW_OR_MINE, {});
    if (version !== undefined) return { type: 'created', domain, version };
    await lost(domain.domain, taken.uses);
    return { type: 'exists' };
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
    const before = domainUsesOf(item);
    const taken = await take(domain, before);
    if (taken.type !== 'taken') return taken;
    const version = await write(domain, taken.uses, IS_AS_SEEN_OR_MINE, { ':seen': versionOf(item) });
    if (version === undefined) {
      await lost(name, taken.uses);
      return { type: 'changed' };
    }
    await uses.release(name, before, taken.uses);
    return { type: 'replaced', domain, version };
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
  const remove = async (name: string, expected?: string): Promise<Removal> => {
    const isUsedBy = (use: Use): Promise<boolean> => ruleUses(table, use);
    const removal = await references.removeUnused(domainKey(name), isUsedBy, expected);
    if (removal.type === 'removed') await uses.release(name, domainUsesOf(removal.item));
    return removal;
  };

  return { get, getVersioned, list, create, replace, rotateSecret, remove };
};
export type Domains = ReturnType<typeof createDomains>;
