import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
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

/** Its link is signed, and only the list of files gives it out: it has a test of its own below. */
const LINKED = 'getPlaylist';

describe.each(OPERATIONS.filter(({ operationId }) => operationId !== LINKED))('$operationId', (operation) => {
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
    if (scope === 'public') return expect((await send(operation, {}, null)).status).toBe(200);
    const call = callsOf(operation).good(world);
    const answers = [await send(operation, call, null), await send(operation, call, api.tokens.ingest)];
    expect(answers.map(({ status }) => status)).toEqual([401, 403]);
    for (const answer of answers) expect(faultsOf(operation, answer)).toEqual([]);
  });

  it('does what it is for, and answers as it is described', async () => {
    const answer = await send(operation, callsOf(operation).good(world));
    expect(answer.status, answer.text).toBe(operation.route.response.status);
    expect(faultsOf(operation, answer)).toEqual([]);
  });
});

describe(LINKED, () => {
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
    const operation = OPERATIONS.find(({ operationId }) => operationId === LINKED);
    const forged = await api.call('GET', `${path}x`, { token: null });
    expect(forged.status).toBe(403);
    expect(operation === undefined ? undefined : faultsOf(operation, forged)).toEqual([]);
    api.stores.delete('recordings');
  });
});

it('Every operation that is described is called here', () => {
  const described = OPERATIONS.map(({ operationId }) => operationId).filter((id) => id !== LINKED);
  expect(Object.keys(CALLS).sort()).toEqual(described.sort());
});
