import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { newCallbackSecret } from '../callbacks/secrets.ts';
import { TABLE } from '../constants.ts';
import { type Callback, type CallbackInput, callbackSchema, MOST_CALLBACKS } from '../schemas/callback.ts';
import { type Page, queryPage } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import {
  getItem,
  IS_AS_SEEN_OR_MINE,
  type Item,
  isExpected,
  type Key,
  type Sources,
  systemSources,
} from './items.ts';
import type { PageRequest } from './lists.ts';
import { createNames } from './names.ts';

// All in one partition: there are few, and each event reads all of them, as they are now.
const PARTITION = 'CALLBACKS';
const keyOf = (callbackId: string): Key => ({ pk: PARTITION, sk: callbackId });

/** How long an earlier secret signs beside the new one, so that targets can change over. */
const OVERLAP_HOURS = 24;
/** A rotation may be repeated because its answer was lost; more than these are never needed. */
const MOST_PREVIOUS_SECRETS = 3;

const itemSchema = z.object(callbackSchema.shape);
const heldSchema = z.object({ nameClaim: z.string(), writeId: z.string() });
type Held = z.infer<typeof heldSchema>;

/** A callback, and the version that a change of it must name. */
export interface VersionedCallback {
  readonly callback: Callback;
  readonly version: string;
}

export type CallbackCreation =
  | ({ type: 'created' } & VersionedCallback)
  | { type: 'name-taken' }
  | { type: 'too-many' };
export type CallbackChange =
  | ({ type: 'replaced' } & VersionedCallback)
  | { type: 'name-taken' }
  | { type: 'missing' }
  /** The version is not the expected one. */
  | { type: 'changed' };
export type CallbackRemoval = { type: 'removed' } | { type: 'missing' } | { type: 'changed' };

/** The secrets that sign a callback's deliveries now, the newest first. */
export const secretsOf = ({ secret, previousSecrets }: Callback, now: Date): string[] => [
  secret,
  ...previousSecrets.filter(({ until }) => Date.parse(until) > now.getTime()).map((held) => held.secret),
];

export const createCallbacks = (table: Table, sources: Sources = systemSources) => {
  const { client, tableName } = table;
  const names = createNames(table, sources, 'CALLBACK', async ({ ownerId, claimId }) => {
    const item = await getItem(table, keyOf(ownerId));
    return item !== undefined && heldSchema.parse(item).nameClaim === claimId;
  });

  const read = async (callbackId: string): Promise<(Held & { callback: Callback }) | undefined> => {
    const item = await getItem(table, keyOf(callbackId));
    if (item === undefined) return undefined;
    return { callback: itemSchema.parse(item), ...heldSchema.parse(item) };
  };

  const get = async (callbackId: string): Promise<VersionedCallback | undefined> => {
    const found = await read(callbackId);
    return found === undefined ? undefined : { callback: found.callback, version: found.writeId };
  };

  /** Oldest first; consistent. */
  const list = async (page: Partial<PageRequest> = {}): Promise<Page<Callback>> => {
    const { limit, cursor } = page;
    const { items, cursor: next } = await queryPage(
      client,
      {
        TableName: tableName,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': TABLE.pk },
        ExpressionAttributeValues: { ':pk': PARTITION },
        ConsistentRead: true,
      },
      { ...(limit === undefined ? {} : { limit }), ...(cursor === undefined ? {} : { cursor }) },
    );
    return { items: items.map((item) => itemSchema.parse(item)), cursor: next };
  };

  const releaseName = (name: string, ownerId: string, claimId: string): Promise<void> =>
    names.release(name, { ownerId, claimId });

  const itemOf = (callback: Callback, held: Held): Item => ({
    ...keyOf(callback.callbackId),
    ...callback,
    ...held,
  });

  const put = (callback: Callback, held: Held, seen: string): Promise<boolean> =>
    succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: itemOf(callback, held),
          ConditionExpression: IS_AS_SEEN_OR_MINE,
          ExpressionAttributeValues: { ':seen': seen, ':mine': held.writeId },
        }),
      ),
    );

  /** With a secret made here when there is none in the input. */
  const create = async (input: CallbackInput): Promise<CallbackCreation> => {
    if ((await list()).items.length >= MOST_CALLBACKS) return { type: 'too-many' };
    const callbackId = `cbk_${sources.id()}`;
    const held = { nameClaim: sources.id(), writeId: sources.id() };
    if (!(await names.claim(input.name, { ownerId: callbackId, claimId: held.nameClaim }))) {
      return { type: 'name-taken' };
    }
    const at = sources.now().toISOString();
    const secret = input.secret ?? newCallbackSecret();
    const callback = { ...input, callbackId, secret, previousSecrets: [], createdAt: at, updatedAt: at };
    await client.send(new PutCommand({ TableName: tableName, Item: itemOf(callback, held) }));
    return { type: 'created', callback, version: held.writeId };
  };

  /** The members that a new secret changes; the earlier one goes on signing for a while. */
  const withSecret = (before: Callback, secret: string): Pick<Callback, 'secret' | 'previousSecrets'> => {
    const now = sources.now();
    const isCurrent = ({ until }: { until: string }): boolean => Date.parse(until) > now.getTime();
    const previousSecrets = before.previousSecrets.filter(isCurrent);
    if (secret === before.secret) return { secret, previousSecrets };
    const until = new Date(now.getTime() + OVERLAP_HOURS * 3_600_000).toISOString();
    const all = [{ secret: before.secret, until }, ...previousSecrets];
    return { secret, previousSecrets: all.slice(0, MOST_PREVIOUS_SECRETS) };
  };

  /** Replaces everything but id, creation time and, when none is given, the secret. */
  const replace = async (
    callbackId: string,
    { secret, ...input }: CallbackInput,
    expected?: string,
  ): Promise<CallbackChange> => {
    const before = await read(callbackId);
    if (before === undefined) return { type: 'missing' };
    if (!isExpected(before.writeId, expected)) return { type: 'changed' };
    const { createdAt, name } = before.callback;
    const isSameName = name === input.name;
    const held = { nameClaim: isSameName ? before.nameClaim : sources.id(), writeId: sources.id() };
    if (!isSameName && !(await names.claim(input.name, { ownerId: callbackId, claimId: held.nameClaim }))) {
      return { type: 'name-taken' };
    }
    const callback = {
      ...input,
      ...withSecret(before.callback, secret ?? before.callback.secret),
      callbackId,
      createdAt,
      updatedAt: sources.now().toISOString(),
    };
    // The new name is not given back here: when a retry of the write failed, it may have been written all the same.
    if (!(await put(callback, held, before.writeId))) return { type: 'changed' };
    if (!isSameName) await releaseName(name, callbackId, before.nameClaim);
    return { type: 'replaced', callback, version: held.writeId };
  };

  /** Gives it a new secret. */
  const rotate = async (callbackId: string): Promise<Exclude<CallbackChange, { type: 'name-taken' }>> => {
    const before = await read(callbackId);
    if (before === undefined) return { type: 'missing' };
    const { callback: old, nameClaim } = before;
    const updatedAt = sources.now().toISOString();
    const callback = { ...old, ...withSecret(old, newCallbackSecret()), updatedAt };
    const held = { nameClaim, writeId: sources.id() };
    if (!(await put(callback, held, before.writeId))) return { type: 'changed' };
    return { type: 'replaced', callback, version: held.writeId };
  };

  /** What is on its way to it fails; what has been delivered can no longer be listed. */
  const remove = async (callbackId: string, expected?: string): Promise<CallbackRemoval> => {
    const before = await read(callbackId);
    if (before === undefined) return { type: 'missing' };
    if (!isExpected(before.writeId, expected)) return { type: 'changed' };
    const removed = await succeeds(
      client.send(
        new DeleteCommand({
          TableName: tableName,
          Key: keyOf(callbackId),
          ConditionExpression: 'writeId = :seen',
          ExpressionAttributeValues: { ':seen': before.writeId },
        }),
      ),
    );
    // A repeated delete fails its condition although the first one got through.
    if (!removed && (await read(callbackId)) !== undefined) return { type: 'changed' };
    await releaseName(before.callback.name, callbackId, before.nameClaim);
    return { type: 'removed' };
  };

  return { get, list, create, replace, rotate, remove };
};
export type Callbacks = ReturnType<typeof createCallbacks>;
