import { isDeepStrictEqual } from 'node:util';
import type { Notice } from '../events/notices.ts';
import type { Recording, RecordingFile } from '../schemas/recording.ts';
import type { Files } from '../table/files.ts';
import type { Notices } from '../table/notices.ts';
import type { Recordings } from '../table/recordings.ts';
import { endReason } from './end-reason.ts';
import { manifestKeyOf } from './folder.ts';
import { type Decision, decide, type Effect, type RecordingInput } from './machine.ts';
import type { WorkQueues } from './queues.ts';
import { regionOf, summaryOf } from './summary.ts';

type RecordingNoticeType = Extract<Notice['type'], `recording.${string}`>;

export interface TransitionPorts {
  readonly recordings: Recordings;
  readonly files: Files;
  readonly notices: Notices;
  readonly queues: WorkQueues;
  now(): Date;
}

// Each retry means that another writer got through, so a handful is plenty; more is a bug worth an error.
const MOST_TRIES = 20;

/** Puts a notice among the obligations and queues its publication. Safe to repeat. */
export const announce = async (
  ports: Pick<TransitionPorts, 'notices'> & { readonly queues: Pick<WorkQueues, 'completion'> },
  notice: Notice,
): Promise<void> => {
  await ports.notices.add(notice);
  await ports.queues.completion({ recordId: notice.recordId, noticeId: notice.noticeId });
};

/** The notice about a recording as it is now: the same one each time that it is made of the same event. */
export const recordingNotice = (
  recording: Recording,
  type: RecordingNoticeType,
  at: string,
): Extract<Notice, { type: RecordingNoticeType }> => {
  const { recordId, domain, app, stream, sessionId, endedAt } = recording;
  const base = {
    noticeId: type,
    at,
    recordId,
    stream: { domain, app, stream },
    recording: summaryOf(recording),
  };
  const reason = recording.reason ?? endReason('session-ended');
  switch (type) {
    case 'recording.started':
      return { type, ...base };
    case 'recording.resumed':
      return { type, ...base, noticeId: `${type}.${sessionId}` };
    case 'recording.paused':
      return { type, ...base, noticeId: `${type}.${endedAt}`, reason };
    case 'recording.ended': {
      const { storage, postProcessing } = recording.plan;
      return {
        type,
        ...base,
        reason,
        manifest: { bucket: storage.bucket, key: manifestKeyOf(recording) },
        ...(postProcessing === undefined ? {} : { orchestrationIds: postProcessing }),
      };
    }
    case 'recording.failed':
      return { type, ...base, reason };
  }
};

/** The notice about one file of a recording. */
export const fileNotice = (
  recording: Recording,
  { journal: _, told: __, away: ___, homeKey: ____, gaps: _____, ...file }: RecordingFile,
  type: 'file.opened' | 'file.ready' | 'file.moved',
): Notice => {
  const region = regionOf(recording, file);
  const at = type === 'file.opened' ? file.startedAt : (file.readyAt ?? file.startedAt);
  const movedAt = file.locatedAt ?? at;
  const once = { noticeId: `${type}.${file.fileId}`, at };
  const orchestrationId = recording.plan.postProcessing?.[file.format];
  const eachMove = { noticeId: `${type}.${file.fileId}.${file.location}.${movedAt}`, at: movedAt };
  return {
    type,
    ...(type === 'file.moved' ? eachMove : once),
    recordId: recording.recordId,
    stream: { domain: recording.domain, app: recording.app, stream: recording.stream },
    recording: summaryOf(recording),
    file: { ...file, ...(region === undefined ? {} : { region }) },
    ...(type === 'file.opened' || orchestrationId === undefined ? {} : { orchestrationId }),
  };
};

const closeFiles = async ({ queues }: TransitionPorts, files: readonly RecordingFile[]): Promise<void> => {
  const open = files.filter((file) => file.state === 'recording');
  await Promise.all(open.map(({ recordId, fileId }) => queues.uploadRetry({ recordId, fileId })));
};

/** Has what is still open of a completing recording closed; completes it when nothing is. Safe to repeat. */
export const finish = async (ports: TransitionPorts, recordId: string): Promise<void> => {
  const files = await ports.files.list(recordId);
  await closeFiles(ports, files);
  await transition(ports, recordId, { type: 'files.settled', files, at: ports.now().toISOString() });
};

const carryOut = async (
  ports: TransitionPorts,
  { recordId, epoch }: Recording,
  effect: Effect,
): Promise<void> => {
  switch (effect.type) {
    case 'queue-job':
      return ports.queues.recordJob({ recordId, epoch });
    case 'close-files': {
      const files = await ports.files.list(recordId);
      return closeFiles(
        ports,
        files.filter((file) => file.format !== 'hls'),
      );
    }
    case 'finish':
      return finish(ports, recordId);
    case 'notice':
      // The recording itself says that it is still to be told.
      return undefined;
  }
};

type Change = Extract<Decision, { type: 'changed' }>;

/** Whoever is told is told of what is written, and nobody of what another writer has kept from coming. */
const owing = (change: Change): Change =>
  change.effects.some(({ type }) => type === 'notice')
    ? { ...change, next: { ...change.next, untold: true } }
    : change;

/** What a recording tells of its state, and what must be done first; a crash may have come between. */
const OWED: Readonly<Partial<Record<Recording['state'], { first?: Effect; notice: RecordingNoticeType }>>> = {
  paused: { first: { type: 'close-files' }, notice: 'recording.paused' },
  recording: { first: { type: 'queue-job' }, notice: 'recording.resumed' },
  completed: { notice: 'recording.ended' },
  failed: { notice: 'recording.failed' },
};

const owedNotice = (recording: Recording, now: Date): Notice | undefined => {
  const owed = recording.untold && OWED[recording.state];
  return owed && recordingNotice(recording, owed.notice, now.toISOString());
};

/** Lets the notice stand in the table that a recording owes, strikes that off, and has it published. Safe to repeat. */
const tell = async (ports: TransitionPorts, owes: Recording): Promise<Recording> => {
  const { recordId } = owes;
  const notice = owedNotice(owes, ports.now());
  if (notice === undefined) return owes;
  await ports.notices.add(notice);
  let recording: Recording | undefined = owes;
  // Struck off before it is published: it would be told once more afterwards. Not what has come meanwhile, though.
  while (recording && owedNotice(recording, ports.now())?.noticeId === notice.noticeId) {
    const { untold: _, ...told }: Recording = { ...recording, revision: recording.revision + 1 };
    recording = (await ports.recordings.replace(told)) ? told : await ports.recordings.get(recordId);
  }
  await ports.queues.completion({ recordId, noticeId: notice.noticeId });
  return recording ?? owes;
};

/** Does what was left undone when a recording came to its state, and tells of it. Safe to repeat. */
const makeUpFor = async (ports: TransitionPorts, recording: Recording): Promise<Recording> => {
  if (recording.untold === undefined) return recording;
  const first = OWED[recording.state]?.first;
  if (first !== undefined) await carryOut(ports, recording, first);
  return tell(ports, recording);
};

/** Tells what a recording has to tell and nobody has been told, for that was forgotten. */
export const tellWhatIsOwed = async (ports: TransitionPorts, recordId: string): Promise<void> => {
  const recording = await ports.recordings.get(recordId);
  if (recording !== undefined) await makeUpFor(ports, recording);
};

/** Carries out what follows from a change that is written. */
const follow = async (ports: TransitionPorts, { next, effects }: Change): Promise<Recording> => {
  for (const effect of effects) await carryOut(ports, next, effect);
  return tell(ports, next);
};

/** An input, or how to find it out for the recording as it is at the moment of the decision. */
export type InputFor = RecordingInput | ((recording: Recording) => Promise<RecordingInput>);

/**
 * Applies one input to a recording: decide, write conditionally, carry out what follows; decides anew when another
 * writer was faster. What a crash between writing and carrying out leaves undone, the sweeper finds in the work index.
 * @returns the recording as it is now, or undefined when there is none.
 */
export const transition = async (
  ports: TransitionPorts,
  recordId: string,
  inputFor: InputFor,
): Promise<Recording | undefined> => {
  let written: Change | undefined;
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const found = await ports.recordings.get(recordId);
    if (found === undefined) return undefined;
    // When the answer to a write was lost, the SDK wrote again, and was refused because of its own first write.
    if (written !== undefined && isDeepStrictEqual(found, written.next)) return follow(ports, written);
    // Before it changes again: what is owed follows from its state.
    const recording = await makeUpFor(ports, found);
    const input = typeof inputFor === 'function' ? await inputFor(recording) : inputFor;
    const decision = decide(recording, input);
    if (decision.type === 'ignored') return recording;
    written = owing(decision);
    if (await ports.recordings.replace(written.next)) return follow(ports, written);
  }
  throw new Error(`Recording ${recordId} changed ${MOST_TRIES} times while an input was applied`);
};
