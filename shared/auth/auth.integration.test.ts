import { describe, expect, it } from 'vitest';
import { startTable, useTable } from '../../test/support/table.ts';
import { hashSecret, isSameSecret, newSecret } from './secrets.ts';
import { isValidLink, signLink } from './signatures.ts';
import { readSigningKey } from './signing-key.ts';
import { createTokens } from './tokens.ts';

const table = useTable();

describe('Tokens', () => {
  it('are known by their hash alone', async () => {
    const tokens = createTokens(table);
    const { token, secret } = await tokens.create('ci', ['read']);
    expect(secret).toMatch(/^sk_[\w-]{43}$/);
    expect(await tokens.find(secret)).toEqual(token);
    expect(token).toMatchObject({ name: 'ci', scopes: ['read'], tokenHash: hashSecret(secret) });
    expect(token.tokenId).toMatch(/^tok_[0-9a-f]{26}$/);
    expect(await tokens.find(hashSecret(secret))).toBeUndefined();
    expect(await tokens.find(`${secret}x`)).toBeUndefined();
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
    const first = await tokens.find('first');
    expect(first).toMatchObject({ name: 'admin' });
    await tokens.ensure(admin('first'));
    expect(await tokens.find('first')).toEqual(first);
    await tokens.ensure(admin('second'));
    expect(await tokens.find('first')).toBeUndefined();
    const second = await tokens.find('second');
    expect(second).toMatchObject({ scopes: ['write'] });
    expect(await tokens.find(other.secret)).toBeDefined();
    expect((await tokens.list({ limit: 100 })).items).toContainEqual(second);
  });

  it('that may write are never all revoked, not even at the same time', async () => {
    const own = await startTable();
    const tokens = createTokens(own);
    const made = await Promise.all([1, 2, 3].map(() => tokens.create('writer', ['write'])));
    const reader = await tokens.create('reader', ['read']);
    const ids = made.map(({ token }) => token.tokenId);
    const revocations = await Promise.all(ids.map((tokenId) => tokens.revoke(tokenId)));
    expect(revocations.sort()).toEqual(['last-writer', 'revoked', 'revoked']);
    const found = await Promise.all(made.map(({ secret }) => tokens.find(secret)));
    const [last, ...more] = found.filter((token) => token !== undefined);
    expect(more).toEqual([]);
    expect(await tokens.revoke(reader.token.tokenId)).toBe('revoked');
    expect(await tokens.revoke(reader.token.tokenId)).toBe('missing');
    await tokens.create('successor', ['read', 'write']);
    expect(await tokens.revoke(last?.tokenId ?? '')).toBe('revoked');
    await own.close();
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
