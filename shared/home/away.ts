import { endReason } from '../recordings/end-reason.ts';
import type { Away, Location, Reason, RecordingFile } from '../schemas/recording.ts';
import type { StorageError } from '../storage/object-store.ts';

/** Longer than one run can take, so that nobody else begins meanwhile. */
const WORK_SECONDS = 16 * 60;
/** What is queued should be taken up by then. */
const QUEUE_SECONDS = 15 * 60;

const FIRST_PAUSE_SECONDS = 60;
const LONGEST_PAUSE_SECONDS = 15 * 60;

/** How long a storage that has refused so many times in a row is left in peace. */
export const pauseSeconds = (failures: number): number =>
  Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (failures - 1));

const after = (now: Date, seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();

export type AwayFile = RecordingFile & { readonly away: Away };

/** Whether it is to be brought home: nobody writes to it any more, and something of it is elsewhere, or still open. */
export const isAway = (file: RecordingFile): file is AwayFile =>
  file.away !== undefined && (file.state === 'ready' || file.state === 'waiting');

/** Whether a message that was queued for `dueAt` still holds; one without that holds when the file is due. */
export const isTurnOf = ({ away }: AwayFile, dueAt: string | undefined, now: Date): boolean =>
  dueAt === undefined ? away.dueAt <= now.toISOString() : dueAt === away.dueAt;

export const claimedAt = (file: AwayFile, now: Date): AwayFile => ({
  ...file,
  away: { ...file.away, dueAt: after(now, WORK_SECONDS) },
});

/** Put into the queue, for the moment that its message names. */
export const queuedAt = (file: AwayFile, now: Date): AwayFile => ({
  ...file,
  away: { ...file.away, dueAt: after(now, QUEUE_SECONDS) },
});

const withPlaces = (
  file: RecordingFile,
  now: Date,
  reason: Reason,
  found: readonly Location[] = [],
): AwayFile => {
  const places = new Set([...(file.away?.places ?? []), file.location, ...found]);
  const since = file.away?.since ?? now.toISOString();
  return {
    ...file,
    away: {
      ...{ since, dueAt: after(now, WORK_SECONDS), failures: 0, reason },
      ...file.away,
      places: [...places].filter((place) => place !== 'primary'),
    },
  };
};

/** Why a storage does not do what it is asked to, in plain words. */
export const refusalOf = ({ kind, message, bucket }: StorageError): Reason => {
  const text = bucket === undefined ? message : `${message} (bucket ${bucket})`;
  return endReason(kind === 'denied' ? 'storage-denied' : 'storage-failed', text);
};

/** As it waits for a storage that has refused. */
export const refusedAt = (file: RecordingFile, reason: Reason, now: Date): AwayFile => {
  const waiting = withPlaces(file, now, reason);
  const failures = waiting.away.failures + 1;
  return {
    ...waiting,
    state: file.state === 'recording' ? 'waiting' : file.state,
    away: { ...waiting.away, failures, reason, dueAt: after(now, pauseSeconds(failures)) },
  };
};

/** As it waits for the next run, which goes on where this one ran out of time. */
export const unfinishedAt = (file: RecordingFile, now: Date): AwayFile => {
  const waiting = withPlaces(file, now, endReason('recorder-lost'));
  return queuedAt({ ...waiting, state: file.state === 'recording' ? 'waiting' : file.state }, now);
};

/** Closed at `file.location`, with something of it still at the places that it was found in, and nobody told yet. */
export const closedAway = (file: RecordingFile, found: readonly Location[], now: Date): RecordingFile => {
  const isAtHome = file.location === 'primary' && found.length === 0 && (file.away?.places.length ?? 0) === 0;
  if (isAtHome) {
    const { away: _, ...rest } = file;
    return rest;
  }
  const closed = withPlaces(file, now, endReason('recorder-lost'), found);
  return { ...closed, away: { ...closed.away, untold: true } };
};
