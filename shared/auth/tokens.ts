import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { getItem, type Key, listed, type Sources, systemSources } from '../config/items.ts';
import { listPage, type PageRequest } from '../config/lists.ts';
import { timeSchema } from '../schemas/names.ts';
import type { Page } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import { hashSecret, newSecret } from './secrets.ts';

export const SCOPES = ['read', 'write', 'ingest'] as const;
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;

export const tokenSchema = z.object({
  tokenId: z.string(),
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: timeSchema,
});
export type Token = z.infer<typeof tokenSchema>;
type NewToken = Omit<Token, 'tokenId' | 'createdAt'>;

export type Revocation = 'revoked' | 'missing' | 'last-writer';

const LIST = 'TOKENS';
/** Follows from the hash, so that a token is found by either; tells nothing of the hash. */
const tokenIdOf = (tokenHash: string): string => `tok_${hashSecret(`id of ${tokenHash}`).slice(0, 26)}`;
const keyOf = (tokenId: string): Key => ({ pk: `TOKEN#${tokenId}`, sk: 'TOKEN' });

const holderKey = (name: string): Key => ({ pk: `TOKEN-HOLDER#${name}`, sk: 'TOKEN-HOLDER' });
const holderSchema = z.object({ tokenId: z.string().optional() });

/**
 * The ids of the tokens that may write. One item, so that of two revocations at the same time one sees the other. A
 * token is added after it has been made, and taken off before it is revoked: what a crash leaves behind is a token that
 * does not count, never one that counts and is not there.
 */
const WRITERS: Key = { pk: 'TOKEN-WRITERS', sk: 'TOKEN-WRITERS' };

/** Bearer tokens. Only their hashes are stored. */
export const createTokens = (table: Table, { now }: Sources = systemSources) => {
  const { client, tableName } = table;

  const get = async (tokenId: string): Promise<Token | undefined> => {
    const item = await getItem(table, keyOf(tokenId));
    return item === undefined ? undefined : tokenSchema.parse(item);
  };

  const addWriter = async (tokenId: string): Promise<void> => {
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: WRITERS,
        UpdateExpression: 'ADD writers :ids',
        ExpressionAttributeValues: { ':ids': new Set([tokenId]) },
      }),
    );
  };

  /** False when there is no other one. */
  const removeWriter = (tokenId: string): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: WRITERS,
          UpdateExpression: 'DELETE writers :ids',
          ConditionExpression: 'size(writers) > :one OR NOT contains(writers, :id)',
          ExpressionAttributeValues: { ':ids': new Set([tokenId]), ':id': tokenId, ':one': 1 },
        }),
      ),
    );

  const put = async (input: NewToken, createdAt = now().toISOString()): Promise<Token> => {
    const tokenId = tokenIdOf(input.tokenHash);
    const token = { ...input, tokenId, createdAt };
    const Item = { ...keyOf(tokenId), ...token, ...listed(LIST, `${createdAt}#${tokenId}`) };
    await client.send(new PutCommand({ TableName: tableName, Item }));
    if (token.scopes.includes('write')) await addWriter(tokenId);
    return token;
  };

  /** Oldest first. */
  const list = (page: PageRequest): Promise<Page<Token>> =>
    listPage(table, { list: LIST, schema: tokenSchema }, page);

  /** @returns with `secret` the token itself, which cannot be read again */
  const create = async (name: string, scopes: Scope[]): Promise<{ token: Token; secret: string }> => {
    const secret = `sk_${newSecret()}`;
    return { token: await put({ tokenHash: hashSecret(secret), name, scopes }), secret };
  };

  /** What a token given by a caller stands for; undefined when it is not one of ours. */
  const find = async (given: string): Promise<Token | undefined> => {
    const tokenHash = hashSecret(given);
    const token = await get(tokenIdOf(tokenHash));
    return token?.tokenHash === tokenHash ? token : undefined;
  };

  const remove = async (tokenId: string): Promise<void> => {
    await client.send(new DeleteCommand({ TableName: tableName, Key: keyOf(tokenId) }));
  };

  /** Works at once. The last token that may write stays, as nobody could make another one. */
  const revoke = async (tokenId: string): Promise<Revocation> => {
    const token = await get(tokenId);
    if (token === undefined) return 'missing';
    if (token.scopes.includes('write') && !(await removeWriter(tokenId))) return 'last-writer';
    await remove(tokenId);
    return 'revoked';
  };

  /** Makes this the token of that name, and an earlier one of the same name void. For tokens given from outside. */
  const ensure = async (token: NewToken): Promise<void> => {
    const item = await getItem(table, holderKey(token.name));
    const earlier = item === undefined ? undefined : holderSchema.parse(item).tokenId;
    const known = await get(tokenIdOf(token.tokenHash));
    const { tokenId } = await put(token, known?.createdAt);
    // Its successor has been added, so this is not the last one.
    if (earlier !== undefined && earlier !== tokenId) await revoke(earlier);
    // Last, so that after a crash the earlier one is still known.
    const Item = { ...holderKey(token.name), tokenId };
    await client.send(new PutCommand({ TableName: tableName, Item }));
  };

  return { create, list, find, ensure, revoke };
};
export type Tokens = ReturnType<typeof createTokens>;
