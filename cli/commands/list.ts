import type { Client } from '../../client/index.ts';
import type { AnyCommand, CommandSpec, OptionSpec } from '../command.ts';
import { UsageError } from '../exit.ts';
import { findId, withNames } from '../resources/find.ts';
import type { AnyResource, Filter } from '../resources/resource.ts';
import { templates } from '../resources/templates.ts';
import { parseCount } from '../values/choices.ts';
import { parseTime } from '../values/time.ts';

const LARGEST_PAGE = 100;

export const limitOption: OptionSpec = { flags: '--limit <count>', about: 'most of them; absent: all' };

/** At most `limit` of `pages`. */
export const take = async <Item>(
  pages: (pageSize: number) => AsyncIterable<Item>,
  limit: string | undefined,
): Promise<Item[]> => {
  const most = limit === undefined ? Number.POSITIVE_INFINITY : parseCount(limit);
  if (most === 0) throw new UsageError('--limit must be at least 1');
  const items: Item[] = [];
  for await (const item of pages(Math.min(most, LARGEST_PAGE))) {
    items.push(item);
    if (items.length >= most) break;
  }
  return items;
};

const queryValue = async (api: Client, filter: Filter, value: string, now: Date): Promise<string> => {
  switch (filter.kind ?? 'text') {
    case 'text':
      return value;
    case 'time':
      return parseTime(value, now);
    case 'template':
      return findId(api, templates, value);
  }
};

/** Option names as commander makes them of long flags. */
const nameOf = ({ flags }: OptionSpec): string => /--([a-z-]+)/.exec(flags)?.[1] ?? '';

export const listCommand = (resource: AnyResource): AnyCommand => {
  const { filters = [] } = resource;
  const command: CommandSpec<Readonly<Record<string, string>>> = {
    usage: 'list',
    about: `List the ${resource.group}`,
    examples: [`${resource.group} ${resource.examples.list ?? 'list'}`],
    options: [...filters, limitOption],
    async run({ api, out, io }, _, given) {
      const query: Record<string, string> = {};
      for (const filter of filters) {
        const value = given[nameOf(filter)];
        if (value !== undefined) query[filter.query] = await queryValue(api, filter, value, io.now());
      }
      const items = await take((size) => resource.pages(api, query, size), given.limit);
      const shown = out.isJson || items.length === 0 ? items : await withNames(api, resource, items);
      out.list(shown, resource.columns, `There are no ${resource.group}.`);
    },
  };
  return command;
};
