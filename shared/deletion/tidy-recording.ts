import { workFolder } from '../closing/media-journal.ts';
import { refusalOf } from '../home/away.ts';
import { together } from '../home/together.ts';
import { knownPlacesOf, type PlacePorts } from '../recordings/places.ts';
import type { Reason, Recording, RecordingFile } from '../schemas/recording.ts';
import { abortUploads } from '../storage/abort-uploads.ts';
import { type ObjectStore, StorageError } from '../storage/object-store.ts';
import type { Files } from '../table/files.ts';
import type { Recordings } from '../table/recordings.ts';
import { workKeys } from './file-objects.ts';
import { nextTry } from './pause-seconds.ts';

export interface TidyPorts extends PlacePorts {
  readonly recordings: Pick<Recordings, 'get' | 'replace'>;
  readonly files: Pick<Files, 'list'>;
  now(): Date;
}

export type TidyOutcome =
  /** So many objects had been left behind. */
  | { type: 'tidied'; objects: number }
  /** A storage does not let them go, or a file needs them still. It is done later, if there is a time for that. */
  | { type: 'put-off'; reason?: Reason; nextTryAt: string | undefined }
  /** There is nothing to do, any more. */
  | { type: 'void' };

/** Files worked on at once. */
const CONCURRENCY = 8;

/** Some three weeks. What is left then goes with the recording, or was in a bucket that is not there any more. */
const MOST_TRIES = 30;

/** Whether somebody may still need the work objects of a file. */
const needsThem = ({ state, away }: RecordingFile): boolean =>
  state === 'recording' || state === 'waiting' || away !== undefined;

/** Every storage that work objects of it may be in. */
const storesOf = ({ storeOf, spool }: TidyPorts, { plan }: Recording): ObjectStore[] => {
  const buckets = [plan.storage, ...(plan.backup === undefined ? [] : [plan.backup]), spool];
  return [...new Set(buckets.map((bucket) => storeOf(bucket)))];
};

/** @returns how many objects were left behind, and the files that still need theirs. @throws StorageError */
const tidy = async (ports: TidyPorts, recording: Recording) => {
  const { recordId } = recording;
  const listings = await Promise.all(
    storesOf(ports, recording).map(async (store) => ({
      store,
      keys: await workKeys(store, recordId),
    })),
  );
  // Asked for after that: a file that is opened late stands in the table before any of its objects is there.
  const files = await ports.files.list(recordId);
  const needy = files.filter(needsThem);
  const isLeft = (key: string): boolean => !needy.some((file) => key.startsWith(workFolder(file)));
  let objects = 0;
  for (const { store, keys } of listings) {
    const left = keys.filter(isLeft);
    objects += left.length;
    await store.deleteMany(left);
  }
  // The playlist and the segments of HLS are put, never uploaded in parts.
  const closed = files.filter(
    (file) => !needsThem(file) && file.state !== 'expired' && file.format !== 'hls',
  );
  await together(CONCURRENCY, closed, async (file) => {
    for (const { bucket, key } of knownPlacesOf(recording, file, ports.spool)) {
      await abortUploads(ports.storeOf(bucket), key);
    }
  });
  return { objects, needy };
};

/**
 * Clears away what a recorder or function may have left of a recording that has ended, for it was killed before it had
 * done so: work objects, and uploads that nobody knows of. Safe to repeat and to run twice at once.
 */
export const tidyRecording = async (ports: TidyPorts, recordId: string): Promise<TidyOutcome> => {
  const recording = await ports.recordings.get(recordId);
  // Its deletion clears away everything.
  if (recording?.untidy === undefined || recording.deletion !== undefined) return { type: 'void' };
  const { untidy, ...rest } = recording;
  // Refused when the recording has changed meanwhile: then all of this is done once more, when it is due again.
  const note = (next?: Recording['untidy']): Promise<boolean> =>
    ports.recordings.replace({
      ...rest,
      ...(next === undefined ? {} : { untidy: next }),
      revision: rest.revision + 1,
    });
  const putOff = async (reason?: Reason): Promise<TidyOutcome> => {
    const failures = untidy.failures + 1;
    const dueAt = nextTry(ports.now(), failures);
    const next = failures < MOST_TRIES ? { failures, dueAt } : undefined;
    await note(next);
    return { type: 'put-off', ...(reason === undefined ? {} : { reason }), nextTryAt: next?.dueAt };
  };
  try {
    const { objects, needy } = await tidy(ports, recording);
    if (needy.length > 0) return putOff();
    await note();
    return { type: 'tidied', objects };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return putOff(refusalOf(error));
  }
};
