import type { SendRecordingEvent } from '../../shared/recordings/event-queue.ts';
import type { Files } from '../../shared/table/files.ts';
import { forEach } from './for-each.ts';

export interface UntoldFilePorts {
  readonly files: Pick<Files, 'untold'>;
  readonly queueRecordingEvent: SendRecordingEvent;
  now(): Date;
}

/** Seconds that the event of whoever opened or closed a file is given. */
const EVENT_SECONDS = 60;

/** Of one sweep. Those that are left over are the oldest of the next one. */
const MOST_AT_ONCE = 5000;

/** Queues the events of files again that were opened or closed, and that nobody has been told of. */
export const tellOfUntoldFiles = async ({
  files,
  queueRecordingEvent,
  now,
}: UntoldFilePorts): Promise<unknown[]> => {
  const since = new Date(now().getTime() - EVENT_SECONDS * 1000);
  return forEach(await files.untold(since, MOST_AT_ONCE), ({ recordId, fileId, state }) =>
    queueRecordingEvent({
      type: state === 'recording' ? 'file.opened' : 'file.closed',
      recordId,
      fileId,
      at: now().toISOString(),
    }),
  );
};
