/** Seconds that a job may be on its way before it is queued again; doubled each time, for queues may be long. */
const LOOK_SECONDS = 60;
const LONGEST_LOOK_SECONDS = 3600;

export const later = (at: string, seconds: number): string =>
  new Date(Date.parse(at) + seconds * 1000).toISOString();

/** How long to wait for news of a job that was looked for so many times. */
export const lookSeconds = (looks: number): number =>
  Math.min(LONGEST_LOOK_SECONDS, LOOK_SECONDS * 2 ** looks);
