import { parseArgs } from 'node:util';

/** What the bench is started with. */
export interface Options {
  /** Beginnings of names of cases. */
  readonly only: readonly string[];
  readonly seed: number;
  /** How many schedules are played instead of cases. */
  readonly schedules: number | undefined;
  /** How many are played at once. */
  readonly parallel: number;
  readonly keep: boolean;
  readonly quiet: boolean;
  readonly markdown: boolean;
  readonly list: boolean;
}

export const USAGE = `Usage: node test/faults/main.ts [options]

  --only NAME      this case; may be given several times, and NAME may be the beginning of several names
  --seed N         of everything that is random             (1)
  --schedules N    N random mixtures of faults, of the seeds from --seed on, instead of cases
  --parallel N     play so many at once                     (1)
  --keep           keep the data and the logs of each run
  --quiet          print the table alone
  --markdown       print the table as Markdown
  --list           list the cases`;

const whole = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`--${name} must be a whole number, ${least} at least`);
  return value;
};

/** Reads the command line. @throws saying what is wrong with it */
export const readOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      seed: { type: 'string', default: '1' },
      schedules: { type: 'string' },
      parallel: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  const { schedules, keep, quiet, markdown, list } = values;
  return {
    ...{ keep, quiet, markdown, list },
    only: values.only ?? [''],
    seed: whole('seed', values.seed, 0),
    schedules: schedules === undefined ? undefined : whole('schedules', schedules, 1),
    parallel: whole('parallel', values.parallel, 1),
  };
};
