import { refusalOf } from '../home/away.ts';
import { together } from '../home/together.ts';
import { manifestKeyOf } from '../recordings/folder.ts';
import { knownPlacesOf, type PlacePorts } from '../recordings/places.ts';
import type { Deletion, Reason, Recording, RecordingFile } from '../schemas/recording.ts';
import { abortUploads } from '../storage/abort-uploads.ts';
import { StorageError } from '../storage/object-store.ts';
import type { Files } from '../table/files.ts';
import type { Recordings } from '../table/recordings.ts';
import type { Runs } from '../table/runs.ts';
import type { Streams } from '../table/streams.ts';
import { cuesKeyOf, isSpriteOf, latestKeyOf, spritePrefixOf } from '../thumbnails/sprite.ts';
import { type EndRunsPorts, endRuns } from './end-runs.ts';
import { deleteFileObjects, deleteWorkObjects } from './file-objects.ts';
import { nextTry } from './pause-seconds.ts';
import { deleteStepObjects } from './run-objects.ts';

export interface DeletionPorts extends PlacePorts, EndRunsPorts {
  readonly recordings: Recordings;
  readonly files: Files;
  readonly streams: Streams;
  readonly runs: Pick<Runs, 'get' | 'page' | 'remove' | 'replace'>;
}

export type DeletionOutcome =
  | { type: 'deleted'; files: number }
  /** Its objects are gone, the record of it stays. */
  | { type: 'expired'; files: number }
  /** A storage does not let its objects go. It is tried again later. */
  | { type: 'refused'; reason: Reason; nextTryAt: string }
  /** There is nothing to delete, any more. */
  | { type: 'void' };

/** Files worked on at once. */
const CONCURRENCY = 8;

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
    // Nobody has looked yet for uploads that are not known of.
    if (recording.untidy !== undefined && file.format !== 'hls') await abortUploads(storeOf(bucket), key);
  }
};

/**
 * Its files, and what post-processing has made of them. A storage that refuses holds up only what is in it: of the outputs
 * each storage is seen to by itself.
 */
const deleteAll = async (ports: DeletionPorts, recording: Doomed, found: readonly RecordingFile[]) => {
  const { runs, storeOf } = ports;
  const { recordId, deletion } = recording;
  const ended = await endRuns(ports, recordId);
  const outputs = ended.flatMap((run) => run.steps.map((step) => ({ run, step })));
  const byStore = Map.groupBy(deletion.objects ? outputs : [], ({ step }) =>
    storeOf(step.destination.bucket),
  );
  const parts = [
    () => deleteFiles(ports, recording, found),
    ...[...byStore.values()].map(
      (some) => () => together(CONCURRENCY, some, ({ run, step }) => deleteStepObjects(storeOf, run, step)),
    ),
  ];
  // All are begun at once, and so none waits for another one to succeed.
  await together(parts.length, parts, (part) => part());
  if (deletion.record) await together(CONCURRENCY, ended, ({ runId }) => runs.remove(recordId, runId));
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
  const nextTryAt = nextTry(now(), failures);
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
  const { deletion, untidy: _, ...rest } = recording;
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
      await deleteAll(ports, doomed, found);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return noteRefusal(ports, doomed, error);
    }
    if (!(await settle(ports, doomed))) continue;
    return { type: doomed.deletion.record ? 'deleted' : 'expired', files: found.length };
  }
};
