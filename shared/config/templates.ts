import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type Template, type TemplateInput, templateSchema } from '../schemas/template.ts';
import type { Page } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import { getItem, IS_AS_SEEN_OR_MINE, listed, type Sources, systemSources } from './items.ts';
import { storageKey, templateKey } from './keys.ts';
import { listPage, type PageRequest } from './lists.ts';
import { createNames } from './names.ts';
import { createReferences, type Removal } from './references.ts';
import { ruleUses } from './uses.ts';

const LIST = 'TEMPLATES';
const itemSchema = z.object(templateSchema.shape);
/** Which claim and which use are its own, and the lock for its next change. */
const heldSchema = z.object({ nameClaim: z.string(), storageUse: z.string(), writeId: z.string() });
type Held = z.infer<typeof heldSchema>;

export type TemplateRefusal = { type: 'name-taken' } | { type: 'storage-missing' };
export type TemplateCreation = { type: 'created'; template: Template } | TemplateRefusal;
export type TemplateChange =
  | { type: 'replaced'; template: Template }
  | { type: 'missing' }
  | { type: 'changed' }
  | TemplateRefusal;

export const createTemplates = (table: Table, sources: Sources = systemSources) => {
  const { client, tableName } = table;
  const references = createReferences(table, sources);
  const names = createNames(table, sources, 'TEMPLATE', async ({ ownerId, claimId }) => {
    const item = await getItem(table, templateKey(ownerId));
    return item !== undefined && heldSchema.parse(item).nameClaim === claimId;
  });

  const itemOf = (template: Template, held: Held) => ({
    ...templateKey(template.templateId),
    ...template,
    ...listed(LIST, template.name),
    ...held,
  });

  const get = async (templateId: string): Promise<Template | undefined> => {
    const item = await getItem(table, templateKey(templateId));
    return item === undefined ? undefined : itemSchema.parse(item);
  };

  /** By name. */
  const list = (page: PageRequest): Promise<Page<Template>> =>
    listPage(table, { list: LIST, schema: itemSchema }, page);

  const releaseName = (name: string, templateId: string, claimId: string): Promise<void> =>
    names.release(name, { ownerId: templateId, claimId });

  const releaseStorage = (storageId: string, templateId: string, useId: string): Promise<void> =>
    references.release(storageKey(storageId), { userId: templateId, useId });

  /** Takes the name and the storage that the template needs; those of `before` it has already. */
  const take = async (
    templateId: string,
    input: TemplateInput,
    before?: Template & Held,
  ): Promise<Held | TemplateRefusal> => {
    const writeId = sources.id();
    const nameClaim = before?.name === input.name ? before.nameClaim : sources.id();
    if (nameClaim !== before?.nameClaim) {
      const claimed = await names.claim(input.name, { ownerId: templateId, claimId: nameClaim });
      if (!claimed) return { type: 'name-taken' };
    }
    const { primary } = input.storage;
    const storageUse = before?.storage.primary === primary ? before.storageUse : sources.id();
    if (storageUse !== before?.storageUse) {
      const used = await references.add(storageKey(primary), { userId: templateId, useId: storageUse });
      if (!used) {
        if (nameClaim !== before?.nameClaim) await releaseName(input.name, templateId, nameClaim);
        return { type: 'storage-missing' };
      }
    }
    return { nameClaim, storageUse, writeId };
  };

  const create = async (input: TemplateInput): Promise<TemplateCreation> => {
    const templateId = `tpl_${sources.id()}`;
    const held = await take(templateId, input);
    if ('type' in held) return held;
    const at = sources.now().toISOString();
    const template = { ...input, templateId, createdAt: at, updatedAt: at };
    await client.send(new PutCommand({ TableName: tableName, Item: itemOf(template, held) }));
    return { type: 'created', template };
  };

  /** Replaces everything but id and creation time. Running recordings keep what they started with. */
  const replace = async (templateId: string, input: TemplateInput): Promise<TemplateChange> => {
    const item = await getItem(table, templateKey(templateId));
    if (item === undefined) return { type: 'missing' };
    const before = { ...itemSchema.parse(item), ...heldSchema.parse(item) };
    const held = await take(templateId, input, before);
    if ('type' in held) return held;
    const { createdAt } = before;
    const template = { ...input, templateId, createdAt, updatedAt: sources.now().toISOString() };
    const isReplaced = await succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: itemOf(template, held),
          ConditionExpression: IS_AS_SEEN_OR_MINE,
          ExpressionAttributeValues: { ':seen': before.writeId, ':mine': held.writeId },
        }),
      ),
    );
    // What was taken is not given back here: when a retry of the write failed, it may have been written all the same.
    if (!isReplaced) return { type: 'changed' };
    if (held.nameClaim !== before.nameClaim) await releaseName(before.name, templateId, before.nameClaim);
    if (held.storageUse !== before.storageUse) {
      await releaseStorage(before.storage.primary, templateId, before.storageUse);
    }
    return { type: 'replaced', template };
  };

  /** Refused while rules are bound to it. */
  const remove = async (templateId: string): Promise<Removal> => {
    const removal = await references.removeUnused(templateKey(templateId), (use) =>
      ruleUses(table, use, 'templateUse'),
    );
    if (removal.type === 'removed') {
      const { name, storage } = itemSchema.parse(removal.item);
      const { nameClaim, storageUse } = heldSchema.parse(removal.item);
      await releaseName(name, templateId, nameClaim);
      await releaseStorage(storage.primary, templateId, storageUse);
    }
    return removal;
  };

  return { get, list, create, replace, remove };
};
export type Templates = ReturnType<typeof createTemplates>;
