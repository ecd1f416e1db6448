import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import { TABLE } from '../constants.ts';
import { type Page, queryPage } from '../table/pages.ts';
import type { Table } from '../table/table.ts';

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface ListOptions<Entity> {
  readonly list: string;
  readonly schema: z.ZodType<Entity>;
  /** What the order attribute of the entities must begin with. */
  readonly prefix?: string | undefined;
  /** Attributes that must have these values. */
  readonly equal?: Readonly<Record<string, string | undefined>>;
}

/**
 * One page of a list, in the order of its index.
 * @throws CursorError when the cursor was not given out for this list
 */
export const listPage = async <Entity>(
  { client, tableName }: Table,
  { list, schema, prefix, equal = {} }: ListOptions<Entity>,
  { limit, cursor }: PageRequest,
): Promise<Page<Entity>> => {
  const filters = Object.entries(equal).filter(([, value]) => value !== undefined);
  const query: QueryCommandInput = {
    TableName: tableName,
    IndexName: TABLE.listIndex.name,
    KeyConditionExpression: `#pk = :pk${prefix === undefined ? '' : ' AND begins_with(#sk, :prefix)'}`,
    ExpressionAttributeNames: {
      '#pk': TABLE.listIndex.pk,
      ...(prefix === undefined ? {} : { '#sk': TABLE.listIndex.sk }),
      ...Object.fromEntries(filters.map(([name]) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ':pk': list,
      ...(prefix === undefined ? {} : { ':prefix': prefix }),
      ...Object.fromEntries(filters.map(([name, value]) => [`:${name}`, value])),
    },
    ...(filters.length === 0
      ? {}
      : { FilterExpression: filters.map(([name]) => `#${name} = :${name}`).join(' AND ') }),
  };
  const page = await queryPage(client, query, { limit, ...(cursor === undefined ? {} : { cursor }) });
  return { items: page.items.map((item) => schema.parse(item)), cursor: page.cursor };
};
