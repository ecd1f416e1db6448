import { isResumable } from '../../../functions/streams/choose.ts';
import type { PushEvent } from '../../../shared/events/stream-events.ts';
import { type EndCode, endReason } from '../../../shared/recordings/end-reason.ts';
import { decide, isBriefGap, type RecordingInput } from '../../../shared/recordings/machine.ts';
import { newRecording, planWith, at as timeAt } from '../../../shared/recordings/recording.fixture.ts';
import type { Recording } from '../../../shared/schemas/recording.ts';
import type { Stream } from '../../../shared/schemas/stream.ts';
import { decideSession } from '../../../shared/streams/machine.ts';
import type { Model } from '../explore.ts';
import {
  type Capture,
  isFinal,
  isOver,
  type Kept,
  keyOf,
  replaced,
  type State,
  type Story,
  type StreamEvent,
  sorted,
  type Word,
  withEvent,
} from './state.ts';

const KEY = { domain: 'push.example.com', app: 'live', stream: 'demo' };
/** Time passes in steps of a resumption timeout, so that streams come back a moment before its end, at it and after. */
const STEP_SECONDS = 10;

/** The functions' part between the machines, as small as it can be said, and everything that may happen around them. */
export const storyOf = ({ clients, resumes, steps, ...budget }: Story): Model<State> => {
  const plan = planWith(resumes ? STEP_SECONDS : 0);
  const timeOf = (state: State): string => timeAt(state.now * STEP_SECONDS);
  const full = (recordId: string, kept: Kept): Recording => ({
    ...newRecording({ plan }),
    ...kept,
    recordId,
  });
  const isLive = ({ stream }: State, { sessionId }: Pick<Kept, 'sessionId'>): boolean =>
    stream?.live === true && stream.sessionId === sessionId;

  const withRecording = (state: State, recordId: string, recording: Recording): State => {
    const { plan: _, recordId: __, domain: ___, app, stream, revision, startedAt, ...kept } = recording;
    return {
      ...state,
      recordings: Object.fromEntries(sorted(Object.entries({ ...state.recordings, [recordId]: kept }))),
      // Whoever was about to decide must look again.
      words: sorted(
        state.words.map(({ live, ...word }) =>
          word.recordId === recordId || live === undefined ? word : { ...word, live },
        ),
      ),
    };
  };
  const withSession = (state: State, sessionId: string, ...recordIds: string[]): State => ({
    ...state,
    sessions: {
      ...state.sessions,
      [sessionId]: [...new Set([...(state.sessions[sessionId] ?? []), ...recordIds])].sort(),
    },
  });

  /** Applies an input to a recording, as `transition` does. */
  const apply = (state: State, recordId: string, input: RecordingInput): State => {
    const kept = state.recordings[recordId];
    if (kept === undefined) return state;
    const decision = decide(full(recordId, kept), input);
    if (decision.type === 'ignored') return state;
    const ends = decision.effects.filter(
      (effect) => effect.type === 'notice' && /ended|failed/.test(effect.notice),
    );
    const next = withRecording(state, recordId, decision.next);
    const lastNotices = {
      ...state.lastNotices,
      [recordId]: (state.lastNotices[recordId] ?? 0) + ends.length,
    };
    return ends.length === 0 ? next : { ...next, lastNotices };
  };

  const command = (state: State, recordId: string, what: Capture['command'], sessionId?: string): State => {
    const owned = state.captures.find(
      (capture) =>
        capture.recordId === recordId &&
        capture.epoch === state.recordings[recordId]?.epoch &&
        (sessionId === undefined || capture.sessionId === sessionId),
    );
    return owned === undefined || what === undefined
      ? state
      : { ...state, captures: replaced(state.captures, owned, { ...owned, command: what }) };
  };

  const stopRecorders = (state: State, { sessionId, recordIds }: Stream): State =>
    recordIds.reduce((now, recordId) => {
      const recording = now.recordings[recordId];
      const isOurs = recording?.state === 'recording' && recording.sessionId === sessionId;
      return isOurs && recording.owner !== undefined
        ? command(now, recordId, 'session-ended', sessionId)
        : now;
    }, state);

  const idOf = (sessionId: string): string => `rec_${sessionId}`;

  const create = (state: State, { sessionId }: Stream): State => {
    const recordId = idOf(sessionId);
    if (state.recordings[recordId] !== undefined) return state;
    return withSession(
      withRecording(state, recordId, newRecording({ sessionId, plan, recordId })),
      sessionId,
      recordId,
    );
  };

  /** As `ensureRecordings`, with the one rule that there is. */
  const ensure = (state: State, stream: Stream): State => {
    const [recordId] = stream.recordIds;
    if (recordId === undefined) return state;
    const { sessionId, startedAt } = stream;
    const isBrief = isBriefGap(stream);
    const resumed = apply(state, recordId, { type: 'session.resumed', sessionId, at: startedAt, isBrief });
    if (resumed.recordings[recordId]?.sessionId === sessionId)
      return withSession(resumed, sessionId, recordId);
    return create({ ...state, stream: { ...stream, recordIds: [idOf(sessionId)] } }, stream);
  };

  const take = (state: State, event: StreamEvent): State => {
    const seen = state.stream ?? undefined;
    const newSessionId = `ses_${Object.keys(state.sessions).length + 1}`;
    const isRecorded =
      seen?.recordIds.some((recordId) => state.recordings[recordId]?.state === 'recording') ?? false;
    const decision = decideSession(seen, event, { newSessionId, isRecorded });
    if (decision.type === 'ignored') return { ...state, taking: { event, begins: false } };
    const { next } = decision;
    const begins = next.live && next.sessionId !== seen?.sessionId;
    if (!begins) return { ...state, stream: next, taking: { event, begins } };
    const told = seen?.live ? stopRecorders(state, seen) : state;
    const resumable = seen?.recordIds.find((recordId) => {
      const kept = state.recordings[recordId];
      return kept !== undefined && isResumable(full(recordId, kept), next);
    });
    const stream = { ...next, recordIds: [resumable ?? idOf(next.sessionId)] };
    return withSession({ ...told, stream, taking: { event, begins } }, next.sessionId);
  };

  const followUp = (state: State): State => {
    const { stream } = state;
    const done = { ...state, taking: null };
    if (stream === null) return done;
    if (!stream.live) return stopRecorders(done, stream);
    return stream.recordIds[0] === idOf(stream.sessionId) ? create(done, stream) : ensure(done, stream);
  };

  const ends = (state: State, { command: told, sessionId }: Capture): EndCode[] => [
    ...(told === undefined ? [] : [told]),
    ...(isLive(state, { sessionId }) || told === 'session-ended' ? [] : ['session-ended' as const]),
    ...(Object.values(state.pushes).includes('on') ? [] : ['source-silent' as const]),
    ...(['max-duration', 'recorder-drained'] as const).filter((code) => state.left[code] > 0),
  ];

  const end = (state: State, capture: Capture, code: EndCode): State => {
    const { recordId, epoch } = capture;
    const isSpent = code === 'max-duration' || code === 'recorder-drained';
    return {
      ...state,
      captures: replaced(state.captures, capture),
      words: sorted([...state.words, { recordId, epoch, code, at: timeOf(state) }]),
      left: isSpent ? { ...state.left, [code]: state.left[code] - 1 } : state.left,
    };
  };

  /** As `captureEnded` and `tellSilence`. */
  const takeWord = (state: State, { recordId, epoch, code, at, live: sessionLive = false }: Word): State => {
    const input = { epoch, reason: endReason(code), at, now: timeOf(state), sessionLive };
    const next = apply(state, recordId, { type: 'capture.ended', ...input });
    const recording = next.recordings[recordId];
    const isSilent = code === 'source-silent' && recording?.epoch === epoch;
    if (!isSilent || recording.state === 'recording' || !isLive(next, recording)) return next;
    return withEvent(next, { type: 'silent', key: KEY, sessionId: recording.sessionId, at });
  };

  function* ofPushes(state: State): Generator<readonly [string, State]> {
    if (state.now < steps) yield ['time passes', { ...state, now: state.now + 1 }];
    for (const [index, clientId] of clients.entries()) {
      const is = state.pushes[clientId];
      const say = (type: PushEvent['type'], now: 'on' | 'over'): State =>
        withEvent(
          { ...state, pushes: { ...state.pushes, [clientId]: now } },
          { type, key: KEY, clientId, at: timeOf(state) },
        );
      // Who is called what makes no difference.
      const isNext = index === 0 || state.pushes[clients[index - 1] ?? ''] !== 'before';
      if (is === 'before' && isNext) yield [`${clientId} starts`, say('started', 'on')];
      if (is === 'on') yield [`${clientId} stops`, say('stopped', 'over')];
    }
  }

  /** A message that has been taken is gone, or comes once more. */
  function* taken(name: string, gone: State, kept: State): Generator<readonly [string, State]> {
    yield [name, gone];
    if (kept.left.again === 0) return;
    yield [`${name}, not for the last time`, { ...kept, left: { ...kept.left, again: kept.left.again - 1 } }];
  }

  function* ofEvents(state: State): Generator<readonly [string, State]> {
    const { taking } = state;
    if (taking !== null) {
      const there = state.events.find((event) => keyOf(event) === keyOf(taking.event));
      const after = followUp(state);
      const gone = there === undefined ? after : { ...after, events: replaced(after.events, there) };
      yield* taken('what follows is done', gone, after);
      yield ['the function crashes', take(state, taking.event)];
      return;
    }
    for (const event of state.events) {
      const who = event.type === 'silent' ? event.sessionId : event.clientId;
      yield [`${who} ${event.type} is taken`, take(state, event)];
    }
  }

  function* ofWords(state: State): Generator<readonly [string, State]> {
    for (const word of state.words) {
      const recording = state.recordings[word.recordId];
      if (recording === undefined) continue;
      if (word.live === undefined) {
        const looked = { ...word, live: isLive(state, recording) };
        yield [`${word.code} is looked at`, { ...state, words: replaced(state.words, word, looked) }];
        continue;
      }
      const { live: _, ...same } = word;
      const after = (left: Word[]): State =>
        takeWord({ ...state, words: replaced(state.words, word, ...left) }, word);
      yield* taken(`${word.code} is taken`, after([]), after([same]));
    }
  }

  function* ofRecorders(state: State): Generator<readonly [string, State]> {
    for (const [recordId, kept] of Object.entries(state.recordings)) {
      const { owner, epoch, sessionId } = kept;
      if (kept.state === 'recording' && owner === undefined && state.left.claims > 0) {
        // One who has lost it may claim it again later.
        const by = epoch % 2 === 0 ? 'rcd_1' : 'rcd_2';
        const claimed = { ...full(recordId, kept), owner: by, epoch: epoch + 1, captures: 1 };
        const captures = sorted([...state.captures, { recordId, epoch: epoch + 1, sessionId }]);
        const left = { ...state.left, claims: state.left.claims - 1 };
        yield [`${by} claims ${recordId}`, { ...withRecording(state, recordId, claimed), captures, left }];
      }
    }
    for (const capture of state.captures) {
      for (const code of ends(state, capture)) {
        yield [`${capture.recordId} ends: ${code}`, end(state, capture, code)];
      }
    }
  }

  /** What the sweeper finds, what users do, and what happens to recorders. */
  function* ofOthers(state: State): Generator<readonly [string, State]> {
    const now = timeOf(state);
    for (const [recordId, kept] of Object.entries(state.recordings)) {
      const { owner, pausedUntil } = kept;
      const sessionLive = isLive(state, kept);
      if (kept.state === 'recording' && owner === undefined && !sessionLive) {
        yield [
          `${recordId} is unclaimed`,
          apply(state, recordId, { type: 'unclaimed', at: now, sessionLive }),
        ];
      }
      if (pausedUntil !== undefined && (pausedUntil <= now || state.now === steps)) {
        const over = pausedUntil > now ? pausedUntil : now;
        yield [`${recordId} expires`, apply(state, recordId, { type: 'resumption.expired', at: over })];
      }
      if (kept.state === 'completing') {
        const files = [{ state: 'ready' as const }];
        yield [`${recordId} is settled`, apply(state, recordId, { type: 'files.settled', files, at: now })];
      }
      if (owner !== undefined && state.left.owner_lost > 0) {
        const left = { ...state.left, owner_lost: state.left.owner_lost - 1 };
        const input: RecordingInput = { type: 'owner.lost', owner, at: now, sessionLive };
        yield [`${recordId} loses ${owner}`, apply({ ...state, left }, recordId, input)];
      }
      if (!isOver(kept) && state.left.user_stop > 0) {
        const left = { ...state.left, user_stop: state.left.user_stop - 1 };
        const reason = endReason('stopped');
        const noted = apply({ ...state, left }, recordId, { type: 'stopped', at: now, reason });
        yield [`${recordId} is stopped`, command(noted, recordId, 'stopped')];
      }
    }
  }

  const isCurrent = ({ recordings }: State, { recordId, epoch }: Capture): boolean =>
    recordings[recordId]?.epoch === epoch;

  return {
    initial: {
      now: 0,
      pushes: Object.fromEntries(clients.map((clientId) => [clientId, 'before'])),
      events: [],
      taking: null,
      stream: null,
      sessions: {},
      recordings: {},
      captures: [],
      words: [],
      lastNotices: {},
      left: {
        again: 0,
        claims: 3,
        owner_lost: 0,
        user_stop: 0,
        'max-duration': 0,
        'recorder-drained': 0,
        ...budget,
      },
    },
    *next(state) {
      yield* ofPushes(state);
      yield* ofEvents(state);
      yield* ofWords(state);
      yield* ofRecorders(state);
      yield* ofOthers(state);
    },
    isFinal: (state) =>
      Object.values(state.pushes).every((push) => push === 'over') &&
      state.events.length === 0 &&
      state.taking === null &&
      state.words.length === 0 &&
      state.stream?.live !== true &&
      Object.values(state.recordings).every(isFinal) &&
      !state.captures.some((capture) => isCurrent(state, capture)),
    wrong: (after, before) => {
      for (const [recordId, kept] of Object.entries(after.recordings)) {
        const earlier = before.recordings[recordId];
        if (earlier !== undefined && isOver(earlier) && !isOver(kept))
          return `${recordId} goes on after its end`;
        const owners = after.captures.filter(
          (capture) => capture.recordId === recordId && isCurrent(after, capture),
        );
        if (kept.owner === undefined && owners.length > 0) {
          return `${recordId} was taken from its recorder, which is not fenced off`;
        }
        if (owners.length > 1) return `${recordId} has ${owners.length} owners`;
        const ended = after.lastNotices[recordId] ?? 0;
        if (ended !== (isFinal(kept) ? 1 : 0))
          return `${recordId} is ${kept.state} and said so ${ended} times`;
      }
      for (const [sessionId, recordIds] of Object.entries(after.sessions)) {
        if (recordIds.length > 1) return `${sessionId} is recorded as ${recordIds.join(' and ')}`;
        // While its event is being taken it may not be there yet.
        if (recordIds.length === 0 && after.taking === null) return `${sessionId} is not recorded`;
      }
      return undefined;
    },
  };
};
