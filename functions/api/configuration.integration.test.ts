import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startApi, type TestApi } from '../../test/support/api.ts';
import { createMemoryStore } from '../../test/support/memory-store.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

let count = 0;
const unique = (name: string): string => {
  count += 1;
  return `${name}-${count}`;
};

const made = ({ status, json, text }: Answer) => {
  if (status !== 201) throw new Error(`Answered ${status}: ${text}`);
  return json;
};
const source = { url: 'rtmp://origin.example.com/{app}/{stream}' };
const domainBody = () => ({ domain: `${unique('push')}.example.com`, adapter: 'nginx-rtmp', source });
const storageBody = () => ({ name: unique('bucket'), bucket: 'my-bucket', region: 'eu-central-1' });
const aDomain = async () => made(await api.call('POST', '/v1/domains', { body: domainBody() }));
const aStorage = async () => made(await api.call('POST', '/v1/storages', { body: storageBody() }));
const templateBody = (primary: string) => ({
  name: unique('all'),
  formats: { mp4: {} },
  storage: { primary },
});
const aTemplate = async () => {
  const body = templateBody((await aStorage()).storageId);
  return made(await api.call('POST', '/v1/templates', { body }));
};
/** The only field that is wrong. */
const badField = ({ status, json }: Answer) => ({ status, ...json.errors[0], count: json.errors.length });

describe('Domains', () => {
  it('can be made, read, listed, replaced and deleted', async () => {
    const domain = await aDomain();
    expect(domain).toEqual({
      domain: domain.domain,
      adapter: 'nginx-rtmp',
      source,
      enabled: true,
      createdAt: '2026-11-22T12:00:00.000Z',
      secret: expect.stringMatching(/^[\w-]{43}$/),
    });
    const { secret: _, ...shown } = domain;
    const path = `/v1/domains/${domain.domain}`;
    expect((await api.call('GET', path)).json).toEqual(shown);
    const list = await api.call('GET', '/v1/domains?limit=100');
    expect(list.json).toMatchObject({ items: expect.arrayContaining([shown]), cursor: null });
    expect(list.text).not.toMatch(/secret/i);

    const body = { adapter: 'node-media-server', source, enabled: false };
    expect((await api.call('PUT', path, { body })).json).toEqual({ ...shown, ...body });
    expect((await api.call('PUT', path, { body: { ...body, domain: domain.domain } })).status).toBe(200);
    expect(await api.call('DELETE', path)).toMatchObject({ status: 204, text: '' });
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
    expect((await api.call('PUT', path, { body })).status).toBe(404);
  });

  it('take a secret of your own, and never show it again', async () => {
    const secret = 'my-own-secret-0123';
    const domain = made(await api.call('POST', '/v1/domains', { body: { ...domainBody(), secret } }));
    expect(domain.secret).toBe(secret);
    const path = `/v1/domains/${domain.domain}`;
    const rotated = await api.call('PUT', path, { body: { adapter: 'nginx-rtmp', source, secret } });
    expect(rotated.text + (await api.call('GET', path)).text).not.toContain(secret);
  });

  it('exist once', async () => {
    const body = domainBody();
    await api.call('POST', '/v1/domains', { body });
    expect(await api.call('POST', '/v1/domains', { body })).toMatchObject({
      status: 409,
      json: { type: 'urn:streamkeep:problem:exists' },
    });
  });

  it.each([
    [{ domain: 'UPPER.example.com' }, 'domain'],
    [{ domain: 'a/b' }, 'domain'],
    [{ adapter: 'srs' }, 'adapter'],
    [{ source: { url: 'file:///etc/passwd?{stream}' } }, 'source.url'],
    [{ source: { url: 'rtmp://{app}/{stream}' } }, 'source.url'],
    [{ source: { ...source, user: 'me' } }, 'source.user'],
    [{ secret: 'short' }, 'secret'],
    [{ enabled: 'yes' }, 'enabled'],
    [{ colour: 'red' }, 'colour'],
  ])('with %j are refused', async (change, field) => {
    const answer = await api.call('POST', '/v1/domains', { body: { ...domainBody(), ...change } });
    expect(badField(answer)).toMatchObject({ status: 400, in: 'body', field, count: 1 });
  });

  it('cannot be renamed', async () => {
    const { domain } = await aDomain();
    const body = { adapter: 'nginx-rtmp', source, domain: 'other.example.com' };
    expect(badField(await api.call('PUT', `/v1/domains/${domain}`, { body }))).toMatchObject({
      status: 400,
      field: 'domain',
      given: 'other.example.com',
    });
  });
});

describe('Storages', () => {
  it('can be made, read, listed, checked and deleted', async () => {
    const body = { ...storageBody(), endpoint: 'https://s3.example.com', forcePathStyle: true };
    const storage = made(await api.call('POST', '/v1/storages', { body }));
    const at = '2026-11-22T12:00:00.000Z';
    expect(storage).toEqual({ ...body, storageId: storage.storageId, checkedAt: at, createdAt: at });
    const path = `/v1/storages/${storage.storageId}`;
    expect((await api.call('GET', path)).json).toEqual(storage);
    expect((await api.call('GET', '/v1/storages?limit=100')).json.items).toContainEqual(storage);
    expect((await api.call('POST', `${path}/check`)).json).toEqual(storage);
    expect((await api.call('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
    expect((await api.call('POST', `${path}/check`)).status).toBe(404);
    expect((await api.call('PUT', path, { body })).status).toBe(405);
  });

  it('that cannot be written are refused with the missing permissions, and not kept', async () => {
    api.stores.set('no-writes', createMemoryStore(['PutObject']));
    api.stores.set('no-reads', createMemoryStore(['GetObject', 'ListParts']));
    const body = { ...storageBody(), bucket: 'no-writes' };
    expect(badField(await api.call('POST', '/v1/storages', { body }))).toMatchObject({
      status: 422,
      field: 'bucket',
      given: 'no-writes',
      message: 'must allow s3:PutObject: PutObject: AccessDenied: Access Denied',
    });
    const answer = await api.call('POST', '/v1/storages', { body: { ...body, bucket: 'no-reads' } });
    expect(answer.json.errors.map(({ message }: { message: string }) => message)).toEqual([
      expect.stringContaining('must allow s3:GetObject'),
      expect.stringContaining('must allow s3:ListMultipartUploadParts'),
    ]);
    made(await api.call('POST', '/v1/storages', { body: { ...body, bucket: 'my-bucket' } }));
  });

  it('that have lost their permissions fail their check', async () => {
    api.stores.set('fading', createMemoryStore());
    const { storageId } = made(
      await api.call('POST', '/v1/storages', { body: { ...storageBody(), bucket: 'fading' } }),
    );
    api.stores.set('fading', createMemoryStore(['DeleteObject']));
    expect(badField(await api.call('POST', `/v1/storages/${storageId}/check`))).toMatchObject({
      status: 422,
      message: expect.stringContaining('s3:DeleteObject'),
    });
  });

  it('have names of their own', async () => {
    const body = storageBody();
    made(await api.call('POST', '/v1/storages', { body }));
    expect(await api.call('POST', '/v1/storages', { body })).toMatchObject({
      status: 409,
      json: { type: 'urn:streamkeep:problem:name-taken' },
    });
  });

  it.each([
    [{ name: 'a b' }, 'name'],
    [{ bucket: 'UPPER' }, 'bucket'],
    [{ region: 'eu central' }, 'region'],
    [{ endpoint: 'ftp://s3.example.com' }, 'endpoint'],
    [{ secretAccessKey: 'hunter2' }, 'secretAccessKey'],
  ])('with %j are refused', async (change, field) => {
    const answer = await api.call('POST', '/v1/storages', { body: { ...storageBody(), ...change } });
    expect(badField(answer)).toMatchObject({ status: 400, in: 'body', field, count: 1 });
    expect(answer.text).not.toContain('hunter2');
  });

  it('cannot be deleted while a template records to them', async () => {
    const { templateId, storage } = await aTemplate();
    expect(await api.call('DELETE', `/v1/storages/${storage.primary}`)).toMatchObject({
      status: 409,
      json: { type: 'urn:streamkeep:problem:in-use', usedBy: [templateId] },
    });
  });
});

describe('Templates', () => {
  it('can be made, read, listed, replaced and deleted', async () => {
    const template = await aTemplate();
    expect(template).toMatchObject({
      content: 'origin',
      timeZone: 'UTC',
      formats: { mp4: { maxMinutes: 30 } },
      path: expect.stringContaining('{StreamID}'),
    });
    const path = `/v1/templates/${template.templateId}`;
    expect((await api.call('GET', path)).json).toEqual(template);
    expect((await api.call('GET', '/v1/templates?limit=100')).json.items).toContainEqual(template);

    const body = { ...templateBody(template.storage.primary), formats: { hls: { segmentSeconds: 4 } } };
    const replaced = await api.call('PUT', path, { body });
    expect(replaced).toMatchObject({
      status: 200,
      json: { name: body.name, formats: { hls: { segmentSeconds: 4, resumptionTimeout: 0 } } },
    });
    expect(replaced.json.formats).not.toHaveProperty('mp4');
    expect((await api.call('GET', path)).json).toEqual(replaced.json);
    expect((await api.call('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
    expect((await api.call('PUT', path, { body })).status).toBe(404);
  });

  it.each([
    [{ name: 'a/b' }, 'name', 'must be 1–64 letters'],
    [{ description: 'Ünlü' }, 'description', 'Chinese and English letters'],
    [{ formats: {} }, 'formats', 'at least one of hls, mp4, flv, aac'],
    [{ formats: { mp4: { maxMinutes: 0 } } }, 'formats.mp4.maxMinutes', '>=1'],
    [{ formats: { aac: { maxMinutes: 121 } } }, 'formats.aac.maxMinutes', '<=120'],
    [{ formats: { hls: { segmentSeconds: 31 } } }, 'formats.hls.segmentSeconds', '<=30'],
    [{ formats: { hls: { resumptionTimeout: 1801 } } }, 'formats.hls.resumptionTimeout', '<=1800'],
    [{ formats: { mp4: {}, webm: {} } }, 'formats.webm', 'allowed: hls, mp4, flv, aac'],
    [{ timeZone: 'Mars' }, 'timeZone', 'IANA'],
    [{ path: '{StreamID}' }, 'path', 'add {StartYear}'],
    [{ path: '{StreamID}/{EndYear}' }, 'path', 'before the end is known'],
    [{ path: '../{RandomID}' }, 'path', 'segments . or ..'],
    [{ maxDuration: 1.5 }, 'maxDuration', 'int'],
    [{ storage: { primary: 'sto_none' } }, 'storage.primary', 'must be the storageId'],
    [{ storage: {} }, 'storage.primary', 'is required'],
    [{ retention: 3 }, 'retention', 'is not known'],
  ])('with %j are refused', async (change, field, message) => {
    const { storage, templateId } = await aTemplate();
    const body = { ...templateBody(storage.primary), ...change };
    for (const answer of [
      await api.call('POST', '/v1/templates', { body }),
      await api.call('PUT', `/v1/templates/${templateId}`, { body }),
    ]) {
      expect(badField(answer)).toMatchObject({
        status: 400,
        in: 'body',
        field,
        message: expect.stringContaining(message),
        count: 1,
      });
    }
  });

  it('have names of their own', async () => {
    const [one, other] = [await aTemplate(), await aTemplate()];
    const body = { ...templateBody(one.storage.primary), name: one.name };
    const taken = { status: 409, json: { type: 'urn:streamkeep:problem:name-taken' } };
    expect(await api.call('POST', '/v1/templates', { body })).toMatchObject(taken);
    expect(await api.call('PUT', `/v1/templates/${other.templateId}`, { body })).toMatchObject(taken);
    expect((await api.call('PUT', `/v1/templates/${one.templateId}`, { body })).status).toBe(200);
  });

  it('are listed by name, page by page', async () => {
    const names = ['zz-3', 'zz-1', 'zz-2'];
    const { storageId } = await aStorage();
    for (const name of names) {
      made(await api.call('POST', '/v1/templates', { body: { ...templateBody(storageId), name } }));
    }
    const listed: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { json } = await api.call('GET', `/v1/templates?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(json.items.length).toBeLessThanOrEqual(2);
      listed.push(...json.items.map(({ name }: { name: string }) => name));
      cursor = json.cursor;
    }
    expect(listed.slice(-3)).toEqual(['zz-1', 'zz-2', 'zz-3']);
    expect(listed).toEqual([...new Set(listed)].sort());
  });
});

describe('Rules', () => {
  it('can be made, read, listed and deleted', async () => {
    const [{ domain }, { templateId }] = [await aDomain(), await aTemplate()];
    const body = { domain, app: 'live', stream: '直播/1', templateId };
    const rule = made(await api.call('POST', '/v1/rules', { body }));
    expect(rule).toEqual({ ...body, ruleId: rule.ruleId, createdAt: '2026-11-22T12:00:00.000Z' });
    expect(rule.ruleId).toMatch(/^rule_[0-9a-f]{24}$/);
    const path = `/v1/rules/${rule.ruleId}`;
    expect((await api.call('GET', path)).json).toEqual(rule);
    for (const query of [
      `domain=${domain}`,
      `templateId=${templateId}`,
      `domain=${domain}&templateId=${templateId}`,
    ]) {
      expect((await api.call('GET', `/v1/rules?${query}`)).json).toEqual({ items: [rule], cursor: null });
    }
    expect((await api.call('GET', '/v1/rules?domain=none.example.com')).json.items).toEqual([]);
    expect((await api.call('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
  });

  it('exist once for each exact match', async () => {
    const [{ domain }, { templateId }] = [await aDomain(), await aTemplate()];
    const { ruleId } = made(await api.call('POST', '/v1/rules', { body: { domain, templateId } }));
    expect(await api.call('POST', '/v1/rules', { body: { domain, templateId } })).toMatchObject({
      status: 409,
      json: { type: 'urn:streamkeep:problem:exists', ruleId },
    });
    expect((await api.call('POST', '/v1/rules', { body: { domain, app: 'live', templateId } })).status).toBe(
      201,
    );
  });

  it('keep their template and their domain from being deleted', async () => {
    const [{ domain }, { templateId }] = [await aDomain(), await aTemplate()];
    const { ruleId } = made(await api.call('POST', '/v1/rules', { body: { domain, templateId } }));
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
    const [{ domain }, { templateId }] = [await aDomain(), await aTemplate()];
    const answer = await api.call('POST', '/v1/rules', { body: { domain, templateId, ...change } });
    expect(badField(answer)).toMatchObject({
      status: 400,
      field,
      message: expect.stringContaining(message),
      count: 1,
    });
    expect((await api.call('DELETE', `/v1/templates/${templateId}`)).status).toBe(204);
  });

  it('are not found by a query that is not known', async () => {
    expect(badField(await api.call('GET', '/v1/rules?app=live'))).toMatchObject({
      status: 400,
      in: 'query',
      field: 'app',
    });
  });
});
