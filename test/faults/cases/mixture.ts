import { bothOf, frames, NOTHING_LOST, type Promised } from '../fault-case.ts';
import { allOf, injectAll, type Place, type Places } from '../places.ts';
import type { Random } from '../random.ts';
import { STORED_ELSEWHERE } from './away.ts';
import {
  freezePublisher,
  freezeRecorder,
  type Inject,
  lasting,
  signalFfmpegs,
  signalRecorder,
  strike,
} from './injecting.ts';
import { DRAINED, FFMPEG_KILLED, TAKEN_OVER, TAKEOVER_SECONDS } from './processes.ts';

/** Faults of every kind, each made by chance. */

export const STREAM_SECONDS = 28;

/** When a fault begins and ends, in seconds of the stream. */
export type Moments = readonly [from: number, to: number];

export interface Fault {
  readonly name: string;
  readonly inject: Inject;
  readonly promised: Promised;
}

/** Of how many there may be one in a schedule, and of which kind they are. */
export interface Kind {
  readonly make: (random: Random, moments: Moments) => Fault;
  /** Two of them would cost more than twice as much as one. */
  readonly atMostOnce?: true;
}

const lengthOf = ([from, to]: Moments): string => `for ${(to - from).toFixed(1)} s`;

const storage = (random: Random, moments: Moments): Fault => {
  const kinds = ['refuse', 'reset', 'internal-error', 'slow-down', 'access-denied', 'hang', 'crawl'] as const;
  const kind = random.pick(kinds);
  const places = random.pick<{ name: string; of: (places: Places) => readonly Place[] }>([
    { name: 'primary', of: ({ primary }) => [primary] },
    {
      name: 'everything but the spool',
      of: (all) => allOf(all).filter(({ location }) => location !== 'spool'),
    },
    { name: 'everything', of: allOf },
  ]);
  return {
    name: `${kind} of ${places.name} ${lengthOf(moments)}`,
    inject: lasting(moments, (world) => injectAll(places.of(world.places), kind)),
    promised: STORED_ELSEWHERE,
  };
};

const flakyStorage = (random: Random, moments: Moments): Fault => {
  const kind = random.pick(['reset', 'lost-answer', 'corrupt', 'slow-down'] as const);
  return {
    name: `${kind} of 30 % ${lengthOf(moments)}`,
    inject: lasting(moments, ({ places }) => injectAll(allOf(places), kind, { probability: 0.3 })),
    promised: NOTHING_LOST,
  };
};

const queues = (random: Random, moments: Moments): Fault => {
  const distortion = random.pick([{ copies: 2, mostDelayMs: 2000 }, { mostDelayMs: 4000 }, { lost: 1 }]);
  return {
    name: `queues ${JSON.stringify(distortion)} ${lengthOf(moments)}`,
    inject: lasting(moments, (world) => world.queues.distort(distortion)),
    promised: NOTHING_LOST,
  };
};

const table = (random: Random, moments: Moments): Fault => {
  const fault = random.pick([{ throttled: 0.2 }, { failed: 0.1, unanswered: 0.1 }, { mostLatencyMs: 500 }]);
  return {
    name: `table ${JSON.stringify(fault)} ${lengthOf(moments)}`,
    inject: lasting(moments, (world) => world.table.inject(fault)),
    promised: NOTHING_LOST,
  };
};

const purge = (_: Random, [from]: Moments): Fault => ({
  name: 'purge',
  inject: async (world) => {
    await world.at(from);
    await world.queues.purge(world.sqs);
    return 1;
  },
  promised: NOTHING_LOST,
});

/** A stream that ends before another recorder goes on says why its last seconds are missing. */
const killedAt = (seconds: number): Promised =>
  seconds + TAKEOVER_SECONDS < STREAM_SECONDS ? TAKEN_OVER : { ...TAKEN_OVER, reasons: ['recorder-lost'] };

const recorder = (random: Random, [from]: Moments): Fault => {
  const name = random.pick(['SIGKILL', 'SIGTERM'] as const);
  return {
    name: `recorder ${name}`,
    inject: strike([from, from], signalRecorder(name)),
    promised: name === 'SIGKILL' ? killedAt(from) : DRAINED,
  };
};

const FROZEN_SECONDS = 4;

const frozenRecorder = (_: Random, [from]: Moments): Fault => ({
  name: `recorder frozen for ${FROZEN_SECONDS} s`,
  inject: freezeRecorder([from, from], FROZEN_SECONDS),
  promised: NOTHING_LOST,
});

const ffmpeg = (_: Random, [from]: Moments): Fault => ({
  name: 'ffmpeg killed',
  inject: strike([from, from], signalFfmpegs('SIGKILL')),
  promised: FFMPEG_KILLED,
});

const frozenFfmpeg = (_: Random, [from]: Moments): Fault => ({
  name: 'ffmpeg frozen',
  inject: strike([from, from], signalFfmpegs('SIGSTOP')),
  promised: bothOf(FFMPEG_KILLED, { lostFrames: frames(10) }),
});

const frozenPublisher = (random: Random, [from]: Moments): Fault => {
  const seconds = random.between(1, 7);
  return {
    name: `publisher frozen for ${seconds.toFixed(1)} s`,
    inject: freezePublisher(from, seconds),
    promised: NOTHING_LOST,
  };
};

/** What matters most comes most often. */
export const KINDS: readonly Kind[] = [
  ...[storage, storage, storage, flakyStorage, queues, table, purge, frozenRecorder, ffmpeg].map((make) => ({
    make,
  })),
  ...[recorder, frozenFfmpeg, frozenPublisher].map((make) => ({ make, atMostOnce: true as const })),
];
