import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { getItem, type Sources, systemSources } from '../config/items.ts';
import { timeSchema } from '../schemas/names.ts';
import type { Table } from '../table/table.ts';
import { hashSecret, newSecret } from './secrets.ts';

export const SCOPES = ['read', 'write', 'ingest'] as const;
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;

export const tokenSchema = z.object({
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: timeSchema,
});
export type Token = z.infer<typeof tokenSchema>;

const keyOf = (tokenHash: string) => ({ pk: `TOKEN#${tokenHash}`, sk: 'TOKEN' });
const holderKey = (name: string) => ({ pk: `TOKEN-HOLDER#${name}`, sk: 'TOKEN-HOLDER' });
const holderSchema = z.object({ tokenHash: z.string() });

/** Bearer tokens. Only their hashes are stored. */
export const createTokens = (table: Table, { now }: Sources = systemSources) => {
  const { client, tableName } = table;

  const put = async (token: Omit<Token, 'createdAt'>): Promise<void> => {
    const createdAt = now().toISOString();
    await client.send(
      new PutCommand({ TableName: tableName, Item: { ...keyOf(token.tokenHash), ...token, createdAt } }),
    );
  };

  /** @returns the token itself, which cannot be read again */
  const create = async (name: string, scopes: Scope[]): Promise<string> => {
    const token = `sk_${newSecret()}`;
    await put({ tokenHash: hashSecret(token), name, scopes });
    return token;
  };

  /** What a token given by a caller stands for; undefined when it is not one of ours. */
  const find = async (token: string): Promise<Token | undefined> => {
    const item = await getItem(table, keyOf(hashSecret(token)));
    return item === undefined ? undefined : tokenSchema.parse(item);
  };

  /** Makes this the token of that name, and an earlier one of the same name void. For tokens given from outside. */
  const ensure = async (token: Omit<Token, 'createdAt'>): Promise<void> => {
    const item = await getItem(table, holderKey(token.name));
    const earlier = item === undefined ? undefined : holderSchema.parse(item).tokenHash;
    await put(token);
    if (earlier !== undefined && earlier !== token.tokenHash) {
      await client.send(new DeleteCommand({ TableName: tableName, Key: keyOf(earlier) }));
    }
    // Last, so that after a crash the earlier one is still known.
    const holder = { ...holderKey(token.name), tokenHash: token.tokenHash };
    await client.send(new PutCommand({ TableName: tableName, Item: holder }));
  };

  return { create, find, ensure };
};
export type Tokens = ReturnType<typeof createTokens>;
