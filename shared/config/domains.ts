import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { hashSecret } from '../auth/secrets.ts';
import { type Domain, type DomainInput, domainSchema } from '../schemas/domain.ts';
import type { Page } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import { getItem, IS_AS_SEEN_OR_MINE, IS_NEW_OR_MINE, listed, type Sources, systemSources } from './items.ts';
import { domainKey } from './keys.ts';
import { listPage, type PageRequest } from './lists.ts';
import { createReferences, type Removal, type Use } from './references.ts';
import { ruleUses } from './uses.ts';

const LIST = 'DOMAINS';
/** As it is stored, with the item's own attributes left out. */
export const domainItemSchema = z.object(domainSchema.shape);
const lockSchema = z.object({ writeId: z.string() });

export type DomainChange = { type: 'replaced'; domain: Domain } | { type: 'missing' } | { type: 'changed' };

export const createDomains = (table: Table, sources: Sources = systemSources) => {
  const { client, tableName } = table;
  const references = createReferences(table, sources);

  const write = (domain: Domain, condition: string, values: Record<string, string>): Promise<boolean> => {
    const writeId = sources.id();
    return succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...domainKey(domain.domain), ...domain, ...listed(LIST, domain.domain), writeId },
          ConditionExpression: condition,
          ExpressionAttributeValues: { ':mine': writeId, ...values },
        }),
      ),
    );
  };

  const get = async (domain: string): Promise<Domain | undefined> => {
    const item = await getItem(table, domainKey(domain));
    return item === undefined ? undefined : domainItemSchema.parse(item);
  };

  const list = (page: PageRequest): Promise<Page<Domain>> =>
    listPage(table, { list: LIST, schema: domainItemSchema }, page);

  /** Undefined when there is one already. */
  const create = async ({
    secret,
    ...input
  }: DomainInput & { secret: string }): Promise<Domain | undefined> => {
    const domain = { ...input, secretHash: hashSecret(secret), createdAt: sources.now().toISOString() };
    return (await write(domain, IS_NEW_OR_MINE, {})) ? domain : undefined;
  };

  /** Replaces everything but, when none is given, the secret. */
  const replace = async ({ secret, ...input }: DomainInput): Promise<DomainChange> => {
    const item = await getItem(table, domainKey(input.domain));
    if (item === undefined) return { type: 'missing' };
    const { secretHash, createdAt } = domainItemSchema.parse(item);
    const next = { ...input, secretHash: secret === undefined ? secretHash : hashSecret(secret), createdAt };
    const seen = lockSchema.parse(item).writeId;
    if (await write(next, IS_AS_SEEN_OR_MINE, { ':seen': seen })) return { type: 'replaced', domain: next };
    return { type: 'changed' };
  };

  /** Refused while rules are bound to it. */
  const remove = (domain: string): Promise<Removal> =>
    references.removeUnused(domainKey(domain), (use: Use) => ruleUses(table, use, 'domainUse'));

  return { get, list, create, replace, remove };
};
export type Domains = ReturnType<typeof createDomains>;
