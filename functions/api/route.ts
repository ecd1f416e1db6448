import * as z from 'zod';
import type { Scope } from '../../shared/auth/tokens.ts';

/** What a route gets, each part as its schema has passed it. */
export interface RouteInput<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Version that the caller wants to change, as its ETag said; `*`: whatever it is; undefined: not given. */
  readonly ifMatch: string | undefined;
  /** Where the caller reached us, such as `https://api.example.com`: for links in answers to this caller only. */
  readonly baseUrl: string;
}

/** What a route answers with when all goes well. */
export type RouteResponse =
  /** JSON of this schema; what the schema does not name is left out. */
  | {
      readonly status: 200 | 201 | 202;
      readonly schema: z.ZodType;
      /** The answer has an ETag: `handle` returns it with `versioned`. */
      readonly etag?: true;
    }
  | { readonly status: 204 }
  /** Text; `handle` returns it as a string. */
  | {
      readonly status: 200;
      readonly contentType: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** The answer has an ETag, and is not sent again to who has it: `handle` returns it with `versioned`. */
      readonly etag?: true;
    };

/** One call of an operation, as its description shows it. */
export interface RouteExample {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Absent: there is no body, or it is text. */
  readonly response?: unknown;
}

/** Chapters of the API's description. */
export const TAGS = [
  'Domains',
  'Storages',
  'Templates',
  'Watermarks',
  'Transcodes',
  'Standbys',
  'Orchestrations',
  'Rules',
  'Tasks',
  'Streams',
  'Recordings',
  'Callbacks',
  'Tokens',
  'Description',
] as const;
export type Tag = (typeof TAGS)[number];

export interface RouteDeclaration<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType | undefined,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With parameters in braces, such as `/v1/templates/{templateId}`. */
  readonly path: string;
  /** Name of the method in clients, such as `createTemplate`; unique. */
  readonly operationId: string;
  readonly tag: Tag;
  /** One sentence for the API's description. */
  readonly summary: string;
  /** What the token must allow; `public`: no token, the route looks after itself. */
  readonly scope: Exclude<Scope, 'ingest'> | 'public';
  readonly params: Params;
  readonly query: Query;
  /** Undefined: a body is not read. */
  readonly body: Body;
  /**
   * Largest body, and what to do with a larger one.
   * @default MAX_BODY_BYTES
   */
  readonly largestBody?: { readonly bytes: number; readonly advice: string };
  readonly response: RouteResponse;
  /** Whether `If-Match` must be given, or may be; absent: it is not read. */
  readonly ifMatch?: 'required' | 'optional';
  /**
   * Statuses of problems that do not follow from the rest of the declaration, such as 422.
   * @default none
   */
  readonly problems?: readonly number[];
  readonly example: RouteExample;
  /** @throws Problem for any other answer */
  handle(
    input: RouteInput<z.output<Params>, z.output<Query>, Body extends z.ZodType ? z.output<Body> : undefined>,
  ): Promise<unknown>;
}

/** A route of any types, as the router sees it. */
export type Route = RouteDeclaration<z.ZodType, z.ZodType, z.ZodType | undefined>;

const nothing = z.strictObject({});
type Nothing = typeof nothing;

type Declared<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType | undefined> = Omit<
  RouteDeclaration<Params, Query, Body>,
  'params' | 'query' | 'body'
> & { readonly params?: Params; readonly query?: Query; readonly body?: Body };

/** What a route with an ETag returns. */
export interface Versioned {
  readonly value: unknown;
  readonly version: string;
}

export const versioned = (value: unknown, version: string): Versioned => ({ value, version });

/** Declares a route: everything that requests are checked with, and that describes them. */
export const route = <
  Params extends z.ZodType = Nothing,
  Query extends z.ZodType = Nothing,
  Body extends z.ZodType | undefined = undefined,
>(
  declared: Declared<Params, Query, Body>,
): Route => ({
  ...declared,
  params: declared.params ?? nothing,
  query: declared.query ?? nothing,
  body: declared.body,
});
