import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import { StorageError } from '../../shared/storage/object-store.ts';

/** Why something could not be stored, in words for its owner. */
export const storageReason = (cause: unknown): Reason =>
  cause instanceof StorageError && cause.kind === 'denied'
    ? endReason('storage-denied', cause.message)
    : endReason('storage-failed', cause instanceof Error ? cause.message : String(cause));
