import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pngOf } from '../../shared/images/image.fixture.ts';
import { aRun } from '../../shared/post-processing/run.fixture.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { at } from '../../shared/recordings/recording.fixture.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import { createRuns } from '../../shared/table/runs.ts';
import { ALLOWED, startApi, type TestApi } from '../support/api.ts';
import { type GeneratedRequest, requestsFor } from './arbitraries.ts';
import { faultsOf, OPERATIONS, type Operation } from './described.ts';
import { addRecording, handedRun, watermarkImage } from './world.ts';

const REQUESTS = 5000;
const SEED = 20_261_122;

/** It goes on, so nobody can delete it and its runs. */
const RUN_RECORDING = 'rec_0';

/** Of which others have a step; what they may answer with. */
const HANDED_RUNS = ['run_handed-0', 'run_handed-1', 'run_handed-2', 'run_handed-3'] as const;
const STEP_TOKEN = 'one-time';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  const { json } = await api.call('GET', '/v1/tokens');
  for (const { tokenId } of json.items) ownTokens.add(tokenId);
  await addRecordings();
  await addConfiguration();
});
afterAll(() => api.close());

const addRecordings = async (): Promise<void> => {
  const completed = { state: 'completed', endedAt: at(9), reason: endReason('session-ended') } as const;
  const states: Partial<Recording>[] = [
    {},
    { state: 'paused', pausedUntil: at(60) },
    // Several, as one that is deleted cannot be deleted again.
    ...Array.from({ length: 6 }, () => completed),
    { state: 'failed', endedAt: at(9), reason: endReason('storage-denied') },
  ];
  for (const [index, state] of states.entries()) {
    const recordId = `rec_${index}`;
    remember({ recordId });
    await addRecording(api, recordId, state);
  }
  for (let number = 0; number < 8; number += 1) {
    const runId = `run_${number}`;
    remember({ runId });
    await createRuns(api.table).create(aRun(undefined, { recordId: RUN_RECORDING, runId }));
  }
  for (const runId of HANDED_RUNS)
    await createRuns(api.table).create(handedRun(RUN_RECORDING, runId, STEP_TOKEN));
};

/** Ids that the API has given out, by the name of the member: later requests are about things that exist. */
const known = new Map<string, string[]>();

/** Tokens that the requests themselves are sent with. */
const ownTokens = new Set<string>();

const remember = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (
      typeof member === 'string' &&
      (/Id$/.test(name) || ['domain', 'app', 'stream', 'cursor'].includes(name))
    ) {
      const ids = known.get(name) ?? [];
      if (!ids.includes(member) && !ownTokens.has(member)) known.set(name, [...ids, member].slice(-50));
    } else remember(member);
  }
};

/** Two places of one request are filled independently of one another, and one of eight with what does not exist. */
const existing = (name: string, pick: number): string | undefined => {
  const ids = known.get(name) ?? [];
  const mixed = Math.imul(pick ^ (pick >>> 15), 0x2c1b3c6d) >>> 7;
  return mixed % 8 === 0 ? undefined : ids[(mixed >>> 3) % Math.max(1, ids.length)];
};

/** Of what nobody guesses. */
const ONLY_GOOD: Readonly<Record<string, string | undefined>> = {
  token: STEP_TOKEN,
  functionArn: ALLOWED.functions[0],
  stateMachineArn: ALLOWED.stateMachines[0],
  jobTemplate: ALLOWED.jobTemplates[0],
};

/** Two storages of any template are in two regions, so most are taken from two lists. */
const kindOf = (name: string, pick: number): string => {
  if (name !== 'primary' && name !== 'backup') return name;
  return pick % 4 === 0 ? 'storageId' : `${name}Id`;
};

/** Puts what exists into the places of a body that name such a thing. */
const withExisting = (value: unknown, pick: number, name = ''): unknown => {
  if (typeof value === 'string') {
    const only = ONLY_GOOD[name];
    if (only !== undefined && pick % 8 !== 0) return only;
    return existing(kindOf(name, pick), pick) ?? value;
  }
  if (Array.isArray(value)) {
    const kind = name === 'domains' ? 'domain' : name;
    return value.map((member, index) => withExisting(member, pick + index, kind));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, inner], index) => [
      member,
      withExisting(inner, pick + index, member),
    ]),
  );
};

/** So that what refers to something else finds it from the first request on. */
const addConfiguration = async (): Promise<void> => {
  const add = async (path: string, body: unknown): Promise<Record<string, string>> => {
    const answer = await api.call('POST', path, { body });
    expect(answer.status, answer.text).toBe(201);
    remember(answer.json);
    return answer.json;
  };
  for (let number = 0; number < 4; number += 1) {
    const source = { url: 'rtmp://origin.example.com/{app}/{stream}' };
    await add('/v1/domains', { domain: `d${number}.example.com`, adapter: 'srs', source });
    const bucket = { name: `s${number}`, bucket: 'recordings', region: `eu-central-${number}` };
    const { storageId } = await add('/v1/storages', bucket);
    remember(number < 2 ? { primaryId: storageId } : { backupId: storageId });
    const template = { name: `t${number}`, formats: { mp4: {} }, storage: { primary: storageId } };
    await add('/v1/templates', template);
    await add('/v1/watermarks', { name: `w${number}`, images: [watermarkImage(pngOf())] });
    await add('/v1/transcodes', { name: `c${number}`, video: {} });
    await add('/v1/standbys', { name: `b${number}`, data: pngOf().toString('base64') });
    await add('/v1/orchestrations', {
      name: `o${number}`,
      steps: [{ kind: 'clip', name: 'a', fromSeconds: 0, toSeconds: 5 }],
    });
  }
};

const forget = (path: string): void => {
  for (const [name, ids] of known)
    known.set(
      name,
      ids.filter((id) => !path.split('/').includes(id)),
    );
};

/** A name that exists already is refused, and then nothing else of what is to be written is looked at. */
const withNewName = (body: unknown, operationId: string, pick: number): unknown => {
  if (!/^(create|replace)/.test(operationId) || pick % 5 === 0) return body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const name = operationId === 'createDomain' ? 'domain' : 'name';
  return name in body ? { ...body, [name]: `new-${pick}` } : body;
};

const operations = new Map(OPERATIONS.map((operation) => [operation.operationId, operation]));

const operationOf = ({ operationId }: GeneratedRequest): Operation => {
  const operation = operations.get(operationId);
  if (operation === undefined) throw new Error(`There is no operation ${operationId}`);
  return operation;
};

const ownerOf = ({ path }: Operation, pick: number): Record<string, string> => {
  if (!path.includes('{runId}')) return {};
  const handed = HANDED_RUNS[pick % HANDED_RUNS.length] ?? '';
  return { recordId: RUN_RECORDING, ...(path.includes('{step}') ? { runId: handed, step: 'made' } : {}) };
};

const send = async (request: GeneratedRequest) => {
  const { path, query, headers, body, raw, pick } = request;
  const operation = operationOf(request);
  // Whoever asks for a run mostly knows whose it is.
  const owner = pick % 5 === 0 ? {} : ownerOf(operation, pick);
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent((owner[name] ?? existing(name, pick) ?? path[name] ?? 'x').toWellFormed()),
  );
  const parameters = query.map(([name, value]): [string, string] => [
    name,
    (existing(name, pick) ?? value).toWellFormed(),
  ]);
  const search = new URLSearchParams(parameters).toString();
  const sent = withNewName(withExisting(body, pick), operation.operationId, pick);
  const answer = await api.call(operation.method, `${filled}${search === '' ? '' : `?${search}`}`, {
    headers,
    ...(raw !== undefined && { raw }),
    ...(raw === undefined && body !== undefined && { body: sent }),
  });
  remember(answer.json);
  if (operation.method === 'DELETE' && answer.status < 300) forget(filled);
  return answer;
};

describe('Any request', () => {
  it(`of ${REQUESTS} is answered as the description says, and never with an error of ours`, async () => {
    const statuses = new Map<string, Set<number>>();
    let sent = 0;
    // Deleting as often as making would leave nothing to ask for.
    const weights = OPERATIONS.map((operation) => ({
      weight: operation.method === 'POST' ? 4 : operation.method === 'DELETE' ? 1 : 3,
      arbitrary: requestsFor(operation),
    }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(...weights), async (request) => {
        const answer = await send(request);
        sent += 1;
        const { operationId } = request;
        statuses.set(operationId, (statuses.get(operationId) ?? new Set()).add(answer.status));
        expect(answer.status, `${operationId}: ${answer.text}\n${api.logged.at(-1)}`).toBeLessThan(500);
        const faults = faultsOf(operationOf(request), answer);
        expect(faults, `${operationId} answered ${answer.text}`).toEqual([]);
      }),
      { numRuns: REQUESTS, seed: SEED, endOnFailure: true },
    );
    expect(sent).toBe(REQUESTS);
    // A fuzz that is always refused shows nothing.
    const refused = OPERATIONS.map(({ operationId }) => operationId).filter(
      (id) => ![...(statuses.get(id) ?? [])].some((status) => status < 300),
    );
    // Nobody guesses a signature.
    expect(refused.sort()).toEqual(['getPlaylist', 'getThumbnails']);
  }, 480_000);
});
