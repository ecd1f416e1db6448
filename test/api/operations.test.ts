import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRecording, planWith } from '../../shared/recordings/recording.fixture.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { cuesKeyOf } from '../../shared/thumbnails/sprite.ts';
import { type Answer, startApi, type TestApi } from '../support/api.ts';
import { CALLS, type Call, type Calls } from './calls.ts';
import { faultsOf, OPERATIONS, type Operation } from './described.ts';
import { makeWorld, type World } from './world.ts';

/** The number of callbacks is limited, and each world has some. */
const WORLDS_OF_AN_API = 15;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

let worlds = 0;
const newWorld = async (): Promise<World> => {
  worlds += 1;
  if (worlds % WORLDS_OF_AN_API === 0) {
    await api.close();
    api = await startApi();
  }
  return makeWorld(api);
};

const send = ({ method, path }: Operation, call: Call, token?: string | null): Promise<Answer> => {
  const { params = {}, query = {}, body, ifMatch } = call;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return api.call(method, `${filled}${search === '' ? '' : `?${search}`}`, {
    ...(body === undefined ? {} : { body }),
    ...(token === undefined ? {} : { token }),
    headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
  });
};

const callsOf = ({ operationId }: Operation): Calls => {
  const calls = CALLS[operationId];
  if (calls === undefined) throw new Error(`There is no call of ${operationId}`);
  return calls;
};

/** Their links are signed, and only the list of files and the recording give them out: they have tests of their own. */
const LINKED: readonly string[] = ['getPlaylist', 'getThumbnails'];

describe.each(OPERATIONS.filter(({ operationId }) => !LINKED.includes(operationId)))(
  '$operationId',
  (operation) => {
    let world: World;
    beforeAll(async () => {
      world = await newWorld();
    });

    it('refuses what is wrong, and names it as it is described', async () => {
      for (const { status, code, ...call } of callsOf(operation).bad(world)) {
        const answer = await send(operation, call);
        expect(answer, JSON.stringify(call)).toMatchObject({
          status,
          json: { type: `urn:streamkeep:problem:${code}` },
        });
        expect(faultsOf(operation, answer)).toEqual([]);
        if (status === 400) expect(answer.json.errors.length).toBeGreaterThan(0);
      }
    });

    it('is refused without a token that allows it', async () => {
      const { scope } = operation.route;
      const call = callsOf(operation).good(world);
      if (scope === 'public') return expect((await send(operation, call, null)).status).toBe(200);
      const answers = [await send(operation, call, null), await send(operation, call, api.tokens.ingest)];
      expect(answers.map(({ status }) => status)).toEqual([401, 403]);
      for (const answer of answers) expect(faultsOf(operation, answer)).toEqual([]);
    });

    it('does what it is for, and answers as it is described', async () => {
      const answer = await send(operation, callsOf(operation).good(world));
      expect(answer.status, answer.text).toBe(operation.route.response.status);
      expect(faultsOf(operation, answer)).toEqual([]);
    });
  },
);

describe('getThumbnails', () => {
  it('answers the link in the recording, and no other', async () => {
    const store = createMemoryObjectStore();
    api.stores.set('recordings', store);
    const recording = newRecording({
      recordId: 'rec_pictured',
      plan: { ...planWith(), thumbnails: { intervalSeconds: 10, width: 320 } },
    });
    await createRecordings(api.table).create(recording);
    const { json } = await api.call('GET', '/v1/recordings/rec_pictured');
    const path = json.thumbnails.cuesUrl.replace('https://api.example.com', '');
    const operation = OPERATIONS.find(({ operationId }) => operationId === 'getThumbnails');
    const ask = (link: string) => api.call('GET', link, { token: null });
    const answers = [await ask(path)];
    await store.put(cuesKeyOf(recording), Buffer.from('WEBVTT\n'));
    answers.push(await ask(path), await ask(`${path}x`));
    expect(answers.map(({ status }) => status)).toEqual([404, 200, 403]);
    for (const answer of answers) expect(operation && faultsOf(operation, answer)).toEqual([]);
    api.stores.delete('recordings');
  });
});

describe('getPlaylist', () => {
  it('plays by the link in the list of files, and by no other', async () => {
    const { completed } = await newWorld();
    const store = createMemoryObjectStore();
    api.stores.set('recordings', store);
    await store.put(`${completed}.hls`, Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-ENDLIST\n'));
    const { json } = await api.call('GET', `/v1/recordings/${completed}/files`);
    const { url } = json.items.find(({ format }: { format: string }) => format === 'hls');
    const path = url.replace('https://api.example.com', '');
    const answer = await api.call('GET', path, { token: null });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('#EXT-X-ENDLIST') });
    const operation = OPERATIONS.find(({ operationId }) => operationId === 'getPlaylist');
    const forged = await api.call('GET', `${path}x`, { token: null });
    expect(forged.status).toBe(403);
    expect(operation === undefined ? undefined : faultsOf(operation, forged)).toEqual([]);
    api.stores.delete('recordings');
  });
});

it('Every operation that is described is called here', () => {
  const described = OPERATIONS.map(({ operationId }) => operationId).filter((id) => !LINKED.includes(id));
  expect(Object.keys(CALLS).sort()).toEqual(described.sort());
});
