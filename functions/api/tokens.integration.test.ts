import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { badField, made } from '../../test/support/api-config.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const aToken = async (name: string, scopes: string[]) =>
  made(await api.call('POST', '/v1/tokens', { body: { name, scopes } }));
const revoke = (tokenId: string) => api.call('DELETE', `/v1/tokens/${tokenId}`);

describe('Tokens', () => {
  it('can be made, used, listed and revoked, and are shown once', async () => {
    const { token, ...shown } = await aToken('ci', ['read']);
    expect(shown).toEqual({
      tokenId: expect.stringMatching(/^tok_[0-9a-f]{26}$/),
      name: 'ci',
      scopes: ['read'],
      createdAt: '2026-11-22T12:00:00.000Z',
    });
    expect(token).toMatch(/^sk_[\w-]{43}$/);
    expect((await api.call('GET', '/v1/domains', { token })).status).toBe(200);
    const list = await api.call('GET', '/v1/tokens');
    expect(list.json.items).toContainEqual(shown);
    expect(list.text).not.toContain(token);
    expect(list.text).not.toMatch(/[0-9a-f]{64}/);
    expect((await revoke(shown.tokenId)).status).toBe(204);
    expect((await api.call('GET', '/v1/domains', { token })).status).toBe(401);
    expect((await api.call('GET', '/v1/tokens')).json.items).not.toContainEqual(shown);
    expect((await revoke(shown.tokenId)).status).toBe(404);
  });

  it('are looked after by those who may write', async () => {
    const { token, tokenId } = await aToken('reader', ['read', 'ingest']);
    const body = { name: 'more', scopes: ['write'] };
    expect((await api.call('POST', '/v1/tokens', { token, body })).status).toBe(403);
    expect((await api.call('DELETE', `/v1/tokens/${tokenId}`, { token })).status).toBe(403);
    expect((await api.call('GET', '/v1/tokens', { token })).status).toBe(200);
    expect((await api.call('GET', '/v1/tokens', { token: null })).status).toBe(401);
  });

  it('that may write are revoked but for the last one', async () => {
    const { tokenId, token } = await aToken('last', ['read', 'write']);
    const { items } = (await api.call('GET', '/v1/tokens?limit=100')).json;
    for (const other of items) {
      if (other.tokenId !== tokenId) {
        expect((await api.call('DELETE', `/v1/tokens/${other.tokenId}`, { token })).status).toBe(204);
      }
    }
    expect(await api.call('DELETE', `/v1/tokens/${tokenId}`, { token })).toMatchObject({
      status: 409,
      json: {
        type: 'urn:streamkeep:problem:last-writer',
        detail: expect.stringContaining('make another one'),
      },
    });
    expect((await api.call('GET', '/v1/tokens', { token })).json.items).toHaveLength(1);
  });
});

describe('A token', () => {
  it.each([
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['admin'] }, 'scopes.0'],
    [{ scopes: ['read', 'read'] }, 'scopes'],
    [{ name: '' }, 'name'],
    [{ token: 'sk_mine' }, 'token'],
  ])('with %j is refused', async (change, field) => {
    const own = await startApi();
    const body = { name: 'ci', scopes: ['read'], ...change };
    const answer = await own.call('POST', '/v1/tokens', { body });
    expect(badField(answer)).toMatchObject({ status: 400, in: 'body', field, count: 1 });
    expect(answer.text).not.toContain('sk_mine');
    await own.close();
  });
});
