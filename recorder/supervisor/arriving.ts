import type { RecordingInput } from '../../shared/recordings/machine.ts';
import type { Handover, Recording } from '../../shared/schemas/recording.ts';
import type { Recorders } from '../../shared/table/recorders.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Arrival, Beginning } from '../capture/arrival.ts';
import type { Log } from '../log.ts';
import { pause } from './pause.ts';

/** Between two looks while media wait for the one that leaves; and afterwards, until that has said its last word. */
const LOOK_MS = 500;
const LATER_LOOK_MS = 10_000;

/** Every so many looks it is made sure that the one that leaves is still alive. */
const LOOKS_PER_LEASE = 8;

/** How long it is waited for the one that leaves. */
const LONGEST_MS = 45_000;

export interface ArrivingPorts {
  readonly recorderId: string;
  readonly recordings: Pick<Recordings, 'get' | 'setReceiving'>;
  readonly recorders: Pick<Recorders, 'get'>;
  readonly log: Log;
  decide(recordId: string, input: RecordingInput): Promise<Recording | undefined>;
}

/** What a look at a recording has shown to the recorder that arrives. */
export type Sight =
  | { type: 'wait' }
  | { type: 'begin'; fingerprint?: string | undefined; isSettled: boolean }
  /** It has ended, or belongs to somebody else. */
  | { type: 'gone' };

/** What the recording says to its owner of `epoch` about the one before it. Pure. */
export const sightOf = (recording: Recording | undefined, epoch: number): Sight => {
  if (recording === undefined || recording.state !== 'recording' || recording.epoch !== epoch) {
    return { type: 'gone' };
  }
  const { handover } = recording;
  if (handover === undefined) return { type: 'begin', isSettled: true };
  if (handover.over === undefined) return { type: 'wait' };
  return { type: 'begin', fingerprint: handover.over.fingerprint, isSettled: handover.left === true };
};

/**
 * Looks after a recording that another recorder is leaving, until that has said its last word or is gone.
 * @param run aborted when the recording is over here
 * @param onGone it has ended or belongs to somebody else: nothing of it may be recorded any more
 */
export const awaitPredecessor = (
  ports: ArrivingPorts,
  { recordId, epoch }: Recording,
  handover: Handover,
  run: AbortSignal,
  onGone: () => void,
): Arrival => {
  const { log } = ports;
  const { promise: begins, resolve } = Promise.withResolvers<Beginning | undefined>();
  const since = performance.now();
  let hasBegun = false;
  const begin = (fingerprint: string | undefined): void => {
    hasBegun = true;
    resolve(fingerprint === undefined ? {} : { fingerprint });
  };
  if (handover.over !== undefined) begin(undefined);

  const goOnWithout = async (): Promise<void> => {
    const at = new Date().toISOString();
    await ports.decide(recordId, { type: 'handover.ended', epoch: handover.epoch, at });
    begin(undefined);
  };

  const isAlive = async (): Promise<boolean> => {
    const lease = await ports.recorders.get(handover.owner);
    return lease !== undefined && lease.lost !== true;
  };

  /** @returns whether the one that leaves has nothing more to say */
  const look = async (number: number): Promise<boolean> => {
    const sight = sightOf(await ports.recordings.get(recordId), epoch);
    if (sight.type === 'gone') {
      onGone();
      return true;
    }
    if (sight.type === 'begin') {
      begin(sight.fingerprint);
      if (sight.isSettled) return true;
    }
    const isLate = !hasBegun && performance.now() - since >= LONGEST_MS;
    const isLeaseDue = hasBegun || number % LOOKS_PER_LEASE === 0;
    if (!isLate && (!isLeaseDue || (await isAlive()))) return false;
    await goOnWithout();
    return true;
  };

  const watch = async (): Promise<void> => {
    for (let number = 1; ; number += 1) {
      await pause(hasBegun ? LATER_LOOK_MS : LOOK_MS, run);
      if (run.aborted) return;
      try {
        if (await look(number)) return;
      } catch (cause) {
        log.warn('A recording that is taken over could not be looked up', { recordId, cause });
      }
    }
  };
  // Nobody has begun when the recording was over before.
  void watch().finally(() => resolve(undefined));

  let isReceiving = false;
  return {
    begins,
    receiving: () => {
      if (isReceiving) return;
      isReceiving = true;
      ports.recordings.setReceiving(recordId, epoch).catch((cause: unknown) => {
        // The one that leaves ends by itself when it has waited long enough.
        log.warn('That media have come could not be noted', { recordId, cause });
      });
    },
  };
};
