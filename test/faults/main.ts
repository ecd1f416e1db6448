import { parseArgs } from 'node:util';
import { table } from '../../local/demo/check.ts';
import { type Stopper, stopOnSignals } from '../../local/stopper.ts';
import { CASES, type Case } from './cases/index.ts';
import type { Outcome } from './outcome.ts';
import { withSetting } from './setting.ts';

/** Injects every fault, one after the other, and says what was lost. Ends with 1 when a promise is broken. */

const USAGE = `Usage: node test/faults/main.ts [options]

  --only NAME   this case; may be given several times, and NAME may be the beginning of several names
  --seed N      of everything that is random             (1)
  --keep        keep the data and the logs of each run
  --quiet       print the table alone
  --list        list the cases`;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const fail = (message: string): never => {
  process.stderr.write(`${message}\n${USAGE}\n`);
  process.exit(2);
};

const options = () => {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        seed: { type: 'string', default: '1' },
        keep: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
};

const { only = [''], seed: seedText, keep, quiet, list } = options();
const seed = Number(seedText);
if (!Number.isSafeInteger(seed) || seed < 0) fail('--seed must be a whole number');
const chosen = CASES.filter(({ name }) => only.some((wanted) => name.startsWith(wanted)));
if (chosen.length === 0) fail(`There is no case ${only.join(', ')}`);
if (list) {
  for (const { name } of CASES) print(name);
  process.exit(0);
}

const HEAD = [
  ...['fault', 'injected', 'frames in', 'lost', 'twice', 'longest gap', 'files valid', 'left behind'],
  ...['ended after', 'promise'],
];

const perFormat = ({ accounts }: Outcome, of: (account: Outcome['accounts'][number]) => number): string =>
  accounts.map((account) => of(account)).join('/');

const rowOf = (name: string, outcome: Outcome): string[] => {
  const { accounts } = outcome;
  const sum = (of: (account: (typeof accounts)[number]) => number): number =>
    accounts.reduce((total, account) => total + of(account), 0);
  return [
    ...[name, String(outcome.injected), String(outcome.framesIn)],
    perFormat(outcome, ({ lost }) => lost),
    perFormat(outcome, ({ doubled }) => doubled),
    `${Math.max(...accounts.map(({ longestGapSeconds }) => longestGapSeconds)).toFixed(2)} s`,
    `${sum(({ valid }) => valid)} of ${sum(({ files }) => files)}`,
    ...[String(outcome.left.length), `${outcome.secondsToEnd.toFixed(1)} s`],
    outcome.broken.length === 0 ? 'kept' : 'BROKEN',
  ];
};

const say = (line: string): void => {
  if (!quiet) print(`  ${line}`);
};

let stopper: Stopper | undefined;
stopOnSignals(() => stopper);

const play = async ({ name, run }: Case): Promise<{ row: string[]; broken: readonly string[] }> => {
  print(`${name} (seed ${seed})`);
  try {
    const outcome = await withSetting({ seed, keep, say }, (setting) => {
      stopper = setting.stopper;
      return run(setting);
    });
    const never = name !== 'none' && outcome.injected === 0 ? ['the fault never struck'] : [];
    for (const line of outcome.broken) say(`BROKEN: ${line}`);
    const row = rowOf(name, outcome);
    say(row.map((cell, index) => `${HEAD[index]} ${cell}`).join(', '));
    return { row, broken: [...outcome.broken, ...never] };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { row: [name, ...HEAD.slice(1).map(() => '-')], broken: [message] };
  }
};

const rows: string[][] = [];
const broken: string[] = [];
for (const each of chosen) {
  const { row, broken: lines } = await play(each);
  rows.push(row);
  broken.push(...lines.map((line) => `BROKEN: ${each.name}: ${line}`));
}
print(`\n${table([HEAD, ...rows])}\n`);
print('Frames lost and frames twice are those of HLS/MP4/FLV.');
print(broken.length === 0 ? 'Every promise is kept.' : broken.join('\n'));
process.exit(broken.length === 0 ? 0 : 1);
