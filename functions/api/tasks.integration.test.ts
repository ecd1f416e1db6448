import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../test/support/api.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

let api: TestApi;
let templateId: string;
let stream: string;
let number = 0;

const post = (path: string, body?: unknown) => api.call('POST', path, body === undefined ? {} : { body });

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => {
  number += 1;
  stream = `show-${number}`;
  api.sent.events.length = 0;
  api.sent.timers.length = 0;
});

const task = (changes: Record<string, unknown> = {}) => ({
  domain: 'push.example.com',
  app: 'live',
  stream,
  templateId,
  startTime: at(600),
  endTime: at(1200),
  ...changes,
});
const make = async (changes: Record<string, unknown> = {}) => {
  const answer = await post('/v1/tasks', task(changes));
  expect(answer.status, answer.text).toBe(201);
  return answer.json;
};

describe('A task without a template', () => {
  it('is refused while there is no default storage, and made when there is one', async () => {
    const source = { url: 'rtmp://push.example.com/{app}/{stream}' };
    await post('/v1/domains', { domain: 'push.example.com', adapter: 'nginx-rtmp', source });
    expect(await post('/v1/tasks', task({ templateId: undefined }))).toMatchObject({
      status: 400,
      json: { errors: [{ field: 'templateId', message: expect.stringMatching(/default/) }] },
    });
    const storage = { name: 'main', bucket: 'recordings', region: 'eu-central-1', default: true };
    const { storageId } = (await post('/v1/storages', storage)).json;
    const template = { name: 'shows', formats: { mp4: {} }, storage: { primary: storageId } };
    templateId = (await post('/v1/templates', template)).json.templateId;
    expect(await make({ templateId: undefined })).toMatchObject({ templateId: null, state: 'scheduled' });
  });
});

describe('Tasks', () => {
  it('are made with everything that is known of them, and have their timers set', async () => {
    const made = await make({ startTime: '2026-11-22T13:10:00+01:00' });
    expect(made).toEqual({
      ...task(),
      taskId: expect.stringMatching(/^tsk_[0-9A-Z]{26}$/),
      state: 'scheduled',
      reason: null,
      recordIds: [],
      createdAt: at(0),
    });
    const key = { domain: 'push.example.com', app: 'live', stream };
    expect(api.sent.timers).toEqual([{ key, at: at(600), delaySeconds: 599 }]);
    expect((await api.call('GET', `/v1/tasks/${made.taskId}`)).json).toEqual(made);
    expect((await api.call('GET', '/v1/tasks/tsk_none')).status).toBe(404);
  });

  it('begin at once when no start is given', async () => {
    const made = await make({ startTime: undefined, endTime: at(60) });
    expect(made.startTime).toBe(at(0));
    expect(api.sent.events).toMatchObject([{ type: 'tasks-changed', key: { stream }, at: at(0) }]);
    expect(api.sent.timers).toMatchObject([{ at: at(60), delaySeconds: 59 }]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a start in the past', { startTime: at(-60) }, 'startTime'],
    ['an end before the start', { endTime: at(500) }, 'endTime'],
    ['more than a day', { endTime: at(600 + 86_401) }, 'endTime'],
    ['an end more than a week ahead', { startTime: at(604_700), endTime: at(604_801) }, 'endTime'],
    ['no end', { endTime: undefined }, 'endTime'],
    ['a time that is none', { startTime: 'tomorrow' }, 'startTime'],
    ['an unknown domain', { domain: 'other.example.com' }, 'domain'],
    ['an unknown template', { templateId: 'tpl_none' }, 'templateId'],
    ['an unknown field', { start: at(600) }, 'start'],
  ])('are refused with %s', async (_, changes, field) => {
    const answer = await post('/v1/tasks', task(changes));
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ field }]);
  });

  it('overlap three times at most, however many are made at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => post('/v1/tasks', task())));
    const statuses = all.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 201, 201, 409, 409, 409]);
    expect(all.find(({ status }) => status === 409)?.json.type).toMatch(/too-many-tasks-at-once$/);
    await make({ startTime: at(1200), endTime: at(1300) });
    const made = all.find(({ status }) => status === 201);
    await post(`/v1/tasks/${made?.json.taskId}/stop`);
    await make();
  });

  it('keep their template from being deleted until they have ended', async () => {
    const { storageId } = (await api.call('GET', '/v1/storages')).json.items[0];
    const template = { name: `used-${number}`, formats: { mp4: {} }, storage: { primary: storageId } };
    const used = (await post('/v1/templates', template)).json.templateId;
    const { taskId } = await make({ templateId: used });
    expect(await api.call('DELETE', `/v1/templates/${used}`)).toMatchObject({
      status: 409,
      json: { usedBy: [taskId] },
    });
    await post(`/v1/tasks/${taskId}/stop`);
    expect((await api.call('DELETE', `/v1/templates/${used}`)).status).toBe(204);
  });

  it('are stopped and deleted, each as often as somebody wants', async () => {
    const { taskId } = await make();
    for (let times = 0; times < 2; times += 1) {
      expect(await post(`/v1/tasks/${taskId}/stop`)).toMatchObject({
        status: 202,
        json: { taskId, state: 'stopped', reason: { cause: 'user', code: 'task-stopped' } },
      });
    }
    expect((await api.call('DELETE', `/v1/tasks/${taskId}`)).status).toBe(204);
    expect((await api.call('DELETE', `/v1/tasks/${taskId}`)).status).toBe(404);
    expect((await api.call('GET', `/v1/tasks/${taskId}`)).status).toBe(404);
    expect((await post(`/v1/tasks/${taskId}/stop`)).status).toBe(404);
  });

  it('are listed newest start first, by what they are, page by page', async () => {
    const [one, two, three] = [
      await make({ startTime: at(600) }),
      await make({ startTime: at(660), app: 'other' }),
      await make({ startTime: at(720) }),
    ];
    await post(`/v1/tasks/${three.taskId}/stop`);
    const ids = async (query: string) =>
      (await api.call('GET', `/v1/tasks?stream=${stream}&${query}`)).json.items.map(
        ({ taskId }: { taskId: string }) => taskId,
      );
    expect(await ids('')).toEqual([three.taskId, two.taskId, one.taskId]);
    expect(await ids('app=other&domain=push.example.com')).toEqual([two.taskId]);
    expect(await ids('state=stopped')).toEqual([three.taskId]);
    expect(await ids(`from=${at(660)}&to=${at(660)}`)).toEqual([two.taskId]);
    expect(await ids(`to=${at(659)}`)).toEqual([one.taskId]);
    const first = await api.call('GET', `/v1/tasks?stream=${stream}&limit=2`);
    const rest = await api.call('GET', `/v1/tasks?stream=${stream}&limit=2&cursor=${first.json.cursor}`);
    expect(rest.json).toMatchObject({ items: [{ taskId: one.taskId }], cursor: null });
    const all = await api.call('GET', `/v1/tasks?from=${at(720)}&state=stopped`);
    expect(all.json.items).toMatchObject([{ taskId: three.taskId }]);
    expect((await api.call('GET', `/v1/tasks?cursor=${first.json.cursor}`)).status).toBe(400);
  });

  it.each(['state=lost', 'from=yesterday', 'stream=', 'colour=red', 'cursor=nonsense'])(
    'are not found by %s',
    async (query) => {
      expect((await api.call('GET', `/v1/tasks?${query}`)).status).toBe(400);
    },
  );

  it('are changed only by who may write', async () => {
    const { taskId } = await make();
    const token = api.tokens.read;
    expect((await api.call('POST', '/v1/tasks', { token, body: task() })).status).toBe(403);
    expect((await api.call('POST', `/v1/tasks/${taskId}/stop`, { token })).status).toBe(403);
    expect((await api.call('DELETE', `/v1/tasks/${taskId}`, { token })).status).toBe(403);
    expect((await api.call('GET', `/v1/tasks/${taskId}`, { token })).status).toBe(200);
  });
});
