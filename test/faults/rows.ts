import type { Outcome } from './outcome.ts';
import { brokenPromises, type Played } from './played.ts';

export const HEAD: readonly string[] = [
  ...['fault', 'injected', 'frames in', 'late', 'lost', 'twice', 'longest gap', 'files valid', 'left behind'],
  ...['ended after', 'promise'],
];

type Account = Outcome['accounts'][number];

const perFormat = ({ accounts }: Outcome, of: (account: Account) => number): string =>
  accounts.map(of).join('/');

const figures = (outcome: Outcome): string[] => {
  const sum = (of: (account: Account) => number): number =>
    outcome.accounts.reduce((total, account) => total + of(account), 0);
  const gap = Math.max(...outcome.accounts.map(({ longestGapSeconds }) => longestGapSeconds));
  return [
    ...[String(outcome.injected), String(outcome.framesIn)],
    perFormat(outcome, ({ late }) => late),
    perFormat(outcome, ({ lost }) => lost),
    perFormat(outcome, ({ doubled }) => doubled),
    `${gap.toFixed(2)} s`,
    `${sum(({ valid }) => valid)} of ${sum(({ files }) => files)}`,
    ...[String(outcome.left.length), `${outcome.secondsToEnd.toFixed(1)} s`],
  ];
};

/** A row of the bench's table. */
export const rowOf = (title: string, name: string, played: Played): string[] => {
  const verdict = brokenPromises(name, played).length === 0 ? 'kept' : 'BROKEN';
  if (played.type === 'played') return [title, ...figures(played.outcome), verdict];
  const dashes = HEAD.slice(2).map(() => '-');
  return [title, ...dashes, played.type === 'skipped' ? 'skipped' : verdict];
};

/** Rows as a table of Markdown. */
export const markdown = ([head = [], ...rows]: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
