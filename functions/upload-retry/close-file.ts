import { type ClosingPorts, closeAbandoned } from '../../shared/closing/close-abandoned.ts';
import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import type { UploadRetry } from '../../shared/events/upload-retries.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Telemetry } from '../common/telemetry.ts';

export interface UploadRetryPorts extends ClosingPorts {
  readonly recordings: Pick<Recordings, 'get'>;
  queueRecordingEvent(event: RecordingEvent): Promise<void>;
  readonly telemetry: Telemetry;
}

/**
 * Closes a file for its recorder, which is gone, and says so as the recorder would have. A file that was closed
 * before is told of again: whoever closed it may have ended before that. Throws while the storage does not answer;
 * the queue brings the message back, and the sweeper brings it anew.
 */
export const createUploadRetry =
  (ports: UploadRetryPorts) =>
  async ({ recordId, fileId }: UploadRetry): Promise<void> => {
    const recording = await ports.recordings.get(recordId);
    // It has been deleted since, files and all.
    if (recording === undefined) return;
    const closed = await closeAbandoned(ports, recording, fileId);
    if (closed !== undefined) {
      ports.telemetry.count('FilesClosedForLostRecorders');
      const { format, state, key } = closed;
      ports.telemetry.log.info('A file was closed for a recorder that is gone', {
        recordId,
        fileId,
        format,
        state,
        key,
      });
    }
    const file = closed ?? (await ports.files.get(recordId, fileId));
    if (file === undefined || file.state === 'recording') return;
    const { epoch, captures: capture } = recording;
    const at = file.readyAt ?? ports.now().toISOString();
    await ports.queueRecordingEvent({ type: 'file.closed', recordId, epoch, capture, fileId, at });
  };
