import * as z from 'zod';
import { invalidRequest } from '../../shared/problems/problems.ts';
import { CursorError, type Page } from '../../shared/table/pages.ts';

/** Query parameters of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('Most items of the answer.'),
  cursor: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .describe('Where to go on: the `cursor` of the answer before, of the same list with the same filters.'),
};

/** What every list answers with. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    cursor: z.string().nullable().describe('Of the next page; null after the last one.'),
  });

// DynamoDB's own words for a start key that no item of the index can have.
const isForgedKey = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationException' && /start(ing)? ?key/i.test(error.message);

/**
 * Reads a page.
 * @throws Problem 400 when the cursor is not one that we gave out for this list
 */
export const readPage = async <Item>(read: () => Promise<Page<Item>>): Promise<Page<Item>> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CursorError) && !isForgedKey(error)) throw error;
    const message = 'must be the cursor of the page before, of the same list';
    throw invalidRequest([{ in: 'query', field: 'cursor', message }]);
  }
};
