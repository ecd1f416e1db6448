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

/** The notice about a recording as it is now. Those that can only come once bear no number. */
export const recordingNotice = (
  recording: Recording,
  type: RecordingNoticeType,
  at: string,
): Extract<Notice, { type: RecordingNoticeType }> => {
  const { recordId, domain, app, stream, revision } = recording;
  const base = {
    noticeId: type,
    at,
    recordId,
    stream: { domain, app, stream },
    recording: summaryOf(recording),
  };
  const numbered = { ...base, noticeId: `${type}.${revision}` };
  const reason = recording.reason ?? endReason('session-ended');
  switch (type) {
    case 'recording.started':
      return { type, ...base };
    case 'recording.resumed':
      return { type, ...numbered };
    case 'recording.paused':
      return { type, ...numbered, reason };
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
    ...(type === 'file.ready' && orchestrationId !== undefined ? { orchestrationId } : {}),
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

const isFinal = ({ state }: Recording): boolean => state === 'completed' || state === 'failed';

const carryOut = async (ports: TransitionPorts, recording: Recording, effect: Effect): Promise<void> => {
  const { recordId, epoch } = recording;
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
    case 'notice': {
      const notice = recordingNotice(recording, effect.notice, ports.now().toISOString());
      if (!isFinal(recording)) return announce(ports, notice);
      return ports.queues.completion({ recordId, noticeId: notice.noticeId });
    }
  }
};

/** A recording that has completed or failed is in no work index, so its last notice must stand in the table before. */
const addLastNotice = async (ports: TransitionPorts, { next, effects }: Change): Promise<void> => {
  if (!isFinal(next)) return;
  for (const effect of effects) {
    if (effect.type !== 'notice') continue;
    await ports.notices.add(recordingNotice(next, effect.notice, ports.now().toISOString()));
  }
};

type Change = Extract<Decision, { type: 'changed' }>;

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
    const recording = await ports.recordings.get(recordId);
    if (recording === undefined) return undefined;
    // When the answer to a write was lost, the SDK wrote again, and was refused because of its own first write.
    if (written !== undefined && isDeepStrictEqual(recording, written.next)) {
      for (const effect of written.effects) await carryOut(ports, written.next, effect);
      return written.next;
    }
    const input = typeof inputFor === 'function' ? await inputFor(recording) : inputFor;
    const decision = decide(recording, input);
    if (decision.type === 'ignored') return recording;
    written = decision;
    await addLastNotice(ports, decision);
    if (await ports.recordings.replace(decision.next)) {
      for (const effect of decision.effects) await carryOut(ports, decision.next, effect);
      return decision.next;
    }
  }
  throw new Error(`Recording ${recordId} changed ${MOST_TRIES} times while an input was applied`);
};
