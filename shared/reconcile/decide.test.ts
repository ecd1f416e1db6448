import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PushEvent } from '../events/stream-events.ts';
import type { Stream } from '../schemas/stream.ts';
import { decideSession } from '../streams/machine.ts';
import { lostEvents, type Suspect, suspectsOf } from './decide.ts';
import type { LivePush } from './snapshot.ts';

const DOMAIN = 'push.example.com';
const KEY = { domain: DOMAIN, app: 'live', stream: 'show' };
const NOW = '2026-11-22T20:00:00.000Z';
const ago = (seconds: number) => new Date(Date.parse(NOW) - seconds * 1000).toISOString();

const session = (changes: Partial<Stream> = {}): Stream => ({
  ...KEY,
  sessionId: 'ses_1',
  clientId: 'a',
  live: true,
  startedAt: ago(3600),
  recordIds: [],
  ...changes,
});
const over = (changes: Partial<Stream> = {}): Stream =>
  session({ live: false, endedAt: ago(300), voidStarts: { a: ago(300) }, ...changes });
const push = (changes: Partial<LivePush> = {}): LivePush => ({
  app: 'live',
  stream: 'show',
  clientId: 'a',
  startedAt: ago(3600),
  ...changes,
});
const without = <Name extends keyof LivePush>(name: Name, changes: Partial<LivePush> = {}): LivePush => {
  const { [name]: _, ...rest } = push(changes);
  return rest as LivePush;
};

const all = (_: LivePush) => true;
const suspectsWith = (live: Stream[], pushes: LivePush[], isComplete = true, mayStart = all) =>
  suspectsOf(DOMAIN, live, { pushes, isComplete }, mayStart);

describe('what server and table say', () => {
  it.each<[string, Stream[], LivePush[]]>([
    ['is the same when nothing is live', [], []],
    ['is the same when the same client pushes the same stream', [session()], [push()]],
    ['is taken for the same when the server does not name clients', [session()], [without('clientId')]],
    [
      'is the same when another domain has a stream of that name at the same server',
      [session()],
      [push(), push({ clientId: 'b', isVague: true })],
    ],
    [
      'is the same when a name is told that may be another one’s',
      [session()],
      [push({ clientId: 'b', isVague: true })],
    ],
    [
      'is the same when the connection is there and its name is masked',
      [session({ stream: '直播' })],
      [push({ stream: '      ', isVague: true })],
    ],
  ])('%s', (_, live, pushes) => {
    expect(suspectsWith(live, pushes)).toEqual([]);
  });

  it.each<[string, Stream[], LivePush[], Suspect[]]>([
    ['when a session is not listed', [session()], [], [{ key: KEY }]],
    [
      'when another client pushes',
      [session()],
      [push({ clientId: 'b' })],
      [{ key: KEY, push: push({ clientId: 'b' }) }],
    ],
    ['when a push is not known', [], [push()], [{ key: KEY, push: push() }]],
  ])('differs %s', (_, live, pushes, expected) => {
    expect(suspectsWith(live, pushes)).toEqual(expected);
  });

  it('is not compared where the server’s list is not complete, names no client, or may be another domain’s', () => {
    expect(suspectsWith([session()], [], false)).toEqual([]);
    expect(suspectsWith([], [without('clientId'), push({ isVague: true })])).toEqual([]);
    expect(suspectsWith([], [push()], true, ({ app }) => app === 'other')).toEqual([]);
  });
});

const started = (clientId: string, at: string): PushEvent => ({ type: 'started', key: KEY, clientId, at });
const stopped = (clientId: string, at: string): PushEvent => ({ type: 'stopped', key: KEY, clientId, at });

describe('a session that the server does not list', () => {
  it('has lost its stop', () => {
    expect(lostEvents({ key: KEY }, session(), NOW)).toEqual([stopped('a', NOW)]);
  });

  it('is given time for callbacks that are on their way, and is over when it is over', () => {
    expect(lostEvents({ key: KEY }, session({ startedAt: ago(29) }), NOW)).toEqual([]);
    expect(lostEvents({ key: KEY }, over(), NOW)).toEqual([]);
    expect(lostEvents({ key: KEY }, undefined, NOW)).toEqual([]);
  });

  it('has lost its stop and a start when another client pushes', () => {
    const suspect = { key: KEY, push: push({ clientId: 'b', startedAt: ago(90) }) };
    expect(lostEvents(suspect, session(), NOW)).toEqual([stopped('a', ago(90)), started('b', ago(90))]);
    const young = { key: KEY, push: push({ clientId: 'b', startedAt: ago(5) }) };
    expect(lostEvents(young, session(), NOW)).toEqual([]);
    expect(lostEvents({ key: KEY, push: push() }, session(), NOW)).toEqual([]);
  });
});

describe('a push that is not known', () => {
  it('has lost its start, which was when the server says', () => {
    expect(lostEvents({ key: KEY, push: push() }, undefined, NOW)).toEqual([started('a', ago(3600))]);
    const other = { key: KEY, push: push({ clientId: 'b', startedAt: ago(10) }) };
    expect(lostEvents(other, over(), NOW)).toEqual([started('b', ago(10))]);
    expect(lostEvents({ key: KEY, push: without('startedAt') }, undefined, NOW)).toEqual([started('a', NOW)]);
  });

  it('goes on although its session was ended, when media come', () => {
    const suspect = { key: KEY, push: push({ isSending: true }) };
    expect(lostEvents(suspect, over(), NOW)).toEqual([started('a', NOW)]);
    expect(lostEvents({ key: KEY, push: push() }, over(), NOW)).toEqual([started('a', NOW)]);
    expect(lostEvents({ key: KEY, push: push({ isSending: false }) }, over(), NOW)).toEqual([]);
  });

  it('is over when it has just stopped, or its stop came ahead of its start', () => {
    const justNow = over({ endedAt: ago(20), voidStarts: { a: ago(20) } });
    expect(lostEvents({ key: KEY, push: push() }, justNow, NOW)).toEqual([]);
    const ahead = over({ clientId: 'b', voidStarts: { a: ago(-40) } });
    expect(lostEvents({ key: KEY, push: push() }, ahead, NOW)).toEqual([]);
  });

  it('is tried again after ten minutes only, when its session ended soon', () => {
    const brief = (seconds: number) =>
      over({ startedAt: ago(seconds + 40), endedAt: ago(seconds), voidStarts: { a: ago(seconds) } });
    expect(lostEvents({ key: KEY, push: push() }, brief(300), NOW)).toEqual([]);
    expect(lostEvents({ key: KEY, push: push() }, brief(600), NOW)).toEqual([started('a', NOW)]);
  });
});

const facts = { newSessionId: 'ses_2', isRecorded: true };
const play = (stream: Stream | undefined, events: readonly PushEvent[]): Stream | undefined =>
  events.reduce<Stream | undefined>((now, event) => {
    const decision = decideSession(now, event, { ...facts, newSessionId: `ses_${event.at}` });
    return decision.type === 'changed' ? decision.next : now;
  }, stream);

describe('made-up events', () => {
  const clients = fc.constantFrom('a', 'b', 'constructor');
  const seconds = fc.integer({ min: 0, max: 4000 });
  const streams = fc.option(
    fc
      .record({ clientId: clients, begun: seconds, live: fc.boolean(), lasted: seconds })
      .map(({ clientId, begun, live, lasted }): Stream => {
        const endedAt = ago(Math.max(0, begun - lasted));
        return live
          ? session({ clientId, startedAt: ago(begun) })
          : over({ clientId, startedAt: ago(begun), endedAt, voidStarts: { [clientId]: endedAt } });
      }),
    { nil: undefined },
  );
  const pushes = fc.option(
    fc
      .record({ clientId: clients, begun: seconds })
      .map(({ clientId, begun }) => push({ clientId, startedAt: ago(begun) })),
    { nil: undefined },
  );

  it('settle it: what was made up for once is not made up for again', () => {
    fc.assert(
      fc.property(streams, pushes, (stream, found) => {
        const suspect = found === undefined ? { key: KEY } : { key: KEY, push: found };
        const next = play(stream, lostEvents(suspect, stream, NOW));
        expect(lostEvents(suspect, next, NOW)).toEqual([]);
      }),
    );
  });

  it('change nothing when the real callbacks come after all, or came before', () => {
    fc.assert(
      fc.property(pushes, (found) => {
        if (found?.clientId === undefined) return;
        const [made] = lostEvents({ key: KEY, push: found }, undefined, NOW);
        if (made === undefined) return;
        const real = started(found.clientId, found.startedAt ?? NOW);
        expect(play(undefined, [made, real])).toEqual(play(undefined, [made]));
        const live = play(undefined, [real, made]);
        expect(live).toEqual(play(undefined, [real]));
        // The stop of a push that was seen before it came.
        expect(play(live, [stopped(found.clientId, NOW), made])?.live).toBe(false);
      }),
    );
  });
});
