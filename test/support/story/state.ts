import type { PushEvent, SilenceEvent } from '../../../shared/events/stream-events.ts';
import type { EndCode } from '../../../shared/recordings/end-reason.ts';
import type { Recording } from '../../../shared/schemas/recording.ts';
import type { Stream } from '../../../shared/schemas/stream.ts';

/** How often something may happen in one story. */
interface Budget {
  /** Messages that come once more after they were taken. */
  readonly again: number;
  /** How often a recorder is free; afterwards none is any more. */
  readonly claims: number;
  readonly owner_lost: number;
  readonly user_stop: number;
  readonly 'max-duration': number;
  readonly 'recorder-drained': number;
}

export interface Story extends Partial<Budget> {
  readonly clients: readonly string[];
  readonly resumes: boolean;
  /** The last moment at which time is told apart. */
  readonly steps: number;
}

export type StreamEvent = PushEvent | SilenceEvent;
/** What is the same for every recording of the story is left out. */
export type Kept = Omit<
  Recording,
  'plan' | 'recordId' | 'domain' | 'app' | 'stream' | 'revision' | 'startedAt'
>;

/** A recorder that records, or that was taken for dead and believes that it does. */
export interface Capture {
  readonly recordId: string;
  readonly epoch: number;
  readonly sessionId: string;
  readonly command?: 'session-ended' | 'stopped';
}

/** A recorder's last word, on its way; `live`: what its taker has read of the session before it decides. */
export interface Word {
  readonly recordId: string;
  readonly epoch: number;
  readonly code: EndCode;
  readonly at: string;
  readonly live?: boolean;
}

export interface State {
  readonly now: number;
  readonly pushes: Readonly<Record<string, 'before' | 'on' | 'over'>>;
  /** On their way, in any order; a lost one is noted in the table, and so only late. */
  readonly events: readonly StreamEvent[];
  /** The one that is being taken: the stream is written, and what follows from that is not. */
  readonly taking: { event: StreamEvent; begins: boolean } | null;
  readonly stream: Stream | null;
  /** Which recordings have recorded each session. */
  readonly sessions: Readonly<Record<string, readonly string[]>>;
  readonly recordings: Readonly<Record<string, Kept>>;
  readonly captures: readonly Capture[];
  readonly words: readonly Word[];
  /** Last notices of each recording. */
  readonly lastNotices: Readonly<Record<string, number>>;
  readonly left: Budget;
}

export const keyOf = (value: unknown): string => JSON.stringify(value);
export const sorted = <Item>(items: readonly Item[]): Item[] =>
  items.length < 2 ? [...items] : [...items].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
export const replaced = <Item>(items: readonly Item[], old: Item, ...by: Item[]): Item[] =>
  sorted([...items.filter((item) => item !== old), ...by]);
export const withEvent = (state: State, event: StreamEvent): State =>
  state.events.some((there) => keyOf(there) === keyOf(event))
    ? state
    : { ...state, events: sorted([...state.events, event]) };

export const isOver = ({ state }: Pick<Kept, 'state'>): boolean =>
  state === 'completing' || state === 'completed' || state === 'failed';
export const isFinal = ({ state }: Pick<Kept, 'state'>): boolean =>
  state === 'completed' || state === 'failed';
