import { setTimeout as wait } from 'node:timers/promises';
import type { Reason } from '../../shared/schemas/recording.ts';
import { type ObjectStore, StorageError } from '../../shared/storage/object-store.ts';
import { FencedError } from '../files/ledger.ts';
import type { Fence } from '../supervisor/fence.ts';
import type { Rung } from './rungs.ts';
import { storageReason } from './storage-reason.ts';

/** Of the time that a storage is tried: the pauses between tries, from the first to the longest; 0.2 s and 5 s of 20 s. */
const FIRST_PAUSE = 1 / 100;
const LONGEST_PAUSE = 1 / 4;
/** And how often one that was given up is tried again, whether or not there is something to write. */
const PROBE = 1 / 2;
/** On top of its time, a try gets the time that its bytes take at this rate. */
const SLOWEST_BYTES_PER_MS = 512;

/** One way to get something done, at one storage. */
export interface Way<Result> {
  readonly rung: Rung;
  /** May be run several times. What it is given ends when its time is over. */
  run(store: ObjectStore): Promise<Result>;
}

export interface Done<Result> {
  readonly rung: Rung;
  readonly result: Result;
  /** Storages that were given up before, and may have done it all the same: perhaps only their answer was lost. */
  readonly doubtful: readonly Rung[];
}

export interface LadderOptions {
  /** Best first. */
  readonly rungs: readonly [Rung, ...Rung[]];
  /** How long a storage is tried before it is given up for the next one. */
  readonly failoverMs: number;
  /** Aborted when the recording has another owner: nothing is written any more. */
  readonly signal: AbortSignal;
  /** Key of a small object with which a storage that was given up is tried. */
  readonly probeKey: string;
  readonly fence: Fence;
  onRetry(error: StorageError, rung: Rung): void;
  /** Another storage is being written to, or the same again; `reason` says why it is not the best one. */
  onChange(rung: Rung, reason: Reason | undefined): void;
}

/**
 * The storages of one recording, best first. What one does not take within its time goes to the next one; when none
 * takes it, all are tried in turn until one does. One storage that was given up is given up for everything that this
 * recording writes, until it answers again.
 */
export interface Ladder {
  readonly rungs: readonly Rung[];
  /** Where something new belongs now. */
  current(): Rung;
  isDown(rung: Rung): boolean;
  /** Why a storage was given up; undefined while it is not. */
  whyDown(rung: Rung): Reason | undefined;
  /**
   * Gets one of these done, the first that is possible; does not end before that.
   * @throws FencedError, and what is an answer rather than a fault: `StorageError` of kind `conflict`
   */
  first<Result>(ways: readonly Way<Result>[], bytes?: number): Promise<Done<Result>>;
  /**
   * The same at one storage alone, for so long.
   * @throws the last StorageError when that time is over, and as `first`
   */
  at<Result>(way: Way<Result>, patienceMs?: number): Promise<Result>;
  /** Tries nothing by itself any more, and clears away what it has tried with. Never rejects. */
  stop(): Promise<void>;
}

/** An error that another try may pass; what is thrown else goes to whoever asked. */
const isFault = (error: unknown): error is StorageError =>
  error instanceof StorageError && error.kind !== 'conflict';

export const createLadder = (options: LadderOptions): Ladder => {
  const { rungs, failoverMs, signal, fence } = options;
  const [best] = rungs;
  const longer = (pause: number): number => Math.min(pause * 2, failoverMs * LONGEST_PAUSE);
  const down = new Map<Rung, Reason>();
  let told: { rung: Rung; reason: Reason | undefined } = { rung: best, reason: undefined };
  let probing: NodeJS.Timeout | undefined;
  /** Those that are under way. */
  let probes: Promise<unknown> = Promise.resolve();
  /** Where the object may still be with which a storage was tried: perhaps only the answer was lost. */
  const littered = new Set<Rung>();

  const current = (): Rung => rungs.find((rung) => !down.has(rung)) ?? best;
  const tell = (): void => {
    const [rung, reason] = [current(), down.get(best)];
    if (told.rung === rung && told.reason === reason) return;
    told = { rung, reason };
    options.onChange(rung, reason);
  };

  /** One try. @throws FencedError, StorageError, or whatever else it throws */
  const attempt = async <Result>({ rung, run }: Way<Result>, ms: number): Promise<Result> => {
    for (;;) {
      if (signal.aborted) throw new FencedError('Another recorder has this recording now.');
      await fence.held();
      const doubt = fence.doubt();
      const timeout = AbortSignal.timeout(Math.ceil(ms));
      try {
        return await run(rung.store.within(AbortSignal.any([signal, doubt, timeout])));
      } catch (error) {
        // What was broken off because the lease was in doubt is no fault of the storage.
        if (!signal.aborted && !(doubt.aborted && isFault(error))) throw error;
      }
    }
  };

  const isUp = (rung: Rung): void => {
    if (down.delete(rung)) tell();
  };
  const giveUp = (rung: Rung, error: StorageError): void => {
    if (down.has(rung)) return;
    down.set(rung, storageReason(error));
    tell();
    probe();
  };

  const probed = async (rung: Rung): Promise<void> => {
    const run = async (store: ObjectStore): Promise<void> => {
      littered.add(rung);
      await store.put(options.probeKey, Buffer.alloc(0));
      await store.delete(options.probeKey);
      littered.delete(rung);
    };
    try {
      await attempt({ rung, run }, failoverMs);
      isUp(rung);
    } catch (error) {
      if (!isFault(error)) throw error;
    }
  };
  const probe = (): void => {
    probing ??= setTimeout(async () => {
      // What is thrown else is that the recording has another owner: then nothing is of interest any more.
      probes = Promise.allSettled([...down.keys()].map(probed));
      await probes;
      if (probing === undefined) return;
      probing = undefined;
      if (down.size > 0 && !signal.aborted) probe();
    }, failoverMs * PROBE);
    probing.unref();
  };

  /** Tries until it is done, the storage is given up, or its time is over. @throws the last StorageError */
  const patiently = async <Result>(way: Way<Result>, patienceMs: number, bytes: number): Promise<Result> => {
    const { rung } = way;
    const extraMs = bytes / SLOWEST_BYTES_PER_MS;
    await fence.held();
    const giveUpAt = performance.now() + patienceMs;
    for (let pause = failoverMs * FIRST_PAUSE; ; pause = longer(pause)) {
      try {
        // Two tries at least fit into the time, so that one answer that never comes is not taken for a storage that is away.
        const result = await attempt(way, failoverMs / 2 + extraMs);
        isUp(rung);
        return result;
      } catch (error) {
        if (!isFault(error)) throw error;
        if (down.has(rung) || performance.now() + pause > giveUpAt) throw error;
        options.onRetry(error, rung);
        await wait(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  };

  const first: Ladder['first'] = async (ways, bytes = 0) => {
    const doubtful = new Set<Rung>();
    for (let pause = failoverMs * FIRST_PAUSE; ; pause = longer(pause)) {
      const [up, others] = [
        ways.filter(({ rung }) => !down.has(rung)),
        ways.filter(({ rung }) => down.has(rung)),
      ];
      for (const way of [...up, ...others]) {
        try {
          const result = await patiently(way, failoverMs, bytes);
          doubtful.delete(way.rung);
          return { rung: way.rung, result, doubtful: [...doubtful] };
        } catch (error) {
          if (!isFault(error)) throw error;
          if (error.kind === 'unavailable') doubtful.add(way.rung);
          giveUp(way.rung, error);
        }
      }
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  };

  return {
    rungs,
    current,
    isDown: (rung) => down.has(rung),
    whyDown: (rung) => down.get(rung),
    first,
    at: (way, patienceMs = failoverMs) => patiently(way, patienceMs, 0),
    stop: async () => {
      clearTimeout(probing);
      probing = undefined;
      await probes;
      const clear = (store: ObjectStore) => store.delete(options.probeKey);
      await Promise.allSettled([...littered].map((rung) => attempt({ rung, run: clear }, failoverMs)));
    },
  };
};
