import { refusalOf } from '../home/away.ts';
import { together } from '../home/together.ts';
import { decide } from '../post-processing/machine.ts';
import { orphansOf, type QueueStop } from '../post-processing/queue.ts';
import { manifestKeyOf } from '../recordings/folder.ts';
import { knownPlacesOf, type PlacePorts } from '../recordings/places.ts';
import type { Run } from '../schemas/post-processing.ts';
import type { Deletion, Reason, Recording, RecordingFile } from '../schemas/recording.ts';
import { StorageError } from '../storage/object-store.ts';
import type { Files } from '../table/files.ts';
import type { Recordings } from '../table/recordings.ts';
import type { Runs } from '../table/runs.ts';
import type { Streams } from '../table/streams.ts';
import { cuesKeyOf, isSpriteOf, latestKeyOf, spritePrefixOf } from '../thumbnails/sprite.ts';
import { deleteFileObjects, deleteWorkObjects } from './file-objects.ts';
import { deleteRunObjects } from './run-objects.ts';

export interface DeletionPorts extends PlacePorts {
  readonly recordings: Recordings;
  readonly files: Files;
  readonly streams: Streams;
  readonly runs: Pick<Runs, 'get' | 'page' | 'remove' | 'replace'>;
  readonly queueStop: QueueStop;
  now(): Date;
}

export type DeletionOutcome =
  | { type: 'deleted'; files: number }
  /** Its objects are gone, the record of it stays. */
  | { type: 'expired'; files: number }
  /** A storage does not let its objects go. It is tried again later. */
  | { type: 'refused'; reason: Reason; nextTryAt: string }
  /** There is nothing to delete, any more. */
  | { type: 'void' };

const FIRST_PAUSE_SECONDS = 60;
const LONGEST_PAUSE_SECONDS = 24 * 3600;

/** Files worked on at once. */
const CONCURRENCY = 8;

/** How long a storage that has refused so many times in a row is left in peace. */
export const pauseSeconds = (failures: number): number =>
  Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (failures - 1));

type Doomed = Recording & { deletion: Deletion };

/** At every place, home last. */
const deleteEverywhere = async (
  { storeOf, spool }: DeletionPorts,
  recording: Doomed,
  file: RecordingFile,
): Promise<void> => {
  for (const { location, bucket, key } of knownPlacesOf(recording, file, spool).reverse()) {
    const uploadIds = [
      ...(location === file.location ? [file.journal?.uploadId] : []),
      ...(location === 'primary' ? [file.away?.copy?.uploadId] : []),
    ].filter((uploadId) => uploadId !== undefined);
    await deleteFileObjects(storeOf(bucket), { ...file, key }, uploadIds);
  }
};

/** A run of which nothing goes on, or is begun any more; undefined when it is gone. */
const cancelRun = async ({ runs, now }: DeletionPorts, known: Run): Promise<Run | undefined> => {
  const { recordId, runId } = known;
  for (let run: Run | undefined = known; run !== undefined; run = await runs.get(recordId, runId)) {
    const decision = decide(run, { type: 'cancel', at: now().toISOString() });
    if (decision.type === 'ignored') return run;
    if (await runs.replace(decision.next)) return decision.next;
  }
  return undefined;
};

/**
 * What post-processing has made goes with what it was made of. Whoever is still at it finds that out, and removes what
 * comes after this.
 */
const deleteRuns = async (ports: DeletionPorts, { recordId, deletion }: Doomed): Promise<void> => {
  const { runs, storeOf, queueStop } = ports;
  const { items } = await runs.page(recordId);
  await together(CONCURRENCY, items, async (item) => {
    const run = await cancelRun(ports, item);
    if (run === undefined) return;
    // When the run is forgotten nobody could find out any more what others go on with.
    for (const orphan of orphansOf(run)) await queueStop(orphan);
    if (deletion.objects) await deleteRunObjects(storeOf, run);
    if (deletion.record) await runs.remove(recordId, run.runId);
  });
};

/** One file after the other is deleted and forgotten, so that a crash costs one file's work. */
const deleteFiles = async (
  ports: DeletionPorts,
  recording: Doomed,
  found: readonly RecordingFile[],
): Promise<void> => {
  const { recordId, deletion } = recording;
  if (deletion.objects) {
    await deleteWorkEverywhere(ports, recording, found);
    await deleteDescription(ports, recording);
  }
  await together(CONCURRENCY, found, async (file) => {
    if (deletion.objects && file.state !== 'expired') await deleteEverywhere(ports, recording, file);
    if (deletion.record) await ports.files.remove(recordId, file.fileId);
    else await ports.files.expire(recordId, file.fileId);
  });
};

/** Before its files are forgotten, which say where it was. */
const deleteWorkEverywhere = async (
  { storeOf, spool }: DeletionPorts,
  recording: Doomed,
  found: readonly RecordingFile[],
): Promise<void> => {
  const stores = new Set([storeOf(recording.plan.storage)]);
  for (const file of found) {
    for (const { bucket } of knownPlacesOf(recording, file, spool)) stores.add(storeOf(bucket));
  }
  for (const store of stores) await deleteWorkObjects(store, recording.recordId);
};

/** What says something of the whole recording: it is in the primary storage alone. */
const deleteDescription = async ({ storeOf }: DeletionPorts, recording: Doomed): Promise<void> => {
  const store = storeOf(recording.plan.storage);
  const keys = [manifestKeyOf(recording)];
  if (recording.plan.thumbnails !== undefined) {
    const sprites = await store.list(spritePrefixOf(recording));
    keys.push(...sprites.map(({ key }) => key).filter((key) => isSpriteOf(recording, key)));
    keys.push(latestKeyOf(recording), cuesKeyOf(recording));
  }
  await store.deleteMany(keys);
};

const noteRefusal = async (
  { recordings, now }: DeletionPorts,
  recording: Doomed,
  error: StorageError,
): Promise<DeletionOutcome> => {
  const { deletion, revision } = recording;
  const [failures, reason] = [deletion.failures + 1, refusalOf(error)];
  const nextTryAt = new Date(now().getTime() + pauseSeconds(failures) * 1000).toISOString();
  // Refused when somebody has asked for it again meanwhile: that is queued already.
  await recordings.replace({
    ...recording,
    deletion: { ...deletion, failures, reason, dueAt: nextTryAt },
    revision: revision + 1,
  });
  return { type: 'refused', reason, nextTryAt };
};

/** The record is the obligation: it goes, or says that all is done, last. False when it has changed meanwhile. */
const settle = async ({ recordings, streams, now }: DeletionPorts, recording: Doomed): Promise<boolean> => {
  const { deletion, ...rest } = recording;
  if (!deletion.record) {
    const expiredAt = now().toISOString();
    return recordings.replace({ ...rest, expiredAt, revision: rest.revision + 1 });
  }
  const { domain, app, stream, recordId } = rest;
  await streams.forgetRecording({ domain, app, stream }, recordId);
  return recordings.remove(recordId, rest.revision);
};

/**
 * Deletes what a recording says is to be deleted of it. Safe to repeat and to run twice at once; what a crash leaves
 * undone, the next run does.
 */
export const deleteRecording = async (ports: DeletionPorts, recordId: string): Promise<DeletionOutcome> => {
  for (;;) {
    const recording = await ports.recordings.get(recordId);
    if (recording?.deletion === undefined) return { type: 'void' };
    const doomed: Doomed = { ...recording, deletion: recording.deletion };
    const found = await ports.files.list(recordId);
    try {
      await deleteRuns(ports, doomed);
      await deleteFiles(ports, doomed, found);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return noteRefusal(ports, doomed, error);
    }
    if (!(await settle(ports, doomed))) continue;
    return { type: doomed.deletion.record ? 'deleted' : 'expired', files: found.length };
  }
};
