import { pauseSeconds, refusalOf } from '../../shared/home/away.ts';
import { manifestOf, renderManifest } from '../../shared/manifest/manifest.ts';
import { manifestKeyOf } from '../../shared/recordings/folder.ts';
import { isGone } from '../../shared/recordings/gone.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import { type ObjectStore, StorageError } from '../../shared/storage/object-store.ts';
import type { Files } from '../../shared/table/files.ts';
import type { Manifests } from '../../shared/table/manifests.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Telemetry } from '../common/telemetry.ts';

export interface ManifestPorts {
  readonly recordings: Pick<Recordings, 'get'>;
  readonly files: Pick<Files, 'list'>;
  readonly manifests: Pick<Manifests, 'owe' | 'get' | 'settle'>;
  storeOf(bucket: Bucket): ObjectStore;
  readonly telemetry: Telemetry;
  now(): Date;
}

/** What waits behind it in the queue has no part in a storage that does not answer. */
const PATIENCE_MS = 3000;

interface Current {
  readonly recording: Recording;
  readonly text: Buffer;
}

/** The manifest as it should be now; undefined when there should be none. */
const read = async ({ recordings, files }: ManifestPorts, recordId: string): Promise<Current | undefined> => {
  const recording = await recordings.get(recordId);
  if (recording?.state !== 'completed' || isGone(recording)) return undefined;
  return { recording, text: renderManifest(manifestOf(recording, await files.list(recordId))) };
};

/**
 * Writes the manifest, and looks whether it still holds: of two that write it at once the last one to write sees what
 * both should have known. What was deleted meanwhile stays deleted.
 * @throws StorageError
 */
const write = async (ports: ManifestPorts, recordId: string): Promise<void> => {
  let written: Current | undefined;
  for (;;) {
    const current = await read(ports, recordId);
    if (current === undefined) {
      if (written === undefined) return;
      const { recording } = written;
      await ports.storeOf(recording.plan.storage).delete(manifestKeyOf(recording));
      return;
    }
    if (written?.text.equals(current.text)) break;
    const { recording, text } = current;
    const store = ports.storeOf(recording.plan.storage).within(AbortSignal.timeout(PATIENCE_MS));
    await store.put(manifestKeyOf(recording), text, {
      contentType: 'application/json',
      cacheControl: 'no-cache',
    });
    written = current;
  }
  ports.telemetry.count('ManifestsWritten');
};

/** Notes that it is still to be written: nothing else waits for a storage that does not take it. */
const noteRefusal = async (ports: ManifestPorts, recordId: string, error: StorageError): Promise<void> => {
  const failures = ((await ports.manifests.get(recordId))?.failures ?? 0) + 1;
  const reason = refusalOf(error);
  const dueAt = new Date(ports.now().getTime() + pauseSeconds(failures) * 1000).toISOString();
  await ports.manifests.owe({ recordId, dueAt, failures, reason });
  ports.telemetry.count('ManifestsRefused');
  ports.telemetry.log.warn(`A storage does not take the manifest of a recording: ${reason.text}`, {
    ...{ recordId, failures, nextTryAt: dueAt },
  });
};

/** Brings the manifest of a recording up to date, or notes that it must be. Safe to repeat. */
export const createManifestWriter = (ports: ManifestPorts) => {
  /** @returns whether nothing is left to be done */
  const writeOrOwe = async (recordId: string): Promise<boolean> => {
    try {
      await write(ports, recordId);
      return true;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      await noteRefusal(ports, recordId, error);
      return false;
    }
  };

  /** One that was owed, unless somebody else has it. */
  const writeOwed = async (recordId: string, dueAt: string): Promise<void> => {
    const owed = await ports.manifests.get(recordId);
    if (owed?.dueAt !== dueAt) return;
    if (await writeOrOwe(recordId)) await ports.manifests.settle(owed);
  };

  return { write: writeOrOwe, writeOwed };
};
export type ManifestWriter = ReturnType<typeof createManifestWriter>;
