import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { acceptedFormats } from '../post-processing/graph.ts';
import {
  type Orchestration,
  type OrchestrationInput,
  orchestrationSchema,
} from '../schemas/orchestration.ts';
import type { Page } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import { createHoldings, type Held, heldBy } from './holdings.ts';
import {
  getItem,
  IS_AS_SEEN_OR_MINE,
  type Item,
  isExpected,
  listed,
  type Sources,
  systemSources,
  versionOf,
} from './items.ts';
import { orchestrationKey, storageKey } from './keys.ts';
import { listPage, type PageRequest } from './lists.ts';
import { createReferences, type Removal } from './references.ts';
import { templateUses } from './uses.ts';

const LIST = 'ORCHESTRATIONS';
const itemSchema = z.object(orchestrationSchema.shape);

export interface VersionedOrchestration {
  readonly orchestration: Orchestration;
  readonly version: string;
}

/** A step whose output goes to a storage that does not exist. */
export interface MissingStorage {
  /** Such as `steps.0.output.storageId`. */
  readonly field: string;
  readonly storageId: string;
}

export type OrchestrationRefusal =
  | { type: 'name-taken' }
  | { type: 'storages-missing'; missing: readonly MissingStorage[] };
export type OrchestrationCreation = ({ type: 'created' } & VersionedOrchestration) | OrchestrationRefusal;
export type OrchestrationChange =
  | ({ type: 'replaced' } & VersionedOrchestration)
  | Exclude<Removal, { type: 'removed' }>
  | OrchestrationRefusal;

const storagesOf = ({ steps }: OrchestrationInput): MissingStorage[] =>
  steps.flatMap(({ output }, index) =>
    output?.storageId === undefined
      ? []
      : [{ field: `steps.${index}.output.storageId`, storageId: output.storageId }],
  );

/** Whether a format that it took is not taken any more. */
const isNarrower = (next: OrchestrationInput, before: Orchestration): boolean => {
  const accepted = acceptedFormats(next.steps);
  return acceptedFormats(before.steps).some((format) => !accepted.includes(format));
};

const readAll = (item: Item): Orchestration & Held => ({ ...itemSchema.parse(item), ...heldBy(item) });

/** What happens to recordings once they are ready. Templates refer to them, and they to storages. */
export const createOrchestrations = (table: Table, sources: Sources = systemSources) => {
  const { client, tableName } = table;
  const references = createReferences(table, sources);
  const holdings = createHoldings(table, sources, references, {
    kind: 'ORCHESTRATION',
    keyOf: orchestrationKey,
  });

  const itemOf = (orchestration: Orchestration, held: Held): Item => ({
    ...orchestrationKey(orchestration.orchestrationId),
    ...orchestration,
    ...listed(LIST, orchestration.name),
    ...held,
  });

  /** With the version that its next change must name. */
  const getVersioned = async (orchestrationId: string): Promise<VersionedOrchestration | undefined> => {
    const item = await getItem(table, orchestrationKey(orchestrationId));
    return item === undefined
      ? undefined
      : { orchestration: itemSchema.parse(item), version: versionOf(item) };
  };

  const get = async (orchestrationId: string): Promise<Orchestration | undefined> =>
    (await getVersioned(orchestrationId))?.orchestration;

  /** By name. */
  const list = (page: PageRequest): Promise<Page<Orchestration>> =>
    listPage(table, { list: LIST, schema: itemSchema }, page);

  /** Takes the name and the storages; what it has `before` it keeps. */
  const take = async (
    orchestrationId: string,
    input: OrchestrationInput,
    before?: Orchestration & Held,
  ): Promise<Held | OrchestrationRefusal> => {
    const storages = storagesOf(input);
    const targets = storages.map(({ storageId }) => storageKey(storageId));
    const taken = await holdings.take(orchestrationId, { name: input.name, targets }, before);
    if (taken.type === 'name-taken') return taken;
    if (taken.missing.length === 0) return taken.held;
    await holdings.giveBack(orchestrationId, { ...input, ...taken.held }, before);
    const isMissing = ({ storageId }: MissingStorage): boolean =>
      taken.missing.some(({ pk }) => pk === storageKey(storageId).pk);
    return { type: 'storages-missing', missing: storages.filter(isMissing) };
  };

  const create = async (input: OrchestrationInput): Promise<OrchestrationCreation> => {
    const orchestrationId = `orc_${sources.id()}`;
    const held = await take(orchestrationId, input);
    if ('type' in held) return held;
    const at = sources.now().toISOString();
    const orchestration = { ...input, orchestrationId, createdAt: at, updatedAt: at };
    await client.send(new PutCommand({ TableName: tableName, Item: itemOf(orchestration, held) }));
    return { type: 'created', orchestration, version: held.writeId };
  };

  /** Writes over what was seen; where it takes fewer formats than that, only while no template uses it. */
  const overwrite = async (
    orchestration: Orchestration,
    held: Held,
    before: Orchestration & Held,
  ): Promise<{ type: 'written' } | Exclude<Removal, { type: 'removed' }>> => {
    let condition = IS_AS_SEEN_OR_MINE;
    const values: Record<string, string> = { ':seen': before.writeId, ':mine': held.writeId };
    if (isNarrower(orchestration, before)) {
      const hold = await references.holdUnused(
        orchestrationKey(orchestration.orchestrationId),
        (use) => templateUses(table, use),
        before.writeId,
      );
      if (hold.type !== 'held') return hold;
      condition = '(deletionId = :held AND writeId = :seen) OR writeId = :mine';
      values[':held'] = hold.deletionId;
    }
    const isWritten = await succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: itemOf(orchestration, held),
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      ),
    );
    if (isWritten) return { type: 'written' };
    const isThere = (await get(orchestration.orchestrationId)) !== undefined;
    return { type: isThere ? 'changed' : 'missing' };
  };

  /**
   * Replaces everything but id and creation time. Runs that have begun keep what they began with. While templates use it,
   * it must take every format that it took. `expected`: its version, `*` or undefined: whatever it is.
   */
  const replace = async (
    orchestrationId: string,
    input: OrchestrationInput,
    expected?: string,
  ): Promise<OrchestrationChange> => {
    const item = await getItem(table, orchestrationKey(orchestrationId));
    if (item === undefined) return { type: 'missing' };
    if (!isExpected(versionOf(item), expected)) return { type: 'changed' };
    const before = readAll(item);
    const held = await take(orchestrationId, input, before);
    if ('type' in held) {
      const isRace = held.type === 'name-taken' && (await holdings.isNameOf(input.name, orchestrationId));
      return isRace ? { type: 'changed' } : held;
    }
    const { createdAt } = before;
    const next = { ...input, orchestrationId, createdAt, updatedAt: sources.now().toISOString() };
    const written = await overwrite(next, held, before);
    if (written.type !== 'written') {
      // It may have been written for a moment, and what it brought be kept by whoever wrote after it.
      const now = await getItem(table, orchestrationKey(orchestrationId));
      await holdings.giveBack(orchestrationId, { ...next, ...held }, now && heldBy(now));
      return written;
    }
    await holdings.giveBack(orchestrationId, before, held);
    return { type: 'replaced', orchestration: next, version: held.writeId };
  };

  /** Refused while templates use it. `expected` as for `replace`. */
  const remove = async (orchestrationId: string, expected?: string): Promise<Removal> => {
    const removal = await references.removeUnused(
      orchestrationKey(orchestrationId),
      (use) => templateUses(table, use),
      expected,
    );
    if (removal.type === 'removed') await holdings.giveBack(orchestrationId, readAll(removal.item));
    return removal;
  };

  return { get, getVersioned, list, create, replace, remove };
};
export type Orchestrations = ReturnType<typeof createOrchestrations>;
