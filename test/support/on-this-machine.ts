/** CI's machines are shared with others, and can be a fraction as fast as one that has nothing else to do. */
const SHARED_FACTOR = 3;

/**
 * The longest that something may take here, when `most` is what is promised on a machine that does nothing else. The
 * benches hold it to the second (`npm run bench:start`, `bench:density`, `bench:long`).
 */
export const onThisMachine = (most: number): number =>
  process.env.CI === undefined ? most : most * SHARED_FACTOR;
