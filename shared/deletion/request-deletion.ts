import type { Deletion, Recording, RecordingState } from '../schemas/recording.ts';
import type { Recordings } from '../table/recordings.ts';
import type { QueueDeletion } from './queue.ts';

export interface DeletionRequestPorts {
  readonly recordings: Recordings;
  readonly queueDeletion: QueueDeletion;
  now(): Date;
}

export type DeletionRequest =
  | { type: 'requested'; recording: Recording }
  | { type: 'missing' }
  /** It runs still: what is being written cannot be deleted. */
  | { type: 'unfinished'; state: RecordingState }
  /** It is being deleted without its objects, and which they were may be forgotten already. */
  | { type: 'objects-left' };

/** More than the deletion of any recording takes; after that it is taken up again. */
const WORK_SECONDS = 20 * 60;

/** When a deletion that is queued now should be done. */
export const dueAfter = (now: Date): string => new Date(now.getTime() + WORK_SECONDS * 1000).toISOString();

// Each try that fails means that another writer got through.
const MOST_TRIES = 20;

const isFinal = (state: RecordingState): boolean => state === 'completed' || state === 'failed';

/** What the record must say for this to be deleted; undefined when there is nothing more to do. */
const deletionFor = (
  { deletion, expiredAt }: Recording,
  wanted: Pick<Deletion, 'objects' | 'record'>,
  now: Date,
): Deletion | undefined => {
  // Objects expire once, and not while somebody has the whole recording deleted.
  if (!wanted.record && (deletion !== undefined || expiredAt !== undefined)) return undefined;
  return { ...wanted, at: deletion?.at ?? now.toISOString(), dueAt: dueAfter(now), failures: 0 };
};

/**
 * Has a recording deleted, with its objects or without, or only its objects. First that is written down, then queued:
 * a message that is lost costs time, and the sweeper finds it. Asked again, the last wish counts, and it is tried at
 * once. One read, one write, one message.
 */
export const requestDeletion = async (
  { recordings, queueDeletion, now }: DeletionRequestPorts,
  recordId: string,
  wanted: Pick<Deletion, 'objects' | 'record'>,
): Promise<DeletionRequest> => {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const recording = await recordings.get(recordId);
    if (recording === undefined) return { type: 'missing' };
    if (!isFinal(recording.state)) return { type: 'unfinished', state: recording.state };
    const { deletion: before } = recording;
    if (wanted.objects && wanted.record && before?.record && !before.objects) return { type: 'objects-left' };
    const deletion = deletionFor(recording, wanted, now());
    if (deletion === undefined) return { type: 'requested', recording };
    const next = { ...recording, deletion, revision: recording.revision + 1 };
    if (!(await recordings.replace(next))) continue;
    await queueDeletion(recordId);
    return { type: 'requested', recording: next };
  }
  throw new Error(`Recording ${recordId} changed ${MOST_TRIES} times while its deletion was noted`);
};
