const FIRST_PAUSE_SECONDS = 60;
const LONGEST_PAUSE_SECONDS = 24 * 3600;

/** How long a storage that has refused so many times in a row is left in peace. */
export const pauseSeconds = (failures: number): number =>
  Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (failures - 1));

/** When a storage is tried again that has just refused. */
export const nextTry = (now: Date, failures: number): string =>
  new Date(now.getTime() + pauseSeconds(failures) * 1000).toISOString();
