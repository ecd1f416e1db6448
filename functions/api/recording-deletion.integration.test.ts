import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordings, type Recordings } from '../../shared/table/recordings.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { recordingWith } from '../common/world.fixture.ts';

let api: TestApi;
let recordings: Recordings;
beforeAll(async () => {
  api = await startApi();
  recordings = createRecordings(api.table);
});
afterAll(() => api.close());

const remove = (path: string, token = api.tokens.write) =>
  api.call('DELETE', `/v1/recordings/${path}`, { token });

describe('Deleting a recording', () => {
  it('leaves its objects unless they are named, and shows what is under way', async () => {
    await recordings.create(recordingWith({ recordId: 'one', state: 'completed' }));
    const answer = await remove('one');
    expect(answer).toMatchObject({
      status: 202,
      json: {
        recordId: 'one',
        state: 'completed',
        deletion: {
          requestedAt: '2026-11-22T12:00:00.000Z',
          objects: false,
          record: true,
          failures: 0,
          reason: null,
          nextTryAt: '2026-11-22T12:20:00.000Z',
        },
      },
    });
    expect(api.deletions).toEqual(['one']);
    expect((await api.call('GET', '/v1/recordings/one')).json).toEqual(answer.json);
    expect(await remove('one?objects=true')).toMatchObject({ status: 409 });
  });

  it('takes its objects with it, and can be asked for again', async () => {
    await recordings.create(recordingWith({ recordId: 'two', state: 'failed' }));
    expect(await remove('two?objects=true')).toMatchObject({
      status: 202,
      json: { deletion: { objects: true } },
    });
    expect(await remove('two?objects=true')).toMatchObject({ status: 202 });
    expect(api.deletions.filter((recordId) => recordId === 'two')).toHaveLength(2);
  });

  it.each(['recording', 'paused', 'completing'] as const)('is refused while it is %s', async (state) => {
    await recordings.create(recordingWith({ recordId: state, state }));
    expect(await remove(state)).toMatchObject({
      status: 409,
      json: { type: 'urn:streamkeep:problem:not-deletable', detail: expect.stringContaining(state) },
    });
    expect(api.deletions).not.toContain(state);
  });

  it('is for those who may write, and says what is wrong', async () => {
    expect((await remove('two', api.tokens.read)).status).toBe(403);
    expect((await remove('none')).status).toBe(404);
    expect((await remove('two?objects=perhaps')).status).toBe(400);
    expect((await remove('two?files=true')).status).toBe(400);
  });
});
