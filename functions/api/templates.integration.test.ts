import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { ANY_VERSION, badField, createApiConfig, made, matching } from '../../test/support/api-config.ts';

let api: TestApi;
const { templateBody, aStorage, aTemplate, aTranscode, aWatermark } = createApiConfig(() => api);
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('Templates', () => {
  it('can be made, read, listed, replaced and deleted', async () => {
    const template = await aTemplate();
    expect(template).toMatchObject({
      content: 'origin',
      recordStandby: false,
      timeZone: 'UTC',
      formats: { mp4: { maxMinutes: 30 } },
      path: expect.stringContaining('{StreamID}'),
    });
    const path = `/v1/templates/${template.templateId}`;
    const read = await api.call('GET', path);
    expect(read.json).toEqual(template);
    expect((await api.call('GET', '/v1/templates?limit=100')).json.items).toContainEqual(template);

    const body = { ...templateBody(template.storage.primary), formats: { hls: { segmentSeconds: 4 } } };
    const replaced = await api.call('PUT', path, { body, ...matching(read) });
    expect(replaced).toMatchObject({
      status: 200,
      json: { name: body.name, formats: { hls: { segmentSeconds: 4, resumptionTimeout: 0 } } },
    });
    expect(replaced.json.formats).not.toHaveProperty('mp4');
    expect((await api.call('GET', path)).json).toEqual(replaced.json);
    expect((await api.call('DELETE', path, matching(replaced))).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
    expect((await api.call('PUT', path, { body, ...ANY_VERSION })).status).toBe(404);
  });

  it('keep all that they can hold', async () => {
    const { watermarkId } = await aWatermark();
    const { transcodeId } = await aTranscode();
    const [primary, backup] = [await aStorage('eu-central-1'), await aStorage('eu-west-1')];
    const steps = [{ kind: 'remux', name: 'mp4', format: 'mp4' }];
    const { orchestrationId } = made(
      await api.call('POST', '/v1/orchestrations', { body: { name: 'as-mp4', steps } }),
    );
    const body = {
      name: 'everything',
      description: '晚间节目 2_A-b',
      content: 'transcoded',
      watermarkId,
      transcodeId,
      recordStandby: true,
      timeZone: 'UTC+8',
      formats: {
        hls: { segmentation: 720, segmentSeconds: 2, resumptionTimeout: 1800 },
        mp4: { maxMinutes: 720 },
        flv: { maxMinutes: 1 },
        aac: { maxMinutes: 120, when: 'always' },
      },
      storage: { primary: primary.storageId, backup: backup.storageId },
      path: '{RecordSource}/{Domain}/{AppName}/{StreamID}/{RandomID}',
      maxDuration: 600,
      retentionDays: 30,
      postProcessing: { hls: { orchestrationId }, aac: { orchestrationId } },
    };
    const template = made(await api.call('POST', '/v1/templates', { body }));
    const { templateId } = template;
    expect(template).toEqual({
      ...body,
      templateId,
      createdAt: api.clock.toISOString(),
      updatedAt: api.clock.toISOString(),
    });
    expect((await api.call('GET', `/v1/templates/${templateId}`)).json).toEqual(template);
    expect(await api.call('DELETE', `/v1/storages/${backup.storageId}`)).toMatchObject({
      status: 409,
      json: { usedBy: [templateId] },
    });
  });

  it.each([
    [{ name: 'a/b' }, 'name', 'must be 1–64 letters'],
    [{ description: 'Ünlü' }, 'description', 'Chinese and English letters'],
    [{ content: 'transcoded' }, 'transcodeId', 'is required when content is transcoded'],
    [{ content: 'watermarked', transcodeId: 'trc_1' }, 'transcodeId', 'only when content is transcoded'],
    [{ watermarkId: 'wmk_1' }, 'watermarkId', 'only when content is watermarked or transcoded'],
    [{ recordStandby: true }, 'recordStandby', 'only when content is watermarked or transcoded'],
    [{ content: 'watermarked', watermarkId: 'wmk_none' }, 'watermarkId', 'of one of /v1/watermarks'],
    [{ content: 'transcoded', transcodeId: 'trc_none' }, 'transcodeId', 'of one of /v1/transcodes'],
    [{ formats: {} }, 'formats', 'at least one of hls, mp4, flv, aac'],
    [{ formats: { mp4: { maxMinutes: 0 } } }, 'formats.mp4.maxMinutes', '>=1'],
    [{ formats: { aac: { maxMinutes: 121 } } }, 'formats.aac.maxMinutes', '<=120'],
    [{ formats: { hls: { segmentSeconds: 31 } } }, 'formats.hls.segmentSeconds', '<=30'],
    [{ formats: { hls: { segmentation: 0 } } }, 'formats.hls.segmentation', '>=1'],
    [{ formats: { hls: { resumptionTimeout: 1801 } } }, 'formats.hls.resumptionTimeout', '<=1800'],
    [{ formats: { mp4: {}, webm: {} } }, 'formats.webm', 'allowed: hls, mp4, flv, aac'],
    [{ timeZone: 'Mars' }, 'timeZone', 'IANA'],
    [{ timeZone: '+01:00' }, 'timeZone', 'IANA'],
    [{ path: '{StreamID}' }, 'path', 'add {StartYear}'],
    [{ path: '{StreamID}/{EndYear}' }, 'path', 'before the end is known'],
    [{ path: '../{RandomID}' }, 'path', 'segments . or ..'],
    [{ maxDuration: 1.5 }, 'maxDuration', 'int'],
    [{ retentionDays: 0 }, 'retentionDays', '>=1'],
    [{ postProcessing: { mp4: {} } }, 'postProcessing.mp4.orchestrationId', 'is required'],
    [{ postProcessing: { hls: { orchestrationId: 'orc_1' } } }, 'postProcessing.hls', 'among the formats'],
    [
      { postProcessing: { mp4: { orchestrationId: 'orc_none' } } },
      'postProcessing.mp4.orchestrationId',
      'must be the orchestrationId of one of /v1/orchestrations',
    ],
    [{ storage: { primary: 'sto_none' } }, 'storage.primary', 'must be the storageId of one of /v1/storages'],
    [{ storage: {} }, 'storage.primary', 'is required'],
    [{ storage: { primary: 'sto_1', backup: 'sto_1' } }, 'storage.backup', 'in another region'],
    [{ retention: 3 }, 'retention', 'is not known'],
  ])('with %j are refused', async (change, field, message) => {
    const { storage, templateId } = await aTemplate();
    const body = { ...templateBody(storage.primary), ...change };
    for (const answer of [
      await api.call('POST', '/v1/templates', { body }),
      await api.call('PUT', `/v1/templates/${templateId}`, { body, ...ANY_VERSION }),
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

  it('with a backup storage in the region of the primary one are refused, with both regions', async () => {
    const [primary, backup] = [await aStorage('eu-west-1'), await aStorage('eu-west-1')];
    const storage = { primary: primary.storageId, backup: backup.storageId };
    const body = { ...templateBody(primary.storageId), storage };
    expect(badField(await api.call('POST', '/v1/templates', { body }))).toMatchObject({
      status: 400,
      field: 'storage.backup',
      given: backup.storageId,
      message: expect.stringMatching(/that is in eu-west-1, this one in eu-west-1/),
    });
  });

  it('have names of their own', async () => {
    const [one, other] = [await aTemplate(), await aTemplate()];
    const body = { ...templateBody(one.storage.primary), name: one.name };
    const taken = { status: 409, json: { type: 'urn:streamkeep:problem:name-taken' } };
    const put = (templateId: string) =>
      api.call('PUT', `/v1/templates/${templateId}`, { body, ...ANY_VERSION });
    expect(await api.call('POST', '/v1/templates', { body })).toMatchObject(taken);
    expect(await put(other.templateId)).toMatchObject(taken);
    expect((await put(one.templateId)).status).toBe(200);
  });

  it('are changed by exactly one of two who edit them at the same time', async () => {
    const { templateId, storage } = await aTemplate();
    const path = `/v1/templates/${templateId}`;
    const body = templateBody(storage.primary);
    expect((await api.call('PUT', path, { body })).status).toBe(428);
    const read = await api.call('GET', path);
    for (const bodies of [
      [body, { ...body, timeZone: 'UTC+8' }],
      [templateBody(storage.primary), templateBody(storage.primary)],
    ]) {
      const options = matching(await api.call('GET', path));
      const puts = await Promise.all(bodies.map((each) => api.call('PUT', path, { body: each, ...options })));
      expect(puts.map(({ status }) => status).sort()).toEqual([200, 412]);
      const winner = puts.find(({ status }) => status === 200);
      expect((await api.call('GET', path)).json).toEqual(winner?.json);
    }
    expect(await api.call('DELETE', path, matching(read))).toMatchObject({
      status: 412,
      json: { type: 'urn:streamkeep:problem:precondition-failed' },
    });
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
