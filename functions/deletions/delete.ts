import { type DeletionPorts, deleteRecording } from '../../shared/deletion/delete-recording.ts';
import type { DeletionJob } from '../../shared/events/deletion-jobs.ts';
import type { Telemetry } from '../common/telemetry.ts';

/**
 * Deletes what is to be deleted of a recording. That a storage refuses is no failure of the message: the recording
 * says so, and when it is tried again.
 */
export const createDeletions =
  ({ telemetry: { log, count }, ...ports }: DeletionPorts & { readonly telemetry: Telemetry }) =>
  async ({ recordId }: DeletionJob): Promise<void> => {
    const outcome = await deleteRecording(ports, recordId);
    switch (outcome.type) {
      case 'deleted':
        count('RecordingsDeleted');
        log.info('A recording was deleted', { recordId, files: outcome.files });
        break;
      case 'expired':
        count('RecordingsExpired');
        log.info('The objects of a recording were deleted: its retention time was over', {
          recordId,
          files: outcome.files,
        });
        break;
      case 'refused':
        count('DeletionsRefused');
        log.warn(`A storage refuses a deletion: ${outcome.reason.text}`, {
          recordId,
          nextTryAt: outcome.nextTryAt,
        });
        break;
      case 'void':
        break;
    }
  };
