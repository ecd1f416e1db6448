import type { AddressedCommand, Recorders } from '../../shared/table/recorders.ts';
import type { Log } from '../log.ts';

/** A quarter of the lease: three heartbeats may fail before anyone takes over. */
const HEARTBEAT_MS = 2000;

export interface LeaseOptions {
  readonly recorderId: string;
  readonly slots: number;
  readonly recorders: Recorders;
  readonly log: Log;
  busy(): number;
  onCommand(command: AddressedCommand): void;
  /** Somebody has taken this recorder for dead: everything it records belongs to others now. */
  onLost(): void;
  /** After each heartbeat that held, but not while it still runs. Its failure is logged. */
  onBeat(): Promise<void>;
}

export interface Lease {
  /** Gives the lease up; resolves when the table says so. */
  release(): Promise<void>;
}

/** Registers this recorder and keeps its lease: one write per heartbeat, however many captures there are. */
export const holdLease = async (options: LeaseOptions): Promise<Lease> => {
  const { recorderId, recorders, log } = options;
  await recorders.register(recorderId, options.slots, new Date());
  let done: AddressedCommand[] = [];
  let running: Promise<void> = Promise.resolve();
  let afterBeat: Promise<void> | undefined;

  // Not part of the beat: what takes long must not cost the lease.
  const followUp = (): void => {
    afterBeat ??= options
      .onBeat()
      .catch((cause: unknown) => log.error('What follows a heartbeat failed', { recorderId, cause }))
      .finally(() => {
        afterBeat = undefined;
      });
  };

  const beat = async (): Promise<void> => {
    const acknowledged = done;
    done = [];
    const answer = await recorders.heartbeat(recorderId, options.busy(), acknowledged, new Date());
    if (answer === 'lost') return options.onLost();
    for (const command of answer) {
      options.onCommand(command);
      done.push(command);
    }
    followUp();
  };
  const timer = setInterval(() => {
    running = running
      .then(beat)
      .catch((cause: unknown) => log.error('A heartbeat failed', { recorderId, cause }));
  }, HEARTBEAT_MS);

  return {
    release: async () => {
      clearInterval(timer);
      await running;
      await afterBeat;
      await recorders.remove(recorderId);
    },
  };
};
