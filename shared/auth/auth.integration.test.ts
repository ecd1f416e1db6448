import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTable, type TestTable } from '../../test/support/table.ts';
import { hashSecret, isSameSecret, newSecret } from './secrets.ts';
import { isValidLink, signLink } from './signatures.ts';
import { readSigningKey } from './signing-key.ts';
import { createTokens } from './tokens.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

describe('Tokens', () => {
  it('are known by their hash alone', async () => {
    const tokens = createTokens(table);
    const token = await tokens.create('ci', ['read']);
    expect(token).toMatch(/^sk_[\w-]{43}$/);
    expect(await tokens.find(token)).toMatchObject({
      name: 'ci',
      scopes: ['read'],
      tokenHash: hashSecret(token),
    });
    expect(await tokens.find(hashSecret(token))).toBeUndefined();
    expect(await tokens.find(`${token}x`)).toBeUndefined();
  });

  it('given from outside replace the earlier one of their name, and no other', async () => {
    const tokens = createTokens(table);
    const admin = (token: string) => ({
      tokenHash: hashSecret(token),
      name: 'admin',
      scopes: ['write' as const],
    });
    const other = await tokens.create('other', ['read']);
    await tokens.ensure(admin('first'));
    await tokens.ensure(admin('first'));
    expect(await tokens.find('first')).toMatchObject({ name: 'admin' });
    await tokens.ensure(admin('second'));
    expect(await tokens.find('first')).toBeUndefined();
    expect(await tokens.find('second')).toMatchObject({ scopes: ['write'] });
    expect(await tokens.find(other)).toBeDefined();
  });
});

describe('The signing key', () => {
  it('is made once, however many need it first', async () => {
    const keys = await Promise.all([1, 2, 3, 4, 5].map(() => readSigningKey(table)));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toHaveLength(43);
    expect(await readSigningKey(table)).toBe(keys[0]);
  });
});

describe('Signed links', () => {
  const link = { recordId: 'r', fileId: 'f', expires: 1000 };

  it('are valid with their own key, for what they name, until they expire', () => {
    const key = newSecret();
    const signature = signLink(key, link);
    const before = new Date(999_999);
    expect(isValidLink(key, link, signature, before)).toBe(true);
    expect(isValidLink(key, link, signature, new Date(1_000_000))).toBe(false);
    expect(isValidLink(newSecret(), link, signature, before)).toBe(false);
    expect(isValidLink(key, { ...link, recordId: 'other' }, signature, before)).toBe(false);
    expect(isValidLink(key, { ...link, expires: 2000 }, signature, before)).toBe(false);
    expect(isValidLink(key, link, '', before)).toBe(false);
  });

  it('compare secrets of different lengths', () => {
    expect(isSameSecret('a', 'ab')).toBe(false);
    expect(isSameSecret('ab', 'ab')).toBe(true);
  });
});
