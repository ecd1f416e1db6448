import * as z from 'zod';

/** Of things that may be deleted although they are used. */
export const usedByField = {
  usedBy: z.array(z.string()).describe('The templates that refer to it; the first 20 or so.'),
};
