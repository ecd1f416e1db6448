import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import { TABLE } from '../constants.ts';
import { type Page, queryPage } from '../table/pages.ts';
import type { Table } from '../table/table.ts';

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface ListOptions<Entity> {
  /** Where the list is; by default in the index of lists. */
  readonly index?: { readonly name: string; readonly pk: string; readonly sk: string };
  readonly list: string;
  readonly schema: z.ZodType<Entity>;
  /** What the order attribute of the entities must begin with. */
  readonly prefix?: string | undefined;
}

/**
 * One page of a list, in the order of its index.
 * @throws CursorError when the cursor was not given out for this list
 */
export const listPage = async <Entity>(
  { client, tableName }: Table,
  { index = TABLE.listIndex, list, schema, prefix }: ListOptions<Entity>,
  { limit, cursor }: PageRequest,
): Promise<Page<Entity>> => {
  const query: QueryCommandInput = {
    TableName: tableName,
    IndexName: index.name,
    KeyConditionExpression: `#pk = :pk${prefix === undefined ? '' : ' AND begins_with(#sk, :prefix)'}`,
    ExpressionAttributeNames: { '#pk': index.pk, ...(prefix === undefined ? {} : { '#sk': index.sk }) },
    ExpressionAttributeValues: { ':pk': list, ...(prefix === undefined ? {} : { ':prefix': prefix }) },
  };
  const page = await queryPage(client, query, { limit, ...(cursor === undefined ? {} : { cursor }) });
  return { items: page.items.map((item) => schema.parse(item)), cursor: page.cursor };
};
