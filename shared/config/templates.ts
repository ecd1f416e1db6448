import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { bucketSchema } from '../schemas/storage.ts';
import { type Template, type TemplateInput, templateSchema } from '../schemas/template.ts';
import type { Transcode } from '../schemas/transcode.ts';
import type { Page } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import { type Misfit, misfitsOf } from './format-codecs.ts';
import { createHoldings, type Held, heldBy } from './holdings.ts';
import {
  getItem,
  getItems,
  IS_AS_SEEN_OR_MINE,
  type Item,
  isExpected,
  type Key,
  listed,
  type Sources,
  systemSources,
  versionOf,
} from './items.ts';
import { storageKey, templateKey, transcodeKey } from './keys.ts';
import { listPage, type PageRequest } from './lists.ts';
import { createReferences, type Removal, type Use } from './references.ts';
import { type ImpossibleFormat, impossibleFormats } from './template-formats.ts';
import { type Reference, referencesOf } from './template-references.ts';
import { transcodeItemSchema } from './transcodes.ts';
import { ruleUses, taskUses } from './uses.ts';

const LIST = 'TEMPLATES';
const itemSchema = z.object(templateSchema.shape);

export interface VersionedTemplate {
  readonly template: Template;
  readonly version: string;
}

export type TemplateRefusal =
  | { type: 'name-taken' }
  | { type: 'references-missing'; missing: readonly Reference[] }
  /** The orchestrations that fields name take other formats. */
  | { type: 'formats-impossible'; impossible: readonly ImpossibleFormat[] }
  /** The backup storage is in the region of the primary one. */
  | { type: 'same-region'; region: string }
  /** Some of its formats cannot hold what its transcode template makes. */
  | { type: 'misfits'; misfits: readonly Misfit[]; transcode: Transcode };
export type TemplateCreation = ({ type: 'created' } & VersionedTemplate) | TemplateRefusal;
export type TemplateChange =
  | ({ type: 'replaced' } & VersionedTemplate)
  | { type: 'missing' }
  /** Somebody changed it meanwhile, or it is not the version that was expected. */
  | { type: 'changed' }
  | TemplateRefusal;

const readAll = (item: Item): Template & Held => ({ ...itemSchema.parse(item), ...heldBy(item) });

export const createTemplates = (table: Table, sources: Sources = systemSources) => {
  const { client, tableName } = table;
  const references = createReferences(table, sources);
  const holdings = createHoldings(table, sources, references, { kind: 'TEMPLATE', keyOf: templateKey });

  const itemOf = (template: Template, held: Held) => ({
    ...templateKey(template.templateId),
    ...template,
    ...listed(LIST, template.name),
    ...held,
  });

  /** With the version that its next change must name. */
  const getVersioned = async (templateId: string): Promise<VersionedTemplate | undefined> => {
    const item = await getItem(table, templateKey(templateId));
    return item === undefined ? undefined : { template: itemSchema.parse(item), version: versionOf(item) };
  };

  const get = async (templateId: string): Promise<Template | undefined> =>
    (await getVersioned(templateId))?.template;

  /** By name. */
  const list = (page: PageRequest): Promise<Page<Template>> =>
    listPage(table, { list: LIST, schema: itemSchema }, page);

  const regionOf = async (storageId: string): Promise<string | undefined> =>
    bucketSchema.shape.region.optional().parse((await getItem(table, storageKey(storageId)))?.region);

  /** The region that both storages are in. A storage that is used keeps its region. */
  const sharedRegion = async ({ storage }: TemplateInput): Promise<string | undefined> => {
    if (storage.backup === undefined) return undefined;
    const [primary, backup] = await Promise.all([storage.primary, storage.backup].map(regionOf));
    return primary === backup ? primary : undefined;
  };

  /** Watermarks and transcode templates may go although a template refers to them: it may have one that is gone. */
  const readDeletable = (refers: readonly Reference[]): Promise<Map<string, Item>> =>
    getItems(
      table,
      refers.filter(({ kind }) => kind === 'watermark' || kind === 'transcode').map(({ target }) => target),
    );

  /** Why a template that has taken all that it refers to cannot be saved all the same. */
  const refusalOf = async (
    input: TemplateInput,
    refers: readonly Reference[],
    untaken: readonly Key[],
  ): Promise<TemplateRefusal | undefined> => {
    const there = await readDeletable(refers);
    const missing = refers.filter(
      ({ kind, target }) =>
        untaken.some(({ pk }) => pk === target.pk) ||
        ((kind === 'watermark' || kind === 'transcode') && !there.has(target.pk)),
    );
    if (missing.length > 0) return { type: 'references-missing', missing };
    const [region, impossible] = await Promise.all([sharedRegion(input), impossibleFormats(table, input)]);
    if (region !== undefined) return { type: 'same-region', region };
    if (impossible.length > 0) return { type: 'formats-impossible', impossible };
    if (input.transcodeId === undefined) return undefined;
    const transcode = transcodeItemSchema.parse(there.get(transcodeKey(input.transcodeId).pk));
    const misfits = misfitsOf(input.formats, transcode);
    return misfits.length === 0 ? undefined : { type: 'misfits', misfits, transcode };
  };

  /** Takes the name and all that the template refers to; what it has `before` it keeps. */
  const take = async (
    templateId: string,
    input: TemplateInput,
    before?: Template & Held,
  ): Promise<Held | TemplateRefusal> => {
    const refers = referencesOf(input);
    const targets = refers.map(({ target }) => target);
    const taken = await holdings.take(templateId, { name: input.name, targets }, before);
    if (taken.type === 'name-taken') return taken;
    const refusal = await refusalOf(input, refers, taken.missing);
    if (refusal === undefined) return taken.held;
    await holdings.giveBack(templateId, { ...input, ...taken.held }, before);
    return refusal;
  };

  const create = async (input: TemplateInput): Promise<TemplateCreation> => {
    const templateId = `tpl_${sources.id()}`;
    const held = await take(templateId, input);
    if ('type' in held) return held;
    const at = sources.now().toISOString();
    const template = { ...input, templateId, createdAt: at, updatedAt: at };
    await client.send(new PutCommand({ TableName: tableName, Item: itemOf(template, held) }));
    return { type: 'created', template, version: held.writeId };
  };

  /** What became of a template that could not be written, as somebody else had changed it. */
  const lost = async (template: Template, held: Held): Promise<TemplateChange> => {
    const item = await getItem(table, templateKey(template.templateId));
    // It may have been written for a moment, and what it brought be kept by whoever wrote after it.
    await holdings.giveBack(template.templateId, { ...template, ...held }, item && heldBy(item));
    return { type: item === undefined ? 'missing' : 'changed' };
  };

  /**
   * Replaces everything but id and creation time, when the template has the version `expected`; `*` and undefined stand
   * for whatever it is. Running recordings keep what they started with.
   */
  const replace = async (
    templateId: string,
    input: TemplateInput,
    expected?: string,
  ): Promise<TemplateChange> => {
    const item = await getItem(table, templateKey(templateId));
    if (item === undefined) return { type: 'missing' };
    if (!isExpected(versionOf(item), expected)) return { type: 'changed' };
    const before = readAll(item);
    const held = await take(templateId, input, before);
    if ('type' in held) {
      const isRace = held.type === 'name-taken' && (await holdings.isNameOf(input.name, templateId));
      return isRace ? { type: 'changed' } : held;
    }
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
    if (!isReplaced) return lost(template, held);
    await holdings.giveBack(templateId, before, held);
    return { type: 'replaced', template, version: held.writeId };
  };

  const isUsedBy = (use: Use): Promise<boolean> =>
    use.userId.startsWith('tsk_') ? taskUses(table, use) : ruleUses(table, use);

  /** Refused while rules or tasks use it. */
  const remove = async (templateId: string, expected?: string): Promise<Removal> => {
    const removal = await references.removeUnused(templateKey(templateId), isUsedBy, expected);
    if (removal.type === 'removed') await holdings.giveBack(templateId, readAll(removal.item));
    return removal;
  };

  return { get, getVersioned, list, create, replace, remove };
};
export type Templates = ReturnType<typeof createTemplates>;
