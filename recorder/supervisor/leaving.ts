import { endReason } from '../../shared/recordings/end-reason.ts';
import type { RecordingInput } from '../../shared/recordings/machine.ts';
import type { Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Lease, Recorders } from '../../shared/table/recorders.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import { FENCED } from '../capture/capture.ts';
import type { Log } from '../log.ts';
import { pause } from './pause.ts';
import type { Stop } from './run-recording.ts';

const LOOK_MS = 500;

/** Between two looks for somebody who could take over. */
const LOOK_FOR_SUCCESSORS_MS = 1000;

/** How long an offer stands before it is taken back. */
const UNCLAIMED_MS = 30_000;

/** How long it is waited for media of the next recorder. */
const LONGEST_MS = 45_000;

/** What a recorder that leaves does next with one recording. */
export type LeavingStep =
  | { type: 'wait' }
  /** The next one has media: it ends at the next key frame. */
  | { type: 'cut' }
  | { type: 'end'; reason: Reason }
  /** It belongs to others altogether. */
  | { type: 'drop' };

/**
 * What is to be done with a recording that was offered under `epoch`. Pure.
 * @param isAlone there is nobody who could take over
 */
export const leavingStep = (
  recording: Recording | undefined,
  { epoch, waitedMs, isAlone }: { epoch: number; waitedMs: number; isAlone: boolean },
): LeavingStep => {
  const drained = endReason('recorder-drained');
  if (recording === undefined) return { type: 'drop' };
  const { handover, state } = recording;
  const isOwn = recording.epoch === epoch;
  if (handover?.epoch !== epoch && !isOwn) return { type: 'drop' };
  // Somebody has ended it, through the next owner.
  if (state !== 'recording') return { type: 'end', reason: recording.reason ?? drained };
  // Only the next owner was told.
  if (recording.stopping !== undefined) return { type: 'end', reason: recording.stopping };
  if (handover?.receiving === true) return { type: 'cut' };
  const isLate = waitedMs >= LONGEST_MS || (isOwn && waitedMs >= UNCLAIMED_MS);
  return isLate || isAlone ? { type: 'end', reason: drained } : { type: 'wait' };
};

/** Recorders that could take over from this one. Pure. */
export const successorsOf = (leases: readonly Lease[], recorderId: string): Lease[] =>
  leases.filter((lease) => lease.recorderId !== recorderId && lease.lost !== true && lease.leaving !== true);

/** How many slots they have for what they could take over. Pure. */
export const freeSlots = (leases: readonly Lease[]): number =>
  leases.reduce((sum, { slots, busy }) => sum + Math.max(0, slots - busy), 0);

/** Those that others have room for, the first ones first. Pure. */
export const fitting = <Run extends Pick<LeavingRun, 'weight'>>(
  runs: readonly Run[],
  free: number,
): Run[] => {
  let left = free;
  return runs.filter(({ weight }) => {
    if (weight > left) return false;
    left -= weight;
    return true;
  });
};

/** One recording of a recorder that leaves. */
export interface LeavingRun {
  /** Slots that it takes. */
  readonly weight: number;
  readonly recording: Pick<Recording, 'recordId' | 'epoch'>;
  readonly stop: Stop;
  /** Aborted when it is to end at its next key frame, because the next recorder has begun. */
  readonly cut: AbortController;
  readonly done: Promise<void>;
}

export interface LeavingPorts {
  readonly recorderId: string;
  readonly recorders: Pick<Recorders, 'leave' | 'leases'>;
  readonly recordings: Pick<Recordings, 'get'>;
  readonly log: Log;
  decide(recordId: string, input: RecordingInput): Promise<Recording | undefined>;
}

/**
 * Hands over what this recorder records, as far as others have free slots: each recording goes on here until the next
 * recorder has its media. The rest ends at once. Resolves when every run is over; never rejects.
 */
export const leaveAll = async (ports: LeavingPorts, runs: readonly LeavingRun[]): Promise<void> => {
  const { recorderId, recorders, recordings, log } = ports;
  const since = performance.now();
  let isAlone = false;

  const drain = ({ stop }: LeavingRun): void => stop.abort(endReason('recorder-drained'));

  const offer = async ({ recording: { recordId, epoch } }: LeavingRun): Promise<boolean> => {
    const at = new Date().toISOString();
    const offered = await ports.decide(recordId, { type: 'handover.offered', epoch, owner: recorderId, at });
    return offered?.handover?.epoch === epoch;
  };

  /** @returns false when nothing more is to be waited for */
  const step = async (run: LeavingRun): Promise<boolean> => {
    const { recordId, epoch } = run.recording;
    const recording = await recordings.get(recordId);
    const next = leavingStep(recording, { epoch, waitedMs: performance.now() - since, isAlone });
    switch (next.type) {
      case 'wait':
        return true;
      case 'cut':
        run.cut.abort();
        // The recording may be ended while the key frame is waited for.
        return true;
      case 'end':
        run.stop.abort(next.reason);
        return false;
      case 'drop':
        run.stop.abort(FENCED);
        return false;
    }
  };

  const handOver = async (run: LeavingRun): Promise<void> => {
    const { recordId } = run.recording;
    let isDone = false;
    const done = run.done.finally(() => {
      isDone = true;
    });
    if (!(await offer(run))) return drain(run);
    for (;;) {
      await Promise.race([pause(LOOK_MS), done]);
      if (isDone) return;
      const goesOn = await step(run).catch((cause: unknown) => {
        log.warn('A recording that is handed over could not be looked up', { recordId, cause });
        // The table may be away for as long as it likes, but this process may not stay.
        return performance.now() - since < LONGEST_MS;
      });
      if (!goesOn) return drain(run);
    }
  };

  const successors = async (): Promise<Lease[]> => successorsOf(await recorders.leases(), recorderId);

  const free = await recorders
    .leave(recorderId)
    .then(successors)
    .then(freeSlots)
    .catch((cause: unknown) => {
      log.warn('Nobody could be found to hand over to', { recorderId, cause });
      return 0;
    });
  const timer = setInterval(() => {
    // Those that were there may be leaving as well.
    successors()
      .then((found) => {
        isAlone = found.length === 0;
      })
      .catch((cause: unknown) => log.warn('Leases could not be read', { recorderId, cause }));
  }, LOOK_FOR_SUCCESSORS_MS);
  const offered = fitting(runs, free);
  for (const run of runs) if (!offered.includes(run)) drain(run);
  const handedOver = offered.map((run) =>
    handOver(run).catch((cause: unknown) => {
      log.error('A recording could not be handed over', { recordId: run.recording.recordId, cause });
      drain(run);
    }),
  );
  await Promise.all(handedOver);
  await Promise.allSettled(runs.map(({ done }) => done));
  clearInterval(timer);
};
