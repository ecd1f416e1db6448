import type { PushEvent, SilenceEvent } from '../events/stream-events.ts';
import type { Stream } from '../schemas/stream.ts';

/**
 * What becomes of a stream. A session that begins has neither recordings nor a reason against them yet: the caller
 * chooses before it writes.
 */
export type SessionDecision =
  | { type: 'changed'; next: Stream }
  /** Late, repeated or void. */
  | { type: 'ignored' };

export interface SessionFacts {
  /** Taken if a session begins. */
  readonly newSessionId: string;
  /** Whether a recording of the live session is running. */
  readonly isRecorded: boolean;
}

/** Clients by id with a time each. */
type Clients = Record<string, string>;

const IGNORED: SessionDecision = { type: 'ignored' };

/** The start that belongs to a stop may still be on its way for so long. */
const LATE_START_SECONDS = 60;
/** How long, and how many, clients are remembered: the item must not grow with the number of pushes. */
const MEMORY_SECONDS = 600;
const MEMORY_CLIENTS = 8;

const after = (at: string, seconds: number): string =>
  new Date(Date.parse(at) + seconds * 1000).toISOString();

const latest = (one: string, other: string): string => (one > other ? one : other);

// Ids are the ingest server's, so one may be called like a property that every object has.
const timeOf = (clients: Clients | undefined, clientId: string): string | undefined =>
  clients !== undefined && Object.hasOwn(clients, clientId) ? clients[clientId] : undefined;

const byAge = (clients: Clients): [string, string][] =>
  Object.entries(clients).sort(([, one], [, other]) => (one < other ? -1 : 1));

const newest = (clients: Clients): Clients => Object.fromEntries(byAge(clients).slice(-MEMORY_CLIENTS));

const without = (clients: Clients, clientId: string): Clients =>
  Object.fromEntries(Object.entries(clients).filter(([id]) => id !== clientId));

/** Notes that `clientId` has stopped, and forgets who stopped long ago. */
const withVoid = (stream: Stream, clientId: string, until: string, at: string): Clients => {
  const remembered = Object.entries(stream.voidStarts ?? {}).filter(
    ([, time]) => time > after(at, -MEMORY_SECONDS),
  );
  return newest({ ...Object.fromEntries(remembered), [clientId]: until });
};

const begun = (
  { key, clientId, at }: PushEvent,
  sessionId: string,
  {
    voidStarts,
    rivals = {},
    lastEndedAt,
  }: { voidStarts?: Clients | undefined; rivals?: Clients; lastEndedAt?: string | undefined },
): Stream => ({
  ...key,
  sessionId,
  clientId,
  live: true,
  startedAt: at,
  ...(lastEndedAt === undefined ? {} : { lastEndedAt }),
  recordIds: [],
  ...(Object.keys(rivals).length === 0 ? {} : { rivals }),
  ...(voidStarts === undefined ? {} : { voidStarts }),
});

const started = (
  stream: Stream | undefined,
  event: PushEvent,
  { newSessionId, isRecorded }: SessionFacts,
): SessionDecision => {
  const { clientId, at } = event;
  if (at <= (timeOf(stream?.voidStarts, clientId) ?? '')) return IGNORED;
  const { voidStarts, endedAt: lastEndedAt } = stream ?? {};
  const begins: SessionDecision = {
    type: 'changed',
    next: begun(event, newSessionId, { voidStarts, lastEndedAt }),
  };
  if (!stream?.live) return begins;
  if (clientId === stream.clientId || timeOf(stream.rivals, clientId) !== undefined) return IGNORED;
  // Most likely the stop of the last one was lost; if not, nothing is at stake.
  if (!isRecorded) return begins;
  // Ingest servers announce a second publisher before they refuse it, so the session goes on. Should the first
  // one's stop have been lost, its recorder hears the second one's media, or silence.
  return { type: 'changed', next: { ...stream, rivals: newest({ ...stream.rivals, [clientId]: at }) } };
};

/** The push of the live session's client is over. */
const ended = (stream: Stream, at: string, { newSessionId }: SessionFacts): SessionDecision => {
  const voidStarts = withVoid(stream, stream.clientId, latest(at, stream.startedAt), at);
  const { rivals = {}, ...rest } = stream;
  const successor = byAge(rivals).at(-1);
  if (successor === undefined) {
    const endedAt = latest(at, stream.startedAt);
    return { type: 'changed', next: { ...rest, live: false, endedAt, voidStarts } };
  }
  // The first one's stop came after its successor's start, or the refused one's stop has yet to come.
  const [heir, since] = successor;
  const { domain, app, stream: name } = stream;
  const event: PushEvent = {
    type: 'started',
    key: { domain, app, stream: name },
    clientId: heir,
    at: since,
  };
  const about = { voidStarts, rivals: without(rivals, heir), lastEndedAt: at };
  return { type: 'changed', next: begun(event, newSessionId, about) };
};

const stopped = (stream: Stream | undefined, event: PushEvent, facts: SessionFacts): SessionDecision => {
  const { clientId, at } = event;
  if (stream === undefined) {
    const next: Stream = {
      ...begun(event, facts.newSessionId, { voidStarts: { [clientId]: after(at, LATE_START_SECONDS) } }),
      live: false,
      endedAt: at,
      notRecorded: 'The end of this session was announced before its start.',
    };
    return { type: 'changed', next };
  }
  // Also when this client has come back meanwhile: its last push has ended once already.
  if (at <= (timeOf(stream.voidStarts, clientId) ?? '')) return IGNORED;
  if (stream.live && clientId === stream.clientId) return ended(stream, at, facts);
  const since = stream.live ? timeOf(stream.rivals, clientId) : undefined;
  if (since !== undefined) {
    const { rivals = {}, ...rest } = stream;
    const others = without(rivals, clientId);
    const voidStarts = withVoid(stream, clientId, latest(at, since), at);
    const next = { ...rest, ...(Object.keys(others).length === 0 ? {} : { rivals: others }), voidStarts };
    return { type: 'changed', next };
  }
  // Its start is still on its way, and must not open a session that never ends.
  const voidStarts = withVoid(stream, clientId, after(at, LATE_START_SECONDS), at);
  return { type: 'changed', next: { ...stream, voidStarts } };
};

/** As if its stop had come, which somebody has found out to be lost. */
const silent = (
  stream: Stream | undefined,
  { sessionId, at }: SilenceEvent,
  facts: SessionFacts,
): SessionDecision =>
  stream?.live === true && stream.sessionId === sessionId ? ended(stream, at, facts) : IGNORED;

/** The next state of a stream. Pure. */
export const decideSession = (
  stream: Stream | undefined,
  event: PushEvent | SilenceEvent,
  facts: SessionFacts,
): SessionDecision => {
  switch (event.type) {
    case 'started':
      return started(stream, event, facts);
    case 'stopped':
      return stopped(stream, event, facts);
    case 'silent':
      return silent(stream, event, facts);
  }
};
