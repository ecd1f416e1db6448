import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { ANY_VERSION, badField, createApiConfig, matching } from '../../test/support/api-config.ts';

let api: TestApi;
const { aDomain, aTemplate, aRule } = createApiConfig(() => api);
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const aBound = async (): Promise<{ domain: string; templateId: string }> => {
  const [{ domain }, { templateId }] = [await aDomain(), await aTemplate()];
  return { domain, templateId };
};

describe('Rules', () => {
  it('can be made, read, listed and deleted', async () => {
    const body = { ...(await aBound()), app: 'live', stream: '直播/1' };
    const { domain, templateId } = body;
    const rule = await aRule(body);
    expect(rule).toEqual({ ...body, ruleId: rule.ruleId, createdAt: '2026-11-22T12:00:00.000Z' });
    expect(rule.ruleId).toMatch(/^rule_[0-9a-f]{24}$/);
    const path = `/v1/rules/${rule.ruleId}`;
    expect((await api.call('GET', path)).json).toEqual(rule);
    for (const query of [
      `domain=${domain}`,
      `domain=${domain}&app=live`,
      `domain=${domain}&app=live&stream=${encodeURIComponent('直播/1')}`,
      `templateId=${templateId}`,
      `domain=${domain}&templateId=${templateId}`,
    ]) {
      expect((await api.call('GET', `/v1/rules?${query}`)).json).toEqual({ items: [rule], cursor: null });
    }
    for (const query of ['domain=none.example.com', `domain=${domain}&app=li`, 'templateId=tpl_none']) {
      expect((await api.call('GET', `/v1/rules?${query}`)).json.items).toEqual([]);
    }
    expect((await api.call('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
  });

  it('exist once for each exact match', async () => {
    const body = await aBound();
    const { ruleId } = await aRule(body);
    expect(await api.call('POST', '/v1/rules', { body })).toMatchObject({
      status: 409,
      json: { type: 'urn:streamkeep:problem:exists', ruleId },
    });
    await aRule({ ...body, app: 'live' });
  });

  it('keep their template and their domain from being deleted', async () => {
    const { domain, templateId } = await aBound();
    const { ruleId } = await aRule({ domain, templateId });
    for (const path of [`/v1/templates/${templateId}`, `/v1/domains/${domain}`]) {
      expect(await api.call('DELETE', path)).toMatchObject({ status: 409, json: { usedBy: [ruleId] } });
      expect((await api.call('GET', path)).status).toBe(200);
    }
    await api.call('DELETE', `/v1/rules/${ruleId}`);
    for (const path of [`/v1/templates/${templateId}`, `/v1/domains/${domain}`]) {
      expect((await api.call('DELETE', path)).status).toBe(204);
    }
  });

  it.each([
    [{ domain: 'none.example.com' }, 'domain', 'must be a domain in /v1/domains'],
    [{ templateId: 'tpl_none' }, 'templateId', 'must be the templateId'],
    [{ stream: 'show' }, 'app', 'is required when stream is given'],
    [{ app: '' }, 'app', '>=1'],
    [{ app: 'a\u0000' }, 'app', 'control characters'],
    [{ app: 'live', stream: '直'.repeat(86) }, 'stream', 'at most 256 bytes'],
    [{ app: 'live', stream: '\ud800' }, 'stream', 'well-formed'],
    [{ priority: 1 }, 'priority', 'allowed: domain, app, stream, templateId'],
  ])('with %j are refused', async (change, field, message) => {
    const body = await aBound();
    const answer = await api.call('POST', '/v1/rules', { body: { ...body, ...change } });
    expect(badField(answer)).toMatchObject({
      status: 400,
      field,
      message: expect.stringContaining(message),
      count: 1,
    });
    expect((await api.call('DELETE', `/v1/templates/${body.templateId}`)).status).toBe(204);
  });

  it.each([
    ['colour=red', 'colour'],
    ['app=live', 'domain'],
    ['domain=push.example.com&stream=show', 'app'],
    ['templateId=a%20b', 'templateId'],
  ])('are not listed for the query %s', async (query, field) => {
    expect(badField(await api.call('GET', `/v1/rules?${query}`))).toMatchObject({
      status: 400,
      in: 'query',
      field,
      count: 1,
    });
  });
});

describe('Rebinding a rule', () => {
  it('is done by exactly one of two at the same time', async () => {
    const body = await aBound();
    const { ruleId } = await aRule(body);
    const path = `/v1/rules/${ruleId}`;
    const others = [await aTemplate(), await aTemplate()];
    const options = matching(await api.call('GET', path));
    expect((await api.call('PUT', path, { body: { templateId: body.templateId } })).status).toBe(428);
    const puts = await Promise.all(
      others.map(({ templateId }) => api.call('PUT', path, { body: { templateId }, ...options })),
    );
    expect(puts.map(({ status }) => status).sort()).toEqual([200, 412]);
    const winner = puts.find(({ status }) => status === 200);
    expect((await api.call('GET', path)).json).toEqual(winner?.json);
    expect((await api.call('DELETE', `/v1/templates/${body.templateId}`)).status).toBe(204);
    expect((await api.call('DELETE', path, options)).status).toBe(412);
  });

  it('is refused for templates and rules that are not there, and for anything but the template', async () => {
    const body = await aBound();
    const { ruleId } = await aRule(body);
    const put = (id: string, change: unknown) =>
      api.call('PUT', `/v1/rules/${id}`, { body: change, ...ANY_VERSION });
    expect(badField(await put(ruleId, { templateId: 'tpl_none' }))).toMatchObject({
      status: 400,
      field: 'templateId',
      given: 'tpl_none',
    });
    expect(badField(await put(ruleId, body))).toMatchObject({ status: 400, field: 'domain' });
    expect((await put('rule_none', { templateId: body.templateId })).status).toBe(404);
  });
});

describe('Binding several domains', () => {
  const bind = (body: unknown) => api.call('POST', '/v1/rules/batch', { body });

  it('makes a rule for each', async () => {
    const { domain, templateId } = await aBound();
    const domains = [domain, (await aDomain()).domain];
    const answer = await bind({ domains, app: 'live', stream: 'show', templateId });
    expect(answer).toMatchObject({
      status: 201,
      json: { items: domains.map((each) => ({ domain: each, app: 'live', stream: 'show', templateId })) },
    });
    expect((await api.call('GET', `/v1/rules?templateId=${templateId}`)).json.items).toHaveLength(2);
  });

  it('is refused as a whole, naming every domain that stands in the way', async () => {
    const { domain, templateId } = await aBound();
    const { ruleId } = await aRule({ domain, templateId });
    const free = (await aDomain()).domain;
    const exists = {
      in: 'body',
      field: 'domains.1',
      given: domain,
      message: expect.stringContaining(ruleId),
    };
    expect(await bind({ domains: [free, domain], templateId })).toMatchObject({
      status: 409,
      json: { type: 'urn:streamkeep:problem:exists', ruleIds: [ruleId], errors: [exists] },
    });
    const answer = await bind({ domains: [free, domain, 'none.example.com'], templateId: 'tpl_none' });
    expect(answer).toMatchObject({ status: 400, json: { type: 'urn:streamkeep:problem:invalid-request' } });
    expect(answer.json.errors).toEqual([
      exists,
      {
        in: 'body',
        field: 'domains.2',
        given: 'none.example.com',
        message: expect.stringContaining('/v1/domains'),
      },
      {
        in: 'body',
        field: 'templateId',
        given: 'tpl_none',
        message: expect.stringContaining('/v1/templates'),
      },
    ]);
    expect((await api.call('GET', `/v1/rules?domain=${free}`)).json.items).toEqual([]);
  });

  it('takes each domain once', async () => {
    const { domain, templateId } = await aBound();
    expect(badField(await bind({ domains: [domain, domain], templateId }))).toMatchObject({
      status: 400,
      field: 'domains',
      message: 'must not name a domain twice',
    });
  });
});

describe('Asking which rule counts', () => {
  it('tells the rule and its template, or why there is none', async () => {
    const { domain, templateId } = await aBound();
    const path = `/v1/rules/match?domain=${domain}&app=live&stream=show`;
    expect((await api.call('GET', path)).json).toEqual({
      rule: null,
      template: null,
      recorded: false,
      reason: `No rule binds a template to ${domain}, to its app live, or to the stream show in it.`,
    });
    await aRule({ domain, templateId });
    const rule = await aRule({ domain, app: 'live', templateId });
    const template = (await api.call('GET', `/v1/templates/${templateId}`)).json;
    expect((await api.call('GET', path)).json).toEqual({ rule, template, recorded: true, reason: null });
    expect(badField(await api.call('GET', `/v1/rules/match?domain=${domain}&app=live`))).toMatchObject({
      status: 400,
      field: 'stream',
    });
  });
});
