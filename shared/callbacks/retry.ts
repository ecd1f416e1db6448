/** What came of one attempt to deliver. */
export type Outcome =
  | {
      readonly type: 'answered';
      readonly status: number;
      readonly contentType?: string | undefined;
      /** The header as it came. */
      readonly retryAfter?: string | undefined;
      /** How the answer begins. */
      readonly answer: string;
    }
  /** `error` in plain words. */
  | { readonly type: 'unanswered'; readonly error: string };

export type NextStep =
  | { readonly type: 'delivered' }
  | { readonly type: 'retry'; readonly afterSeconds: number }
  | { readonly type: 'failed'; readonly failure: string };

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds between one try and the next: 16 hours in all. */
export const RETRY_WAITS = [
  ...[5, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 8].map((hours) => hours * HOUR),
] as const;

/** Tries until a delivery counts as failed. */
export const MOST_TRIES = RETRY_WAITS.length + 1;

/** Targets that fail together must not be tried again together. */
const JITTER = 0.1;
/** A target may ask for a longer wait, but not for one without end. */
const LONGEST_WAIT = 8 * HOUR;

/** Seconds that a `Retry-After` header asks for; 0 when it says nothing that can be understood. */
const secondsAskedFor = (retryAfter: string | undefined, now: Date): number => {
  const text = retryAfter?.trim() ?? '';
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000;
  return Number.isNaN(seconds) ? 0 : Math.max(0, seconds);
};

/** `seconds` in a jitter of 10 % around it; `random` from 0 to 1. */
const jittered = (seconds: number, random: number): number => seconds * (1 + JITTER * (2 * random - 1));

/**
 * What follows an attempt. 2xx is success; 410 means that the target is gone for good; everything else is tried again.
 * @param tries made since it was last queued, this one included
 * @param random from 0 to 1
 */
export const nextStep = (outcome: Outcome, tries: number, now: Date, random: number): NextStep => {
  if (outcome.type === 'answered') {
    if (outcome.status >= 200 && outcome.status < 300) return { type: 'delivered' };
    if (outcome.status === 410) {
      return { type: 'failed', failure: 'The target answered that it is gone for good (410).' };
    }
  }
  const wait = RETRY_WAITS[tries - 1];
  if (wait === undefined) return { type: 'failed', failure: `${tries} tries have failed.` };
  const asked = outcome.type === 'answered' ? secondsAskedFor(outcome.retryAfter, now) : 0;
  return { type: 'retry', afterSeconds: Math.max(jittered(wait, random), Math.min(asked, LONGEST_WAIT)) };
};
