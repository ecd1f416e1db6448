import { bothOf, type FaultCase, NOTHING_LOST, type Setup } from '../fault-case.ts';
import { SCHEDULE_NAME } from '../played.ts';
import { createRandom, type Random } from '../random.ts';
import { runCase } from '../run-case.ts';
import type { Case } from './index.ts';
import { together } from './injecting.ts';
import { KINDS, STREAM_SECONDS } from './mixture.ts';

/** A few faults of every kind, at random moments and on top of one another; another schedule for each seed. */

const EARLIEST_SECONDS = 4;
const LATEST_SECONDS = 22;
const LONGEST_SECONDS = 8;
const MOST_FAULTS = 3;

/** Takes what is recorded during one fault, and little more. */
const SMALL_DISK_MEGABYTES = 24;

const setupOf = (random: Random): Setup => ({
  recorders: 2,
  backup: random.next() < 0.5,
  ...(random.next() < 0.3 && { skewSeconds: random.next() < 0.5 ? [60, -60] : [-60, 60] }),
  ...(random.next() < 0.3 && { diskMegabytes: SMALL_DISK_MEGABYTES }),
});

const describe = ({ backup, skewSeconds, diskMegabytes }: Setup): string =>
  [
    backup ? 'with a backup' : 'without a backup',
    ...(skewSeconds ? [`clocks wrong by ${skewSeconds.join(' s and ')} s`] : []),
    ...(diskMegabytes ? [`${diskMegabytes} MB of disk`] : []),
  ].join(', ');

/** The schedule of a seed. Pure. */
export const scheduleOf = (seed: number): FaultCase & { readonly plan: string } => {
  const random = createRandom(seed);
  const setup = setupOf(random);
  let kinds = KINDS;
  const faults = Array.from({ length: 1 + Math.floor(random.next() * MOST_FAULTS) }, () => {
    const kind = random.pick(kinds);
    if (kind.atMostOnce) kinds = kinds.filter((each) => each !== kind);
    const from = random.between(EARLIEST_SECONDS, LATEST_SECONDS);
    const to = from + random.between(2, LONGEST_SECONDS);
    return { ...kind.make(random, [from, to]), from };
  });
  const plan = faults.map(({ name, from }) => `${name} at ${from.toFixed(1)} s`);
  return {
    ...setup,
    name: SCHEDULE_NAME,
    seconds: STREAM_SECONDS,
    promised: faults.map(({ promised }) => promised).reduce(bothOf, NOTHING_LOST),
    plan: [describe(setup), ...plan].join('; '),
    inject: together(...faults.map(({ inject }) => inject)),
  };
};

export const SCHEDULE: Case = {
  name: SCHEDULE_NAME,
  run: (setting) => {
    const schedule = scheduleOf(setting.seed);
    setting.say(schedule.plan);
    return runCase(setting, schedule);
  },
};
