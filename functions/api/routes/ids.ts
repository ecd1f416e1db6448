import * as z from 'zod';

/** An id that we made, as part of a path. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be an id: 1–64 letters, digits, _ or -')
  .describe('Id, as it was given out.');
