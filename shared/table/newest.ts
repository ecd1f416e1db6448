import type * as z from 'zod';
import type { TABLE } from '../constants.ts';
import { type Page, queryPage } from './pages.ts';
import type { Table } from './table.ts';

/** A span of time, both ends included; RFC 3339. */
export interface Period {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface NewestOptions<Entity> extends Period {
  /** Whose order begins with a time. */
  readonly index: typeof TABLE.listIndex | typeof TABLE.streamIndex;
  readonly list: string;
  readonly schema: z.ZodType<Entity>;
  /** Attributes that must have these values. */
  readonly equal: Readonly<Record<string, string | undefined>>;
  /** Attribute that must not be there. */
  readonly without?: string;
}

/**
 * One page of a list in which the newest come first. With a filter it may hold fewer items than asked for.
 * @throws CursorError when the cursor was not given out for this list
 */
export const newestPage = async <Entity>(
  { client, tableName }: Table,
  { index, list, schema, equal, without, from = '0', to = '' }: NewestOptions<Entity>,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<Entity>> => {
  // `~` sorts behind every time and id.
  const last = `${to}~`;
  // DynamoDB takes this for an error, and it is an empty span.
  if (from > last) return { items: [], cursor: null };
  const equals = Object.keys(equal).filter((name) => equal[name] !== undefined);
  const conditions = [
    ...(without === undefined ? [] : [`attribute_not_exists(${without})`]),
    ...equals.map((name) => `#${name} = :${name}`),
  ];
  const { limit, cursor } = page;
  const found = await queryPage(
    client,
    {
      TableName: tableName,
      IndexName: index.name,
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :first AND :last',
      ...(conditions.length === 0 ? {} : { FilterExpression: conditions.join(' AND ') }),
      ExpressionAttributeNames: {
        '#pk': index.pk,
        '#sk': index.sk,
        ...Object.fromEntries(equals.map((name) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ':pk': list,
        ':first': from,
        ':last': last,
        ...Object.fromEntries(equals.map((name) => [`:${name}`, equal[name]])),
      },
      ScanIndexForward: false,
    },
    { limit, ...(cursor === undefined ? {} : { cursor }) },
  );
  return { items: found.items.map((item) => schema.parse(item)), cursor: found.cursor };
};
