import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as afterIo } from 'node:timers/promises';
import type { Table } from '../../shared/table/table.ts';

/** What a call that dies meets at the table from then on, as if its function had been killed. */
export class DiedError extends Error {
  override readonly name = 'DiedError';
}

interface Waiting {
  readonly call: number;
  go(): void;
}

interface Call {
  readonly index: number;
  /** How many more requests it may send before it dies. */
  left: number;
}

/** One of these requests is sent twice, as the SDK does when an answer is lost. */
const ONE_REPEATED_OF = 8;

/** Numbers below a limit, the same ones for the same seed (mulberry32). */
const createRandom = (seed: number) => {
  let state = seed;
  return (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % limit;
  };
};

export interface Interleaving {
  /**
   * Runs calls at the same time, with one request to the table at a time; which of the calls goes next, and whether its
   * request is sent twice, follows from the seed. `diesAfter`: requests after which a call dies, by its index.
   */
  run<Result>(
    calls: readonly (() => Promise<Result>)[],
    options: { seed: number; diesAfter?: Readonly<Record<number, number>> },
  ): Promise<Result[]>;
}

/** Takes over the order in which requests reach a table. Requests outside of `run` go as they come. */
export const createInterleaving = (table: Table): Interleaving => {
  const calls = new AsyncLocalStorage<Call>();
  const waiting: Waiting[] = [];
  let random = createRandom(0);
  let inFlight = 0;

  const inTurn = async <Output>(call: Call, request: () => Promise<Output>): Promise<Output> => {
    await new Promise<void>((go) => {
      waiting.push({ call: call.index, go });
    });
    try {
      call.left -= 1;
      if (call.left < 0) throw new DiedError('The function was killed');
      return await request();
    } finally {
      inFlight -= 1;
    }
  };

  table.client.middlewareStack.add(
    (next) => async (args) => {
      const call = calls.getStore();
      if (call === undefined) return next(args);
      if (random(ONE_REPEATED_OF) > 0) return inTurn(call, () => next(args));
      // The first answer is lost, whatever it was.
      const [lost] = await Promise.allSettled([inTurn(call, () => next(args))]);
      if (lost.status === 'rejected' && lost.reason instanceof DiedError) throw lost.reason;
      return inTurn(call, () => next(args));
    },
    { step: 'initialize', name: 'interleave' },
  );

  return {
    async run(functions, { seed, diesAfter = {} }) {
      random = createRandom(seed);
      // Some bugs need calls that change with every request, others a call that runs while another one stands still.
      const isSteady = random(2) === 0;
      let last = 0;
      let isOver = false;
      const all = Promise.all(
        functions.map((call, index) =>
          calls.run({ index, left: diesAfter[index] ?? Number.POSITIVE_INFINITY }, call),
        ),
      ).finally(() => {
        isOver = true;
      });
      while (!isOver) {
        // Whatever follows from the last answer has been sent by then: between requests a call does no I/O.
        await afterIo();
        if (inFlight > 0 || waiting.length === 0) continue;
        waiting.sort((one, other) => one.call - other.call);
        const again = waiting.findIndex(({ call }) => call === last);
        const stays = isSteady && again >= 0 && random(4) > 0;
        const [chosen] = waiting.splice(stays ? again : random(waiting.length), 1);
        inFlight += 1;
        last = chosen?.call ?? last;
        chosen?.go();
      }
      return all;
    },
  };
};
