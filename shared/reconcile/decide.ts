import type { PushEvent } from '../events/stream-events.ts';
import type { StreamKey } from '../schemas/names.ts';
import type { Stream } from '../schemas/stream.ts';
import type { LivePush, Snapshot } from './snapshot.ts';

/** A stream of which the ingest server and the table say different things. */
export interface Suspect {
  readonly key: StreamKey;
  /** Absent: the server says that nobody pushes it. */
  readonly push?: LivePush;
}

/** Callbacks may be on their way for so long, and the queue behind them. */
const GRACE_SECONDS = 30;
/** Somebody who has stopped may be listed for a while, or be noted ahead of a start that is late. */
const STOPPED_SECONDS = 60;
/** A session that ended in silence soon after it began would only do so again; so it is not begun again at once. */
const BRIEF_SECONDS = 120;
const BRIEF_PAUSE_SECONDS = 600;

const nameOf = ({ app, stream }: Pick<LivePush, 'app' | 'stream'>): string => JSON.stringify([app, stream]);

const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

/**
 * Compares what is live at the server with what is live in the table. Pure.
 * @param live the domain's live sessions, perhaps not of this very moment: suspects are to be looked up
 * @param mayStart whether a push that is unknown here is this domain's
 */
export const suspectsOf = (
  domain: string,
  live: readonly Stream[],
  { pushes, isComplete }: Snapshot,
  mayStart: (push: LivePush) => boolean,
): Suspect[] => {
  const certain = pushes.filter(({ isVague }) => !isVague);
  const byName = new Map(certain.map((push) => [nameOf(push), push]));
  const vague = new Set(pushes.filter(({ isVague }) => isVague).map(nameOf));
  const publishing = new Set(pushes.flatMap(({ clientId }) => clientId ?? []));
  const lost = live.flatMap(({ app, stream, clientId }): Suspect[] => {
    const key = { domain, app, stream };
    // Its name may be written in another way, or be there twice; but its connection is there.
    if (publishing.has(clientId)) return [];
    const push = byName.get(nameOf(key));
    if (push !== undefined) return push.clientId === undefined ? [] : [{ key, push }];
    return isComplete && !vague.has(nameOf(key)) ? [{ key }] : [];
  });
  const known = new Set(live.map(nameOf));
  const unknown = certain
    .filter((push) => push.clientId !== undefined && !known.has(nameOf(push)))
    .filter(mayStart)
    .map((push) => ({ key: { domain, app: push.app, stream: push.stream }, push }));
  return [...lost, ...unknown];
};

/** When a client of this stream was last told to have stopped; that may lie ahead. */
const stoppedAt = ({ voidStarts = {} }: Stream, clientId: string): string | undefined =>
  Object.hasOwn(voidStarts, clientId) ? voidStarts[clientId] : undefined;

/** Whether a client that was told to have stopped, or was not heard, pushes again or still. */
const isBack = (stream: Stream, stopped: string, { isSending }: LivePush, now: string): boolean => {
  if (isSending === false || secondsBetween(stopped, now) < STOPPED_SECONDS) return false;
  const { startedAt, endedAt = startedAt } = stream;
  const wasBrief = secondsBetween(startedAt, endedAt) < BRIEF_SECONDS;
  return !wasBrief || secondsBetween(endedAt, now) >= BRIEF_PAUSE_SECONDS;
};

/**
 * The events that were lost, by what the table says of a suspect now. Pure.
 * @param now when the server was asked, RFC 3339
 */
export const lostEvents = ({ key, push }: Suspect, stream: Stream | undefined, now: string): PushEvent[] => {
  const clientId = push?.clientId;
  const since = push?.startedAt ?? now;
  if (stream?.live) {
    if (secondsBetween(stream.startedAt, now) < GRACE_SECONDS) return [];
    if (push === undefined) return [{ type: 'stopped', key, clientId: stream.clientId, at: now }];
    if (clientId === undefined || clientId === stream.clientId) return [];
    if (push.startedAt !== undefined && secondsBetween(since, now) < GRACE_SECONDS) return [];
    return [
      { type: 'stopped', key, clientId: stream.clientId, at: since },
      { type: 'started', key, clientId, at: since },
    ];
  }
  if (push === undefined || clientId === undefined) return [];
  const stopped = stream === undefined ? undefined : stoppedAt(stream, clientId);
  // As it would have been told. Should it have been told meanwhile, this is a repetition; should its stop have been
  // told, it lies before that, and is void.
  if (stream === undefined || stopped === undefined) return [{ type: 'started', key, clientId, at: since }];
  return isBack(stream, stopped, push, now) ? [{ type: 'started', key, clientId, at: now }] : [];
};
