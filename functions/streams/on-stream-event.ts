import type { StreamEvent } from '../../shared/events/stream-events.ts';
import type { Plan } from '../../shared/schemas/recording.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import { decideSession } from '../../shared/streams/machine.ts';
import { isResumable, planFor, recordIdOf } from './choose.ts';
import { createRecording, type EnsurePorts, ensureRecordings, resume } from './ensure-recordings.ts';
import { type StopPorts, stopRecorders } from './stop-recorders.ts';

export interface StreamEventPorts extends EnsurePorts, StopPorts {
  newSessionId(): string;
}

// Events of one stream come one after the other, so another writer is rare.
const MOST_TRIES = 10;

/** Longest resumption timeout of a template, and as much again for what comes late. */
const RESUMABLE_SECONDS = 3600;

type Begin = { stream: Stream; recording?: { recordId: string; plan: Plan; isNew: boolean } };

/** A recording of the last session that goes on with the one that begins. */
const findResumable = async (
  { recordings }: StreamEventPorts,
  { startedAt }: Stream,
  last: Stream | undefined,
  plan: Plan,
): Promise<string | undefined> => {
  const gap = Date.parse(startedAt) - Date.parse(last?.endedAt ?? startedAt);
  if (last === undefined || gap > RESUMABLE_SECONDS * 1000) return undefined;
  for (const recordId of last.recordIds) {
    const recording = await recordings.get(recordId);
    if (recording !== undefined && isResumable(recording, plan, startedAt)) return recordId;
  }
  return undefined;
};

/** What is recorded of a session that begins: a recording that goes on, a new one, or none. */
const choose = async (ports: StreamEventPorts, begun: Stream, last: Stream | undefined): Promise<Begin> => {
  const planned = await planFor(ports.config, begun);
  if (planned.type === 'not-recorded') return { stream: { ...begun, notRecorded: planned.text } };
  const { plan } = planned;
  const resumable = await findResumable(ports, begun, last, plan);
  const recordId = resumable ?? recordIdOf(begun.sessionId, plan.templateId);
  return {
    stream: { ...begun, recordIds: [recordId] },
    recording: { recordId, plan, isNew: resumable === undefined },
  };
};

const start = async (ports: StreamEventPorts, { stream, recording }: Begin): Promise<void> => {
  const { telemetry } = ports;
  const { domain, app, stream: name, sessionId, notRecorded } = stream;
  telemetry.count('StreamsStarted');
  telemetry.log.info('A session began', { domain, app, stream: name, sessionId, notRecorded });
  if (recording === undefined) {
    telemetry.count('StreamsNotRecorded');
  } else if (recording.isNew) {
    await createRecording(ports, stream, recording.recordId, recording.plan);
  } else if (await resume(ports, stream, recording.recordId)) {
    telemetry.count('RecordingsResumed');
  } else {
    await ensureRecordings(ports, stream);
  }
};

/** Whether anything is being recorded of a live session, when another client says that it begins to push. */
const isRecorded = async (
  { recordings }: StreamEventPorts,
  stream: Stream | undefined,
  { type, clientId }: StreamEvent,
): Promise<boolean> => {
  if (type !== 'started' || !stream?.live || stream.clientId === clientId) return true;
  const all = await Promise.all(stream.recordIds.map((recordId) => recordings.get(recordId)));
  return all.some((recording) => recording?.state === 'recording');
};

/** Makes true what the stream's item says. */
const settle = (ports: StreamEventPorts, stream: Stream): Promise<void> =>
  stream.live ? ensureRecordings(ports, stream) : stopRecorders(ports, stream);

/**
 * Takes in one event of a stream. Safe to repeat: whatever the event was, in the end the recordings are as the
 * stream's item says, and the item is written before anything that follows from it.
 */
export const createStreamEventHandler =
  (ports: StreamEventPorts) =>
  async (event: StreamEvent): Promise<void> => {
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const seen = await ports.streams.get(event.key);
      const facts = {
        newSessionId: ports.newSessionId(),
        isRecorded: await isRecorded(ports, seen, event),
      };
      const decision = decideSession(seen, event, facts);
      if (decision.type === 'ignored') {
        if (seen !== undefined) await settle(ports, seen);
        return;
      }
      const { next } = decision;
      const begins = next.live && next.sessionId !== seen?.sessionId;
      // The item forgets the session that ends here, so its recorders are told first: a crash brings the event back.
      if (begins && seen?.live) await stopRecorders(ports, seen);
      const begin = begins ? await choose(ports, next, seen) : undefined;
      if (await ports.streams.replace(begin?.stream ?? next, seen)) {
        return begin === undefined ? settle(ports, next) : start(ports, begin);
      }
    }
    throw new Error(`A stream changed ${MOST_TRIES} times while an event was applied`);
  };
