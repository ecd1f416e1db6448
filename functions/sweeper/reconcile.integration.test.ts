import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DomainInput } from '../../shared/schemas/domain.ts';
import { startTable, type TestTable } from '../../test/support/table.ts';
import { createWorld, planWith, recordingWith, START, type World } from '../common/world.fixture.ts';
import { reconcile } from './reconcile.ts';

const DOMAIN = 'push.example.com';

let table: TestTable;
let world: World;
/** What each server answers, by URL. */
let answers: Map<string, string>;
let asked: string[];

const run = () =>
  reconcile({
    ...world.ports,
    askServer: async (url) => {
      asked.push(url.href);
      const answer = answers.get(url.origin);
      if (answer === undefined) throw new Error('Nobody answers');
      return answer;
    },
  });

beforeEach(async () => {
  table = await startTable();
  world = createWorld(table);
  answers = new Map();
  asked = [];
  world.clock.pass(3600);
});
afterEach(() => table.close());

const INPUT: Omit<DomainInput, 'domain'> & { secret: string } = {
  adapter: 'srs',
  source: { url: 'rtmp://origin.example.com/{app}/{stream}' },
  enabled: true,
  losslessStart: false,
  secret: 'correct-horse-battery',
};
const API = { url: 'http://srs.internal:1985' };
const addDomain = (domain: string, changes: Partial<Pick<DomainInput, 'api' | 'enabled'>> = {}) =>
  world.ports.domains.create({ ...INPUT, api: API, ...changes, domain });
const addSession = (clientId: string, { stream = 'show', recordIds = [] as string[] } = {}) =>
  world.ports.streams.replace(
    {
      domain: DOMAIN,
      app: 'live',
      stream,
      sessionId: 'ses_1',
      clientId,
      live: true,
      startedAt: START,
      recordIds,
    },
    undefined,
  );
const lists = (...streams: { name: string; cid: string; app?: string }[]): void => {
  const all = streams.map(({ name, cid, app = 'live' }) => ({
    name,
    app,
    url: `/${app}/${name}`,
    publish: { active: true, cid },
  }));
  answers.set('http://srs.internal:1985', JSON.stringify({ code: 0, streams: all }));
};
const eventsSent = () =>
  world.sent.events.map((event) =>
    event.type === 'started' || event.type === 'stopped'
      ? `${event.key.domain} ${event.key.stream} ${event.type} ${event.clientId}`
      : event.type,
  );

describe('the comparison with the ingest servers', () => {
  it('makes up for starts and stops that were lost', async () => {
    await addDomain(DOMAIN);
    await addSession('gone', { stream: 'ended' });
    await addSession('here', { stream: 'fine' });
    await addSession('old', { stream: 'taken-over' });
    lists(
      { name: 'fine', cid: 'here' },
      { name: 'taken-over', cid: 'new' },
      { name: 'begun', cid: 'unheard' },
    );
    expect(await run()).toEqual([]);
    expect(eventsSent().sort()).toEqual([
      'push.example.com begun started unheard',
      'push.example.com ended stopped gone',
      'push.example.com taken-over started new',
      'push.example.com taken-over stopped old',
    ]);
    const order = eventsSent().filter((event) => event.includes('taken-over'));
    expect(order[0]).toContain('stopped');
    expect(world.counted.filter((name) => name === 'PushesReconciled')).toHaveLength(4);
  });

  it('asks nobody when no enabled domain says where', async () => {
    await addDomain(DOMAIN, { enabled: false });
    await world.ports.domains.create({ ...INPUT, domain: 'other.example.com' });
    await addSession('gone');
    expect(await run()).toEqual([]);
    expect(asked).toEqual([]);
    expect(eventsSent()).toEqual([]);
  });

  it.each([
    ['does not answer', undefined],
    ['answers something else', '<html>no</html>'],
    ['says that something is wrong', '{"code":100,"streams":[]}'],
  ])('changes nothing when a server %s, and says so once', async (_, answer) => {
    await addDomain(DOMAIN);
    await addSession('gone');
    if (answer !== undefined) answers.set('http://srs.internal:1985', answer);
    expect(await run()).toEqual([]);
    expect(eventsSent()).toEqual([]);
    expect(world.logged.map(({ message }) => message)).toEqual(['An ingest server did not say what is live']);
  });

  it('asks a server of several domains once, and believes starts only where applications are told apart', async () => {
    await addDomain(DOMAIN);
    await addDomain('other.example.com', { api: { ...API, apps: ['other'] } });
    await addSession('gone');
    lists({ name: 'a', cid: '1', app: 'live' }, { name: 'b', cid: '2', app: 'other' });
    await run();
    expect(asked).toHaveLength(1);
    expect(eventsSent().sort()).toEqual([
      'other.example.com b started 2',
      'push.example.com show stopped gone',
    ]);
  });

  it('believes a recorder that hears a stream more than a server that does not list it', async () => {
    await addDomain(DOMAIN);
    await addSession('here', { recordIds: ['rec_1'] });
    await world.ports.recordings.create(recordingWith({ stream: 'show', plan: planWith() }));
    await world.ports.recordings.claim('rec_1', 0, 'rcd_1');
    lists();
    const report = (bitsPerSecond: number) =>
      world.ports.recorders.report(
        'rcd_1',
        new Map([['rec_1', { receivedBytes: 1, durationSeconds: 1, bitsPerSecond, location: 'primary' }]]),
        world.clock.now(),
      );
    await report(512_000);
    await run();
    expect(eventsSent()).toEqual([]);
    world.clock.pass(60);
    await run();
    expect(eventsSent()).toEqual(['push.example.com show stopped here']);
    world.sent.events.splice(0);
    await report(0);
    await run();
    expect(eventsSent()).toEqual(['push.example.com show stopped here']);
  });

  it('does not send what no callback may say', async () => {
    await addDomain(DOMAIN);
    lists({ name: 'x'.repeat(2000), cid: '1' }, { name: 'a\u0000b', cid: '2' }, { name: 'ok', cid: '3' });
    expect(await run()).toEqual([]);
    expect(eventsSent()).toEqual(['push.example.com ok started 3']);
  });

  it('tells what failed on our side', async () => {
    await addDomain(DOMAIN);
    await addSession('gone');
    lists();
    const ports = { ...world.ports, queueStreamEvent: () => Promise.reject(new Error('no queue')) };
    const failures = await reconcile({ ...ports, askServer: async () => '{"code":0,"streams":[]}' });
    expect(failures).toHaveLength(1);
  });
});
