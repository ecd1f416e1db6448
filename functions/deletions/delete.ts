import { deleteImage, type ImageDeletionPorts } from '../../shared/deletion/delete-image.ts';
import { type DeletionPorts, deleteRecording } from '../../shared/deletion/delete-recording.ts';
import { tidyRecording } from '../../shared/deletion/tidy-recording.ts';
import type { DeletionJob } from '../../shared/events/deletion-jobs.ts';
import type { Telemetry } from '../common/telemetry.ts';

export interface DeletionJobPorts extends DeletionPorts, Pick<ImageDeletionPorts, 'table'> {
  readonly telemetry: Telemetry;
}

/**
 * Deletes what is to be deleted of a recording, or clears away what was left of one that has ended; or deletes an image
 * that is no longer used. That a storage refuses is no failure of the message about a recording: the recording says so,
 * and when it is tried again.
 */
export const createDeletions = ({ telemetry: { log, count }, ...ports }: DeletionJobPorts) => {
  const tidyUp = async (recordId: string): Promise<void> => {
    const outcome = await tidyRecording(ports, recordId);
    if (outcome.type === 'put-off' && outcome.reason !== undefined) {
      log.warn(`A storage does not let go what was left of a recording: ${outcome.reason.text}`, {
        recordId,
        nextTryAt: outcome.nextTryAt,
      });
    }
    if (outcome.type !== 'tidied' || outcome.objects === 0) return;
    count('RecordingsTidied');
    log.info('What was left of a recording that has ended was cleared away', {
      recordId,
      objects: outcome.objects,
    });
  };

  return async (job: DeletionJob): Promise<void> => {
    if ('image' in job) {
      const { image } = job;
      const { table, storeOf, spool, now } = ports;
      const result = await deleteImage({ table, store: storeOf(spool), now }, image);
      if (result === 'deleted') log.info('An image that is not used any more was deleted', { ...image });
      return;
    }
    const { recordId } = job;
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
        await tidyUp(recordId);
        break;
    }
  };
};
