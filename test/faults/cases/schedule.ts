import { type FaultCase, NOTHING_LOST, type Promised, type World } from '../fault-case.ts';
import { busyRecorder } from '../processes.ts';
import type { Injection } from '../proxy.ts';
import { createRandom, type Random } from '../random.ts';
import { runCase } from '../run-case.ts';
import type { Case } from './index.ts';
import { DRAINED, TAKEN_OVER } from './processes.ts';

/** A few faults of every kind, at random moments and on top of one another; another schedule for each seed. */

const STREAM_SECONDS = 45;
const EARLIEST_SECONDS = 6;
const LATEST_SECONDS = 36;
const MOST_FAULTS = 3;

interface Fault {
  readonly name: string;
  readonly strike: (world: World, seconds: number) => Promise<number>;
  readonly promised?: Promised;
}

/** A fault that lasts for some seconds from `from` on. */
const lasting =
  (from: number, inject: (world: World) => Injection) =>
  async (world: World, seconds: number): Promise<number> => {
    await world.at(from);
    const injection = inject(world);
    await world.at(from + seconds);
    injection.stop();
    return injection.count();
  };

const storageFault = (random: Random, from: number): Fault => {
  const kinds = ['refuse', 'reset', 'internal-error', 'slow-down', 'access-denied', 'hang', 'crawl'] as const;
  const kind = random.pick(kinds);
  return { name: kind, strike: lasting(from, ({ s3 }) => s3.inject(kind)) };
};

const flakyStorage = (random: Random, from: number): Fault => {
  const kind = random.pick(['reset', 'lost-answer', 'corrupt', 'slow-down'] as const);
  return { name: `${kind} 30 %`, strike: lasting(from, ({ s3 }) => s3.inject(kind, { probability: 0.3 })) };
};

const queueFault = (random: Random, from: number): Fault => {
  const distortion = random.pick([{ copies: 2, mostDelayMs: 2000 }, { mostDelayMs: 4000 }, { lost: 1 }]);
  return {
    name: `queues ${JSON.stringify(distortion)}`,
    strike: lasting(from, ({ queues }) => queues.distort(distortion)),
  };
};

const tableFault = (random: Random, from: number): Fault => {
  const fault = random.pick([{ throttled: 0.2 }, { failed: 0.1, unanswered: 0.1 }, { mostLatencyMs: 500 }]);
  return {
    name: `table ${JSON.stringify(fault)}`,
    strike: lasting(from, ({ table }) => table.inject(fault)),
  };
};

const purge = (_: Random, from: number): Fault => ({
  name: 'purge',
  strike: async ({ at, queues, sqs }) => {
    await at(from);
    await queues.purge(sqs);
    return 1;
  },
});

/** At most one of these in a schedule: their bounds are each for one. */
const recorderFault = (random: Random, from: number): Fault => {
  const name = random.pick(['SIGKILL', 'SIGTERM'] as const);
  return {
    name,
    strike: async ({ at, run }) => {
      await at(from);
      (await busyRecorder(run)).recorder.kill(name);
      return 1;
    },
    promised: name === 'SIGKILL' ? TAKEN_OVER : DRAINED,
  };
};

const scheduleOf = (seed: number): FaultCase & { readonly plan: string } => {
  const random = createRandom(seed);
  let kinds = [storageFault, flakyStorage, queueFault, tableFault, purge, recorderFault];
  const faults = Array.from({ length: 1 + Math.floor(random.next() * MOST_FAULTS) }, () => {
    const kind = random.pick(kinds);
    if (kind === recorderFault) kinds = kinds.filter((each) => each !== recorderFault);
    const from = random.between(EARLIEST_SECONDS, LATEST_SECONDS);
    return { ...kind(random, from), from, seconds: random.between(2, 15) };
  });
  const plan = faults.map(
    ({ name, from, seconds }) => `${name} at ${from.toFixed(1)} s for ${seconds.toFixed(1)} s`,
  );
  return {
    name: 'schedule',
    seconds: STREAM_SECONDS,
    recorders: 2,
    promised: faults.find(({ promised }) => promised !== undefined)?.promised ?? NOTHING_LOST,
    plan: plan.join(', '),
    inject: async (world) => {
      const counts = await Promise.all(faults.map(({ strike, seconds }) => strike(world, seconds)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
};

export const SCHEDULE: Case = {
  name: 'schedule',
  run: (setting) => {
    const schedule = scheduleOf(setting.seed);
    setting.say(schedule.plan);
    return runCase(setting, schedule);
  },
};
