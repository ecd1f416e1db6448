import { planFor } from '../../shared/config/plan.ts';
import type { PushEvent, SilenceEvent, StreamEvent } from '../../shared/events/stream-events.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import { decideSession } from '../../shared/streams/machine.ts';
import type { OwedEvents } from '../../shared/table/owed-events.ts';
import { isResumable, recordIdOf } from './choose.ts';
import { createRecording, ensureRecordings, resume, type Wanted } from './ensure-recordings.ts';
import { type SettlePorts, settleTasks } from './settle-tasks.ts';
import { type StopPorts, stopRecorders } from './stop-recorders.ts';

export interface StreamEventPorts extends SettlePorts, StopPorts {
  readonly owedEvents: Pick<OwedEvents, 'remove'>;
  newSessionId(): string;
}

// Events of one stream come one after the other, so another writer is rare.
const MOST_TRIES = 10;

/** Longest resumption timeout of a template, and as much again for what comes late. */
const RESUMABLE_SECONDS = 3600;

/** A session that begins, and what its rule wants of it. */
type Begin = { stream: Stream; wanted?: Wanted & { isNew: boolean } };

/** A recording that the rule wanted of the last session, and that goes on with the one that begins. */
const findResumable = async (
  { recordings }: StreamEventPorts,
  begun: Stream,
  last: Stream | undefined,
  templateId: string,
): Promise<string | undefined> => {
  const gap = Date.parse(begun.startedAt) - Date.parse(last?.endedAt ?? begun.startedAt);
  if (last === undefined || gap > RESUMABLE_SECONDS * 1000) return undefined;
  for (const recordId of last.recordIds) {
    const recording = await recordings.get(recordId);
    if (recording?.taskId !== undefined || recording?.plan.templateId !== templateId) continue;
    if (isResumable(recording, begun)) return recordId;
  }
  return undefined;
};

/** What the rule wants of a session that begins: a recording that goes on, a new one, or none. */
const choose = async (ports: StreamEventPorts, begun: Stream, last: Stream | undefined): Promise<Begin> => {
  const planned = await planFor(ports.config, begun);
  if (planned.type === 'not-recorded') return { stream: { ...begun, notRecorded: planned.text } };
  const { plan, origin } = planned;
  const resumable = await findResumable(ports, begun, last, origin);
  const recordId = resumable ?? recordIdOf(begun.sessionId, origin);
  return {
    stream: { ...begun, recordIds: [recordId] },
    wanted: { recordId, plan, isNew: resumable === undefined },
  };
};

const start = async (ports: StreamEventPorts, { stream, wanted }: Begin): Promise<Stream> => {
  const { telemetry } = ports;
  const { domain, app, stream: name, sessionId, notRecorded } = stream;
  telemetry.count('StreamsStarted');
  telemetry.log.info('A session began', { domain, app, stream: name, sessionId, notRecorded });
  if (wanted === undefined) return stream;
  if (wanted.isNew) {
    await createRecording(ports, stream, wanted);
  } else if (await resume(ports, stream, wanted.recordId)) {
    telemetry.count('RecordingsResumed');
  } else {
    return ensureRecordings(ports, stream);
  }
  return stream;
};

/** Whether anything is being recorded of a live session, when another client says that it begins to push. */
const isRecorded = async (
  { recordings }: StreamEventPorts,
  stream: Stream | undefined,
  event: PushEvent | SilenceEvent,
): Promise<boolean> => {
  if (event.type !== 'started' || !stream?.live || stream.clientId === event.clientId) return true;
  const all = await Promise.all(stream.recordIds.map((recordId) => recordings.get(recordId)));
  return all.some((recording) => recording?.state === 'recording');
};

/** Makes true what the stream's item says. */
const settle = async (ports: StreamEventPorts, stream: Stream): Promise<Stream> => {
  if (stream.live) return ensureRecordings(ports, stream);
  await stopRecorders(ports, stream);
  return stream;
};

/** Takes in what happened to the session. @returns the stream's item as it is now, with whether a session began */
const applyToSession = async (
  ports: StreamEventPorts,
  event: PushEvent | SilenceEvent,
): Promise<{ stream: Stream | undefined; begins: boolean }> => {
  const newSessionId = ports.newSessionId();
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const seen = await ports.streams.get(event.key);
    const facts = { newSessionId, isRecorded: await isRecorded(ports, seen, event) };
    const decision = decideSession(seen, event, facts);
    if (decision.type === 'ignored') {
      return { stream: seen === undefined ? undefined : await settle(ports, seen), begins: false };
    }
    const { next } = decision;
    const begins = next.live && next.sessionId !== seen?.sessionId;
    // The item forgets the session that ends here, so its recorders are told first: a crash brings the event back.
    if (begins && seen?.live) await stopRecorders(ports, seen);
    const begin = begins ? await choose(ports, next, seen) : undefined;
    if (await ports.streams.replace(begin?.stream ?? next, seen)) {
      const stream = await (begin === undefined ? settle(ports, next) : start(ports, begin));
      return { stream, begins };
    }
  }
  throw new Error(`A stream changed ${MOST_TRIES} times while an event was applied`);
};

/**
 * Takes in one event of a stream. Safe to repeat: whatever the event was, in the end the recordings are as the
 * items of the stream and of its tasks say, and these are written before anything that follows from them.
 */
export const createStreamEventHandler =
  (ports: StreamEventPorts) =>
  async (event: StreamEvent): Promise<void> => {
    const now = ports.now().toISOString();
    if (event.type === 'tasks-changed') {
      // The moment has come, whatever this function's own clock says.
      const at = event.at > now ? event.at : now;
      await settleTasks(ports, event.key, await ports.streams.get(event.key), at);
      return;
    }
    const { stream, begins } = await applyToSession(ports, event);
    const settled = await settleTasks(ports, event.key, stream, now);
    if (begins && settled?.recordIds.length === 0) ports.telemetry.count('StreamsNotRecorded');
    await ports.owedEvents.remove(event);
  };
