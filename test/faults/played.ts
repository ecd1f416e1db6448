import type { Outcome } from './outcome.ts';

export const SCHEDULE_NAME = 'schedule';

/** What has become of a case. */
export type Played =
  | { readonly type: 'played'; readonly outcome: Outcome }
  /** It cannot be played on this machine. */
  | { readonly type: 'skipped'; readonly why: string }
  /** The bench itself failed. */
  | { readonly type: 'failed'; readonly message: string };

/** What the process of one case is told. */
export interface Order {
  readonly name: string;
  readonly seed: number;
  readonly keep: boolean;
  /** Folder of the streams that cases share. */
  readonly sources: string;
}

/** What it tells. */
export type Report = { readonly type: 'said'; readonly line: string } | Played;

/** Without a fault, or with faults that may come when there is nothing to strike. */
const MAY_MISS: readonly string[] = ['none', SCHEDULE_NAME];

/** What is wrong; empty when every promise is kept. Pure. */
export const brokenPromises = (name: string, played: Played): readonly string[] => {
  if (played.type === 'skipped') return [];
  if (played.type === 'failed') return [played.message];
  const { broken, injected } = played.outcome;
  return [...broken, ...(injected === 0 && !MAY_MISS.includes(name) ? ['the fault never struck'] : [])];
};
