import type { Client } from '../../client/index.ts';
import type { Flag } from '../body/flags.ts';
import type { Body, Path } from '../body/paths.ts';
import type { OptionSpec } from '../command.ts';
import type { Column } from '../output/table.ts';

/** A flag that narrows a list. */
export interface Filter extends OptionSpec {
  /** Query parameter that it sets. */
  readonly query: string;
  /** What becomes of what was given. */
  readonly kind?: 'text' | 'time' | 'template';
}

/** A field that names another thing by its id; `*` in its path stands for each entry of a list. */
export interface Reference {
  readonly path: Path;
  readonly to: 'storages' | 'templates' | 'watermarks' | 'transcodes' | 'standbys' | 'orchestrations';
}

/** How files come into a body. */
export interface FileFields {
  /**
   * With the contents of the files that `body` names, in `folder` unless their path is absolute.
   * @throws UsageError when one cannot be read
   */
  load(body: Body, folder: string): Promise<Body>;
  /** Without contents, like what is configured. */
  toCompare(loaded: Body): Body;
  /** What was compared, with the contents that are in `loaded` and that what is there, `before`, does not have. */
  toSend(compared: Body, loaded: Body, before?: Body): Body;
}

export interface Versioned<Item> {
  readonly data: Item;
  readonly etag: string;
}

/** Everything the generic commands and `apply` need to know of one kind of thing. */
export interface Resource<Item extends object, Input, Query> {
  /** The command's name, such as `templates`. */
  readonly group: string;
  /** One of them, such as `template`. */
  readonly noun: string;
  readonly about: string;
  readonly columns: readonly Column<Item>[];
  readonly filters?: readonly Filter[];
  idOf(item: Item): string;
  /** What people may call it by beside its id. */
  nameOf?(item: Item): string;
  /** Whether this can only be an id: it is not looked up then. */
  isId?(text: string): boolean;
  /** What a listing is narrowed to when one is looked for by name. */
  lookUp?(name: string): Query;
  pages(api: Client, query: Query, pageSize: number): AsyncIterable<Item>;
  get?(api: Client, id: string): Promise<Versioned<Item>>;
  create?(api: Client, body: Input): Promise<object>;
  /** `etag`: of the version that is to be replaced. */
  replace?(api: Client, id: string, body: Input, etag: string): Promise<object>;
  remove?(api: Client, id: string, etag: string | undefined): Promise<unknown>;
  /** What of it is a user's to change. */
  inputOf?(item: Item): Input;
  readonly references?: readonly Reference[];
  /** Of things that hold files. */
  readonly files?: FileFields;
  /** Of `create`, and of `update` unless there are others. */
  readonly flags?: readonly Flag[];
  readonly updateFlags?: readonly Flag[];
  /** By verb, without `streamkeep` and the group's name. */
  readonly examples: Readonly<Partial<Record<'list' | 'get' | 'create' | 'update' | 'delete', string>>>;
  /** Shown once when one is made: what holds its secret. */
  readonly shownOnce?: string;
}

/** Query parameters by name. */
export type ListQuery = Readonly<Record<string, string>>;

/** A resource whose types are forgotten: bodies and queries are what the user wrote, and the API checks them. */
export type AnyResource = Resource<object, Body, ListQuery>;

export const defineResource = <Item extends object, Input, Query>(
  resource: Resource<Item, Input, Query>,
): AnyResource => resource as unknown as AnyResource;
