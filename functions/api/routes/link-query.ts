import * as z from 'zod';

/** Query of a link that is signed: who has it needs no token. */
export const linkQuery = z.strictObject({
  expires: z.coerce
    .number()
    .int()
    .nonnegative()
    .max(1e11)
    .describe('When the link ends: seconds since 1970.'),
  signature: z.string().min(1).max(128).describe('Of the link, as it was given out.'),
});
/** As an example. */
export const LINK_QUERY = { expires: '1795345200', signature: 'rDkVWBc0m7O3mLcRpJ1hYw9Q0e8s5tXb2uZaGfKnEiM' };
