import type { UploadRetry } from '../../shared/events/upload-retries.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import type { Files } from '../../shared/table/files.ts';
import type { Log } from '../log.ts';
import { pause } from './pause.ts';

/** How long whoever took the recording from its last owner is given to have that one's files closed. */
const LOOK_MS = 60_000;

export interface LeftFilesPorts {
  readonly files: Pick<Files, 'list'>;
  readonly log: Log;
  /** Has a file closed whose recorder is gone. */
  uploadRetry(retry: UploadRetry): Promise<void>;
}

/** Files that an earlier owner has left open; the playlist is gone on with. Pure. */
const leftOpen = (files: readonly RecordingFile[], epoch: number): RecordingFile[] =>
  files.filter((file) => file.state === 'recording' && file.format !== 'hls' && file.epoch < epoch);

/**
 * Has the files closed that earlier owners of a recording have left open, again and again until they are: the message
 * that asked for it when the recording changed hands may be lost. Costs nothing when there are none.
 * @param files of the recording, as this owner has found them
 * @param run aborted when the recording is over here: whoever completes it looks at all of its files
 */
export const closeLeftFiles = async (
  ports: LeftFilesPorts,
  { recordId, epoch }: Pick<Recording, 'recordId' | 'epoch'>,
  files: readonly RecordingFile[],
  run: AbortSignal,
): Promise<void> => {
  for (let left = leftOpen(files, epoch); left.length > 0; ) {
    await pause(LOOK_MS, run);
    if (run.aborted) return;
    try {
      left = leftOpen(await ports.files.list(recordId), epoch);
      for (const { fileId } of left) await ports.uploadRetry({ recordId, fileId });
    } catch (cause) {
      ports.log.warn('Files of an earlier owner could not be looked after', { recordId, cause });
    }
  }
};
