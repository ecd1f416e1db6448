import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PushEvent, SilenceEvent } from '../events/stream-events.ts';
import type { Stream } from '../schemas/stream.ts';
import { decideSession } from './machine.ts';

const KEY = { domain: 'push.example.com', app: 'live', stream: 'demo' };
const T0 = Date.parse('2026-11-22T10:00:00.000Z');
const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();

const started = (clientId: string, seconds: number): PushEvent => ({
  type: 'started',
  key: KEY,
  clientId,
  at: at(seconds),
});
const stopped = (clientId: string, seconds: number): PushEvent => ({
  ...started(clientId, seconds),
  type: 'stopped',
});

interface Run {
  stream: Stream | undefined;
  /** Every session that has been, in order. */
  sessions: string[];
}

/** Plays events; a session that begins is recorded, as its caller would have it. */
const play = (events: readonly (PushEvent | SilenceEvent)[], recorded = true): Run =>
  events.reduce<Run>(
    ({ stream, sessions }, event) => {
      const newSessionId = `ses_${sessions.length}`;
      const decision = decideSession(stream, event, { newSessionId, isRecorded: recorded });
      if (decision.type === 'ignored') return { stream, sessions };
      const { next } = decision;
      const isNew = next.sessionId === newSessionId;
      return {
        stream: isNew && next.live && recorded ? { ...next, recordIds: [`rec_${newSessionId}`] } : next,
        sessions: isNew ? [...sessions, newSessionId] : sessions,
      };
    },
    { stream: undefined, sessions: [] },
  );

describe('sessions', () => {
  it('begins with the start and ends with the stop of its client', () => {
    const { stream } = play([started('a', 0), stopped('a', 60)]);
    expect(stream).toMatchObject({ live: false, clientId: 'a', startedAt: at(0), endedAt: at(60) });
  });

  it('takes a repeated start as the same session, before and after its end', () => {
    const once = play([started('a', 0)]);
    expect(play([started('a', 0), started('a', 0)])).toEqual(once);
    const ended = play([started('a', 0), stopped('a', 60)]);
    expect(play([started('a', 0), stopped('a', 60), started('a', 0)])).toEqual(ended);
    expect(play([started('a', 0), stopped('a', 60), stopped('a', 60)])).toEqual(ended);
  });

  it('begins a new session when a client id is used again, as after a restart of nginx', () => {
    const { stream, sessions } = play([started('a', 0), stopped('a', 60), started('a', 62)]);
    expect(stream).toMatchObject({ live: true, startedAt: at(62) });
    expect(sessions).toHaveLength(2);
  });

  it('is not ended by the stop of an earlier push that comes once more, when a client id is used again', () => {
    const again = [started('a', 0), stopped('a', 60), started('a', 62)];
    expect(play([...again, stopped('a', 60)])).toEqual(play(again));
    expect(play([...again, stopped('a', 60), stopped('a', 90)]).stream).toMatchObject({ endedAt: at(90) });
  });

  it('goes on while a second publisher is announced and refused', () => {
    const { stream, sessions } = play([started('a', 0), started('b', 10), stopped('b', 11)]);
    expect(stream).toMatchObject({ live: true, clientId: 'a' });
    expect(stream).not.toHaveProperty('rivals');
    expect(sessions).toHaveLength(1);
    expect(play([started('a', 0), started('b', 10), stopped('b', 11), stopped('a', 60)]).stream?.live).toBe(
      false,
    );
  });

  it('ends the first session and begins the second when the stop comes after the next start', () => {
    const { stream, sessions } = play([started('a', 0), started('b', 10), stopped('a', 9)]);
    expect(stream).toMatchObject({ live: true, clientId: 'b', startedAt: at(10) });
    expect(sessions).toHaveLength(2);
    expect(play([started('a', 0), started('b', 10), stopped('a', 9), stopped('b', 20)]).stream?.live).toBe(
      false,
    );
  });

  it('begins a new session at once when the live one is not recorded: its stop was lost', () => {
    const { stream, sessions } = play([started('a', 0), started('b', 10)], false);
    expect(stream).toMatchObject({ live: true, clientId: 'b' });
    expect(sessions).toHaveLength(2);
  });

  it('does not begin a session whose stop came first', () => {
    const { stream } = play([stopped('a', 5), started('a', 0)]);
    expect(stream).toMatchObject({ live: false });
    expect(stream?.notRecorded).toBeDefined();
    const other = play([started('b', 0), stopped('a', 5), started('a', 4), stopped('b', 9)]);
    expect(other.stream).toMatchObject({ live: false, clientId: 'b' });
  });

  it('is not misled by an ingest server whose clock is behind', () => {
    const refused = [started('a', 0), started('b', 10), stopped('b', -20)];
    expect(play([...refused, started('b', 10)])).toEqual(play(refused));
    expect(play([started('a', 0), stopped('a', -20), started('a', 0)]).stream).toMatchObject({
      live: false,
      endedAt: at(0),
    });
  });

  it('ends when nothing has been heard of it for too long, once, and only while it is the live one', () => {
    const silent = (sessionId: string, seconds: number): SilenceEvent => ({
      type: 'silent',
      key: KEY,
      at: at(seconds),
      sessionId,
    });
    const over = play([started('a', 0), silent('ses_0', 60)]);
    expect(over.stream).toMatchObject({ live: false, endedAt: at(60) });
    expect(play([started('a', 0), silent('ses_0', 60), silent('ses_0', 61), stopped('a', 59)])).toEqual(over);
    expect(play([started('a', 0), silent('ses_0', 60), started('a', 0)])).toEqual(over);
    const next = [started('a', 0), stopped('a', 60), started('b', 70)];
    expect(play([...next, silent('ses_0', 75)])).toEqual(play(next));
    expect(play([silent('ses_0', 1)]).stream).toBeUndefined();
  });

  it('remembers a bounded number of clients', () => {
    const stops = Array.from({ length: 100 }, (_, index) => stopped(`x${index}`, index));
    const starts = Array.from({ length: 100 }, (_, index) => started(`y${index}`, index));
    const { stream } = play([started('a', 0), ...stops, ...starts]);
    expect(Object.keys(stream?.voidStarts ?? {})).toHaveLength(8);
    expect(Object.keys(stream?.rivals ?? {})).toHaveLength(8);
    expect(stream?.voidStarts).toHaveProperty('x99');
  });

  it('copes with client ids that are called like properties of objects', () => {
    for (const clientId of ['constructor', '__proto__', 'toString']) {
      const { stream } = play([started('a', 0), started(clientId, 1), stopped(clientId, 2), stopped('a', 3)]);
      expect(stream).toMatchObject({ live: false, clientId: 'a' });
      const later = play([started('a', 0), stopped('a', 3), started(clientId, 10)]);
      expect(later.stream).toMatchObject({ live: true, clientId });
    }
  });
});

/** Every client's start and stop, some of them more than once, in any order. */
const deliveries = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 })
  .chain((clients) => {
    const events = clients.flatMap((clientId, index) => [
      started(clientId, index * 7),
      stopped(clientId, index * 7 + 10),
    ]);
    return fc
      .array(fc.constantFrom(...events), { maxLength: 6 })
      .chain((again) =>
        fc.shuffledSubarray([...events, ...again], { minLength: events.length + again.length }),
      );
  });

describe('sessions, whatever the order of events and however often they come', () => {
  it('is over when every client has stopped', () => {
    fc.assert(
      fc.property(deliveries, fc.boolean(), (events, recorded) => {
        expect(play(events, recorded).stream?.live).toBe(false);
      }),
    );
  });

  it('changes nothing when everything comes once more', () => {
    fc.assert(
      fc.property(deliveries, (events) => {
        const once = play(events);
        expect(play([...events, ...events]).stream).toEqual(once.stream);
      }),
    );
  });

  it('begins at most one session for each client', () => {
    fc.assert(
      fc.property(deliveries, (events) => {
        const clients = new Set(events.map(({ clientId }) => clientId));
        expect(play(events).sessions.length).toBeLessThanOrEqual(clients.size + 1);
      }),
    );
  });

  it('never brings an ended session back, and ends none before it began', () => {
    fc.assert(
      fc.property(deliveries, (events) => {
        const ended = new Set<string>();
        for (let count = 1; count <= events.length; count += 1) {
          const { stream } = play(events.slice(0, count));
          if (stream === undefined) continue;
          if (stream.live) expect(ended).not.toContain(stream.sessionId);
          else ended.add(stream.sessionId);
          if (stream.endedAt !== undefined) expect(stream.endedAt >= stream.startedAt).toBe(true);
        }
      }),
    );
  });
});
