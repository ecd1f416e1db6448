import type { AddressedCommand, Recorders } from '../../shared/table/recorders.ts';
import type { Log } from '../log.ts';
import { createFence, type Fence } from './fence.ts';

/** A quarter of the lease: three heartbeats may fail before anyone takes over. */
const HEARTBEAT_MS = 2000;

/** While a command is waited for that a stream must not wait for. */
const HURRIED_MS = 500;
const HURRIED_PER_HEARTBEAT = HEARTBEAT_MS / HURRIED_MS;

export interface LeaseOptions {
  readonly recorderId: string;
  readonly slots: number;
  readonly recorders: Recorders;
  readonly log: Log;
  busy(): number;
  /** Whether a recording waits for a command. */
  isAwaiting(): boolean;
  onCommand(command: AddressedCommand): void;
  /** Somebody has taken this recorder for dead: everything it records belongs to others now. */
  onLost(): void;
  /** After each heartbeat that held, but not while it still runs, nor more often for commands. Its failure is logged. */
  onBeat(): Promise<void>;
}

export interface Lease {
  readonly fence: Fence;
  /** Gives the lease up; resolves when the table says so. */
  release(): Promise<void>;
  /** Renews it no longer, so that others take over what this recorder leaves behind. */
  lapse(): Promise<void>;
}

/** Registers this recorder and keeps its lease: one write per heartbeat, however many captures there are, and wait. */
export const holdLease = async (options: LeaseOptions): Promise<Lease> => {
  const { recorderId, recorders, log } = options;
  const monotonicNow = () => performance.now();
  const fence = createFence(monotonicNow);
  const registeredAt = monotonicNow();
  await recorders.register(recorderId, options.slots, new Date());
  fence.confirmed(registeredAt);
  let done: AddressedCommand[] = [];
  let running: Promise<void> | undefined;
  let ticks = 0;
  let isFollowDue = false;
  let afterBeat: Promise<void> | undefined;

  // Not part of the beat: what takes long must not cost the lease.
  const followUp = (): void => {
    if (!isFollowDue) return;
    isFollowDue = false;
    afterBeat ??= options
      .onBeat()
      .catch((cause: unknown) => log.error('What follows a heartbeat failed', { recorderId, cause }))
      .finally(() => {
        afterBeat = undefined;
      });
  };

  const beat = async (): Promise<void> => {
    const acknowledged = done;
    const sentAt = monotonicNow();
    done = [];
    const answer = await recorders.heartbeat(recorderId, options.busy(), acknowledged, new Date());
    if (answer === 'lost') return options.onLost();
    fence.confirmed(sentAt);
    for (const command of answer) {
      options.onCommand(command);
      done.push(command);
    }
    followUp();
  };
  const timer = setInterval(() => {
    ticks += 1;
    const isDue = ticks % HURRIED_PER_HEARTBEAT === 0;
    isFollowDue ||= isDue;
    if (!isDue && !options.isAwaiting()) return;
    // One that is under way says all that another one could.
    running ??= beat()
      .catch((cause: unknown) => log.error('A heartbeat failed', { recorderId, cause }))
      .finally(() => {
        running = undefined;
      });
  }, HURRIED_MS);

  const lapse = async (): Promise<void> => {
    clearInterval(timer);
    await running;
    await afterBeat;
    fence.stop();
  };

  return {
    fence,
    lapse,
    release: async () => {
      await lapse();
      await recorders.remove(recorderId);
    },
  };
};
