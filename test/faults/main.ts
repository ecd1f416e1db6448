import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from '../../local/demo/check.ts';
import { createStopper, stopOnSignals } from '../../local/stopper.ts';
import { CASES } from './cases/index.ts';
import { scheduleOf } from './cases/schedule.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { inParallel, playCase, stopPlaying } from './play.ts';
import { brokenPromises, SCHEDULE_NAME } from './played.ts';
import { HEAD, markdown, rowOf } from './rows.ts';

/** Injects faults and says what was lost. Ends with 1 when a promise is broken. */

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const options = ((): Options => {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
    process.exit(2);
  }
})();

interface Chosen {
  readonly name: string;
  readonly seed: number;
  /** As it stands in the table. */
  readonly title: string;
}

const choose = ({ only, seed, schedules }: Options): Chosen[] => {
  if (schedules !== undefined) {
    const seeds = Array.from({ length: schedules }, (_, index) => seed + index);
    return seeds.map((each) => ({ name: SCHEDULE_NAME, seed: each, title: `schedule ${each}` }));
  }
  const cases = CASES.filter(({ name }) => only.some((wanted) => name.startsWith(wanted)));
  return cases.map(({ name }) => ({ name, seed, title: name }));
};

const chosen = choose(options);
if (chosen.length === 0) {
  process.stderr.write(`There is no case ${options.only.join(', ')}\n`);
  process.exit(2);
}
if (options.list) {
  for (const { name } of chosen) print(name);
  process.exit(0);
}

const stopper = createStopper();
stopOnSignals(() => stopper);
const sources = await mkdtemp(join(tmpdir(), 'streamkeep-sources-'));
stopper.add(() => rm(sources, { recursive: true, force: true }));
stopper.add(stopPlaying);

let left = chosen.length;
const results = await inParallel(chosen, options.parallel, async ({ name, seed, title }) => {
  // Lines of several cases come mixed.
  const prefix = options.parallel > 1 ? `${title}: ` : '';
  const say = (line: string): void => {
    if (!options.quiet) print(`  ${prefix}${line}`);
  };
  say(`begins (seed ${seed})`);
  const played = await playCase({ name, seed, sources, keep: options.keep }, say);
  if (played.type === 'skipped') say(`skipped: ${played.why}`);
  const row = rowOf(title, name, played);
  const broken = brokenPromises(name, played);
  left -= 1;
  const figures = row.slice(1).map((cell, index) => `${HEAD[index + 1]} ${cell}`);
  print(`${title} (${left} left): ${figures.join(', ')}`);
  for (const line of broken) print(`  ${prefix}BROKEN: ${line}`);
  if (broken.length > 0 && options.quiet && name === SCHEDULE_NAME)
    print(`  ${prefix}it was ${scheduleOf(seed).plan}`);
  return { title, seed, row, broken, skipped: played.type === 'skipped' };
});

const rows = [HEAD, ...results.map(({ row }) => row)];
print(`\n${options.markdown ? markdown(rows) : table(rows)}\n`);
print('Frames late, lost and twice are those of HLS/MP4/FLV.');
const broken = results.filter((result) => result.broken.length > 0);
const skipped = results.filter((result) => result.skipped).length;
for (const { title, broken: lines } of broken) for (const line of lines) print(`BROKEN: ${title}: ${line}`);
if (options.schedules !== undefined && broken.length > 0)
  print(
    `Broken seeds: ${broken.map(({ seed }) => seed).join(', ')}; each again with --only ${SCHEDULE_NAME} --seed N`,
  );
print(
  `${results.length - broken.length - skipped} of ${results.length} kept every promise` +
    `${skipped > 0 ? `, ${skipped} could not be played here` : ''}.`,
);
await stopper.stop();
process.exit(broken.length === 0 ? 0 : 1);
