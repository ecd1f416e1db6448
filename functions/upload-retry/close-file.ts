import { sealAbandoned } from '../../shared/closing/seal.ts';
import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import type { UploadRetry } from '../../shared/events/upload-retries.ts';
import {
  type AwayFile,
  claimedAt,
  isAway,
  isTurnOf,
  refusalOf,
  refusedAt,
  unfinishedAt,
} from '../../shared/home/away.ts';
import { bringHome, type HomePorts } from '../../shared/home/bring-home.ts';
import { OutOfTimeError } from '../../shared/home/copy.ts';
import { createHold, type Hold, LostError } from '../../shared/home/hold.ts';
import type { WorkQueues } from '../../shared/recordings/queues.ts';
import { announce } from '../../shared/recordings/transition.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { StorageError } from '../../shared/storage/object-store.ts';
import type { Notices } from '../../shared/table/notices.ts';
import type { Telemetry } from '../common/telemetry.ts';

export interface UploadRetryPorts extends Omit<HomePorts, 'tellClosed' | 'announce' | 'hasTime'> {
  readonly notices: Notices;
  readonly queues: Pick<WorkQueues, 'completion' | 'uploadRetry'>;
  queueRecordingEvent(event: RecordingEvent): Promise<void>;
  readonly telemetry: Telemetry;
}

/** The file as nobody else has it; undefined when somebody else does, or when nothing is to be done for it. */
const take = async (
  { files, now }: UploadRetryPorts,
  recording: Recording,
  file: RecordingFile,
  dueAt: string | undefined,
): Promise<RecordingFile | undefined> => {
  if (file.state === 'recording') return sealAbandoned(files, recording, file);
  if (!isAway(file) || !isTurnOf(file, dueAt, now())) return undefined;
  const claimed = claimedAt(file, now());
  return (await files.replace(claimed, file)) ? claimed : undefined;
};

/** A storage does not do what it should: the file waits, and says why. No message needs to come again for that. */
const noteRefusal = async (ports: UploadRetryPorts, hold: Hold, error: StorageError): Promise<void> => {
  const { recordId, fileId, away } = hold.file;
  const reason = refusalOf(error);
  const next = refusedAt(hold.file, reason, ports.now());
  await hold.write(next);
  ports.telemetry.count('HomecomingsRefused');
  ports.telemetry.log.warn(`A storage does not take a file back: ${reason.text}`, {
    ...{ recordId, fileId, failures: next.away.failures, nextTryAt: next.away.dueAt },
  });
  if (away?.reason.text !== reason.text) await ports.recordings.setStorageTrouble(recordId, reason);
};

/** Has the next run go on where this one must end. */
const goOnLater = async (ports: UploadRetryPorts, hold: Hold): Promise<void> => {
  const next: AwayFile = unfinishedAt(hold.file, ports.now());
  await hold.write(next);
  const { recordId, fileId, away } = next;
  await ports.queues.uploadRetry({ recordId, fileId, dueAt: away.dueAt });
};

/**
 * Closes a file for its recorder, which is gone, and says so as the recorder would have; or brings one home that is
 * away. A file that was closed before is told of again: whoever closed it may have ended before that. A storage that
 * does not answer is no failure of the message: the table says when it is tried again.
 */
export const createUploadRetry = (ports: UploadRetryPorts) => {
  const { files, recordings, telemetry, now } = ports;

  const tellClosed = async ({ epoch, captures }: Recording, file: RecordingFile): Promise<void> => {
    const { recordId, fileId } = file;
    const at = file.readyAt ?? now().toISOString();
    await ports.queueRecordingEvent({ type: 'file.closed', recordId, epoch, capture: captures, fileId, at });
  };

  const log = (message: string, { recordId, fileId, format, state, key }: RecordingFile): void =>
    telemetry.log.info(message, { recordId, fileId, format, state, key });

  /** So that its message may come again. */
  const giveBack = async (hold: Hold, dueAt: string | undefined): Promise<void> => {
    const { away } = hold.file;
    if (away !== undefined && dueAt !== undefined)
      await hold.write({ ...hold.file, away: { ...away, dueAt } });
  };

  const run = async (
    recording: Recording,
    { taken, dueAt, hasTime }: { taken: RecordingFile; dueAt: string | undefined; hasTime(): boolean },
  ): Promise<void> => {
    const hold = createHold(files, taken);
    const homePorts: HomePorts = {
      ...ports,
      hasTime,
      tellClosed: (file) => tellClosed(recording, file),
      announce: (notice) => announce(ports, notice),
    };
    try {
      await bringHome(homePorts, recording, hold);
    } catch (error) {
      if (error instanceof OutOfTimeError) await goOnLater(ports, hold);
      else if (error instanceof StorageError) await noteRefusal(ports, hold, error);
      else {
        if (!(error instanceof LostError)) await giveBack(hold, dueAt);
        throw error;
      }
      // Nothing else keeps its recording from completing.
      if (taken.state === 'recording') await tellClosed(recording, hold.file);
      return;
    }
    if (taken.state === 'recording') {
      telemetry.count('FilesClosedForLostRecorders');
      log('A file was closed for a recorder that is gone', hold.file);
    }
    if (taken.away === undefined) return;
    telemetry.count('FilesBroughtHome');
    log('A file is home', hold.file);
  };

  return async ({ recordId, fileId, dueAt }: UploadRetry, hasTime: () => boolean): Promise<void> => {
    const recording = await recordings.get(recordId);
    // It has been deleted since, files and all, or is about to be.
    if (recording === undefined || recording.deletion !== undefined) return;
    const file = await files.get(recordId, fileId);
    if (file === undefined) return;
    const taken = await take(ports, recording, file, dueAt);
    if (taken !== undefined) {
      return run(recording, { taken, dueAt: file.away?.dueAt, hasTime }).catch((error: unknown) => {
        // Whoever has it now goes on with it.
        if (!(error instanceof LostError)) throw error;
      });
    }
    const isClosed = file.state === 'failed' || (file.state === 'ready' && file.away === undefined);
    if (isClosed) await tellClosed(recording, file);
  };
};
