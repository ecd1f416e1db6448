/** One push that an ingest server says is live. */
export interface LivePush {
  readonly app: string;
  readonly stream: string;
  /** The publisher's connection, as the callbacks of this server name it; absent when the server does not say. */
  readonly clientId?: string;
  /** Since when, RFC 3339; never later than the question. */
  readonly startedAt?: string;
  /** False when its connection is there but nothing comes; absent when the server does not say. */
  readonly isSending?: boolean;
  /** That it is this domain's, under this very name, is not certain: good for knowing that it is live, no more. */
  readonly isVague?: boolean;
}

/** What an ingest server has answered. */
export interface Snapshot {
  readonly pushes: readonly LivePush[];
  /** Whether there is nothing that it has left out. */
  readonly isComplete: boolean;
}

/** The question that an answer belongs to. */
export interface Question {
  readonly domain: string;
  readonly askedAt: Date;
}

/** How one kind of ingest server is asked what is live. Pure. */
export interface ServerApi {
  /** @param base what the domain's `api.url` says */
  url(base: URL): URL;
  /** @throws when the body is not what this server answers */
  parse(body: string, question: Question): Snapshot;
}

/** Longest list that is asked for at once: one answer is of one moment, several pages would not be. */
export const MOST_ITEMS = 10_000;

/** When a push began by the server's clock, which may differ from ours. */
export const notAfter = (startedAt: number, askedAt: Date): string =>
  new Date(Math.min(startedAt, askedAt.getTime())).toISOString();

/** A resource below the base, whose own query stays. */
export const below = (base: URL, path: string, query: Readonly<Record<string, string>> = {}): URL => {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/$/, '')}${path}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
};
