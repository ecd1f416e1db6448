import type { FaultCase } from '../fault-case.ts';

const STREAM_SECONDS = 40;

const purged: FaultCase = {
  name: 'queues-emptied',
  seconds: STREAM_SECONDS,
  promised: { lostFrames: 0 },
  inject: async ({ queues, sqs, random, at }) => {
    let times = 0;
    for (let second = 8; second < STREAM_SECONDS + 10; second += random.between(0.5, 3)) {
      await at(second);
      await queues.purge(sqs);
      times += 1;
    }
    return times;
  },
};

/** Taken and never delivered: what a purge does to messages that are on their way, only surer. */
const lost: FaultCase = {
  name: 'queues-lose-all',
  seconds: STREAM_SECONDS,
  // Nobody says that the stream has ended: it shows when nothing comes any more.
  promised: { lostFrames: 0, reasons: ['source-silent'] },
  inject: async ({ queues, at }) => {
    await at(8);
    const injection = queues.distort({ lost: 1 });
    await at(STREAM_SECONDS + 5);
    injection.stop();
    return injection.count();
  },
};

const doubled: FaultCase = {
  name: 'queues-twice-and-shuffled',
  seconds: STREAM_SECONDS,
  promised: { lostFrames: 0 },
  inject: async ({ queues, at }) => {
    const injection = queues.distort({ copies: 2, mostDelayMs: 1500 });
    await at(STREAM_SECONDS + 10);
    injection.stop();
    return injection.count();
  },
};

export const QUEUE_CASES: readonly FaultCase[] = [purged, lost, doubled];
