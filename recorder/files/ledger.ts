import { isDeepStrictEqual } from 'node:util';
import type { SendRecordingEvent } from '../../shared/recordings/event-queue.ts';
import type { Journal, Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import type { Files } from '../../shared/table/files.ts';
import type { Log } from '../log.ts';
import { storageReason } from '../storage/storage-reason.ts';

export type JournaledFile = RecordingFile & { journal: Journal };

/** The recording belongs to another recorder now, or is over. Nothing of it may be written any more. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/** Writes what happens to the files of one capture into the table, and tells the recording's function. */
export interface FileLedger {
  /** @throws FencedError */
  opened(file: RecordingFile): Promise<void>;
  /** An HLS file that an earlier capture opened goes on under this recorder's epoch. @throws FencedError */
  adopted(file: RecordingFile, epochBefore: number): Promise<void>;
  /** @throws FencedError */
  journaled(file: RecordingFile): Promise<void>;
  /** @throws FencedError */
  closed(file: RecordingFile): Promise<void>;
  /** Nothing more comes, but it can only be put together when its storage answers again. @throws FencedError */
  waiting(file: RecordingFile): Promise<void>;
  /** The file stays open in the table, for the upload-retry function to close. Never rejects. */
  failed(file: RecordingFile, cause: unknown): Promise<void>;
  /** Clears away what is no longer needed; a failure only leaves litter, and is logged. */
  tidied(work: () => Promise<void>): Promise<void>;
}

interface LedgerPorts {
  readonly files: Files;
  readonly send: SendRecordingEvent;
  readonly log: Log;
  now(): Date;
  /** Runs an operation on the table until it is answered. */
  onTable<Result>(operation: () => Promise<Result>): Promise<Result>;
  /** Called when a write was refused because the epoch has moved on. */
  onFenced(): void;
}

/** Without what others note of it meanwhile. */
const untold = (file: RecordingFile | undefined): Omit<RecordingFile, 'told'> | undefined => {
  if (file === undefined) return undefined;
  const { told: _, ...rest } = file;
  return rest;
};

export const createLedger = (recording: Recording, capture: number, ports: LedgerPorts): FileLedger => {
  const { recordId, epoch } = recording;
  const { files, onTable } = ports;
  const write = (file: RecordingFile, epochBefore?: number): Promise<boolean> =>
    onTable(() => files.write(file, epochBefore));
  // The table holds what is to be told: a lost event is told late, by the sweeper, and must not cost the file.
  const event = async (type: 'file.opened' | 'file.closed', { fileId }: RecordingFile): Promise<void> => {
    try {
      await ports.send({ type, recordId, epoch, capture, fileId, at: ports.now().toISOString() });
    } catch (cause) {
      ports.log.error('An event could not be sent', { recordId, fileId, type, cause });
    }
  };
  const must = async (held: boolean, file: RecordingFile): Promise<void> => {
    // When the answer to a write was lost, the SDK wrote again, and was refused because of its own first write.
    if (held) return;
    const found = await onTable(() => files.get(recordId, file.fileId));
    if (isDeepStrictEqual(untold(found), untold(file))) return;
    ports.onFenced();
    throw new FencedError(`Recording ${recordId} is no longer ours at epoch ${epoch}`);
  };
  const finish = async (file: RecordingFile): Promise<void> => {
    await must(await write(file), file);
    await event('file.closed', file);
  };
  return {
    opened: async (file) => {
      await must(await onTable(() => files.open(file)), file);
      await event('file.opened', file);
    },
    adopted: async (file, epochBefore) => must(await write(file, epochBefore), file),
    journaled: async (file) => must(await write(file), file),
    closed: async ({ journal: _, ...file }) =>
      finish({ ...file, state: 'ready', readyAt: ports.now().toISOString() }),
    waiting: async (file) => {
      const waits: RecordingFile = { ...file, state: 'waiting' };
      await must(await write(waits), waits);
    },
    failed: async (file, cause) => {
      if (cause instanceof FencedError) return;
      ports.log.error('A file could not be stored; it stays open for the upload-retry function', {
        recordId,
        fileId: file.fileId,
        cause,
      });
      try {
        if (!(await write({ ...file, reason: storageReason(cause) }))) ports.onFenced();
      } catch (error) {
        ports.log.error('The reason could not be noted', { recordId, fileId: file.fileId, cause: error });
      }
    },
    tidied: async (work) => {
      try {
        await work();
      } catch (cause) {
        ports.log.warn('Work objects of a closed file were left behind', { recordId, cause });
      }
    },
  };
};
