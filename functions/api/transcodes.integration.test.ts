import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { ANY_VERSION, badField, createApiConfig, made, matching } from '../../test/support/api-config.ts';

let api: TestApi;
const { aStorage, templateBody, unique } = createApiConfig(() => api);
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const aTranscode = async (video?: object, audio: object = {}) => {
  const body = { name: unique('hd'), ...(video === undefined ? {} : { video }), audio };
  return made(await api.call('POST', '/v1/transcodes', { body }));
};
const usingBody = async (transcodeId: string, formats: object) => ({
  ...templateBody((await aStorage()).storageId),
  ...{ content: 'transcoded', transcodeId, formats },
});

describe('Transcode templates', () => {
  it('can be made, read, listed, replaced and deleted', async () => {
    const transcode = await aTranscode({ height: 720 });
    expect(transcode).toMatchObject({
      video: { codec: 'h264', height: 720, gopSeconds: 2 },
      audio: { codec: 'aac', bitrateKbps: 128 },
      createdAt: api.clock.toISOString(),
    });
    const path = `/v1/transcodes/${transcode.transcodeId}`;
    const read = await api.call('GET', path);
    expect(read.json).toEqual({ ...transcode, usedBy: [] });
    expect((await api.call('GET', '/v1/transcodes?limit=100')).json.items).toContainEqual(transcode);

    const body = { name: unique('radio') };
    const replaced = await api.call('PUT', path, { body, ...matching(read) });
    expect(replaced).toMatchObject({ status: 200, json: { name: body.name } });
    expect(replaced.json).not.toHaveProperty('video');
    expect((await api.call('PUT', path, { body, ...matching(read) })).status).toBe(412);
    expect((await api.call('DELETE', path, matching(replaced))).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
    expect((await api.call('PUT', path, { body, ...ANY_VERSION })).status).toBe(404);
  });

  it('have names of their own, which are free again when they go', async () => {
    const [one, other] = [await aTranscode(), await aTranscode()];
    const taken = { status: 409, json: { type: 'urn:streamkeep:problem:name-taken' } };
    const body = { name: one.name };
    const put = (transcodeId: string) =>
      api.call('PUT', `/v1/transcodes/${transcodeId}`, { body, ...ANY_VERSION });
    expect(await api.call('POST', '/v1/transcodes', { body })).toMatchObject(taken);
    expect(await put(other.transcodeId)).toMatchObject(taken);
    expect((await put(one.transcodeId)).status).toBe(200);
    await api.call('DELETE', `/v1/transcodes/${one.transcodeId}`);
    expect((await put(other.transcodeId)).status).toBe(200);
    expect((await api.call('POST', '/v1/transcodes', { body: { name: other.name } })).status).toBe(201);
  });

  it.each([
    [{ video: { crf: 20, bitrateKbps: 900 } }, 'video.crf', 'not stand beside bitrateKbps'],
    [{ video: { crf: 52 } }, 'video.crf', '<=51'],
    [{ video: { height: 721 } }, 'video.height', 'must be even'],
    [{ video: { codec: 'vp9' } }, 'video.codec', 'h264'],
    [{ video: { gopSeconds: 11 } }, 'video.gopSeconds', '<=10'],
    [{ audio: { codec: 'opus', bitrateKbps: 257 } }, 'audio.bitrateKbps', 'at most 256 for opus'],
    [{ audio: { bitrateKbps: 513 } }, 'audio.bitrateKbps', '<=512'],
    [{ width: 100 }, 'width', 'is not known'],
  ])('with %j are refused', async (change, field, message) => {
    const answer = await api.call('POST', '/v1/transcodes', { body: { name: 'bad', ...change } });
    expect(badField(answer)).toMatchObject({
      status: 400,
      field,
      message: expect.stringContaining(message),
      count: 1,
    });
  });

  it('are refused to templates with a format that cannot hold what they make', async () => {
    const { transcodeId, name } = await aTranscode({ codec: 'av1' }, { codec: 'opus' });
    const answer = await api.call('POST', '/v1/templates', {
      body: await usingBody(transcodeId, { flv: {}, mp4: {} }),
    });
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toEqual([
      {
        in: 'body',
        field: 'formats.flv',
        message: `cannot hold av1; it takes h264 and aac. That is what the transcode template ${name} (${transcodeId}) makes`,
      },
      { in: 'body', field: 'formats.flv', message: expect.stringMatching(/^cannot hold opus/) },
    ]);
    expect((await api.call('GET', `/v1/transcodes/${transcodeId}`)).json.usedBy).toEqual([]);
    const body = await usingBody(transcodeId, { mp4: {} });
    const { templateId } = made(await api.call('POST', '/v1/templates', { body }));
    expect((await api.call('GET', `/v1/transcodes/${transcodeId}`)).json.usedBy).toEqual([templateId]);
  });

  it('cannot come to make what a format of one of their templates cannot hold', async () => {
    const transcode = await aTranscode({});
    const { transcodeId, name } = transcode;
    const body = await usingBody(transcodeId, { flv: {}, hls: {} });
    const template = made(await api.call('POST', '/v1/templates', { body }));
    const path = `/v1/transcodes/${transcodeId}`;
    const put = (video: object) => api.call('PUT', path, { body: { name, video }, ...ANY_VERSION });
    expect(await put({ codec: 'hevc' })).toMatchObject({
      status: 409,
      json: {
        type: 'urn:streamkeep:problem:in-use',
        detail: `The template ${template.name} (${template.templateId}) records flv, which cannot hold hevc; it takes h264 and aac.`,
        usedBy: [template.templateId],
      },
    });
    expect((await api.call('GET', path)).json).toEqual({ ...transcode, usedBy: [template.templateId] });

    const hls = { ...body, formats: { hls: {} } };
    await api.call('PUT', `/v1/templates/${template.templateId}`, { body: hls, ...ANY_VERSION });
    expect((await put({ codec: 'hevc' })).status).toBe(200);
  });

  it('can be deleted while templates use them, which must then say something else when they are changed', async () => {
    const { transcodeId } = await aTranscode({});
    const body = await usingBody(transcodeId, { hls: {} });
    const { templateId } = made(await api.call('POST', '/v1/templates', { body }));
    expect((await api.call('DELETE', `/v1/transcodes/${transcodeId}`)).status).toBe(204);
    const path = `/v1/templates/${templateId}`;
    expect((await api.call('GET', path)).json).toMatchObject({ transcodeId });
    expect(badField(await api.call('PUT', path, { body, ...ANY_VERSION }))).toMatchObject({
      status: 400,
      field: 'transcodeId',
      message: 'must be the transcodeId of one of /v1/transcodes',
    });
    const { content: _, transcodeId: __, ...origin } = body;
    expect((await api.call('PUT', path, { body: origin, ...ANY_VERSION })).status).toBe(200);
  });
});
