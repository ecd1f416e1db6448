import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Client, createClient } from '../client/index.ts';
import { UnreachableError, UsageError } from './exit.ts';
import type { Io } from './io.ts';

export interface ConnectionOptions {
  readonly url?: string;
  readonly token?: string;
  readonly tokenFile?: string;
}

/** Where the API is, and who asks. */
export interface Connection {
  readonly url: string;
  readonly token: string;
  /** Of the local run in the working folder. */
  readonly isLocal: boolean;
}

const LOCAL_URL = 'http://127.0.0.1:8080';
const LOCAL_SECRETS = join('.streamkeep', 'secrets.json');
/** Longer than any function of the API may run. */
const PATIENCE_MS = 60_000;

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** The admin token of a local run in `folder`; undefined when there is none. */
const localToken = async (folder: string): Promise<string | undefined> => {
  try {
    const secrets: unknown = JSON.parse(await readFile(join(folder, LOCAL_SECRETS), 'utf8'));
    const { adminToken } = secrets as { adminToken?: unknown };
    return typeof adminToken === 'string' ? adminToken : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new UsageError(
      `${LOCAL_SECRETS} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
};

const fileToken = async (path: string, { cwd }: Io): Promise<string> => {
  try {
    return (await readFile(resolve(cwd, path), 'utf8')).trim();
  } catch (error) {
    throw new UsageError(`--token-file cannot be read: ${error instanceof Error ? error.message : error}`);
  }
};

/** @throws UsageError when it is not said where the API is, or with which token it is to be asked */
export const findConnection = async (given: ConnectionOptions, io: Io): Promise<Connection> => {
  const url = given.url ?? (io.env.STREAMKEEP_URL || undefined);
  const named =
    given.token ?? (given.tokenFile === undefined ? undefined : await fileToken(given.tokenFile, io));
  const token = named ?? (io.env.STREAMKEEP_TOKEN || undefined);
  if (url === undefined && token === undefined) {
    // Its token goes to this machine only, never to an address that was given.
    const local = await localToken(io.cwd);
    if (local !== undefined) return { url: LOCAL_URL, token: local, isLocal: true };
  }
  const missing = [
    ...(url === undefined ? ['where the API is: --url or STREAMKEEP_URL'] : []),
    ...(token === undefined ? ['a token: --token, --token-file or STREAMKEEP_TOKEN'] : []),
  ];
  if (url === undefined || token === undefined) {
    throw new UsageError(
      `Say ${missing.join(', and ')}. (Without both, the local run whose .streamkeep is in the working folder is asked; there is none here.)`,
    );
  }
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new UsageError(`The URL of the API must begin with http:// or https://, not '${url}'`);
  }
  // A header could not carry it, and what fetch says of that would show it.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError('The token may hold visible ASCII characters only.');
  return { url: url.replace(/\/+$/, '').replace(/\/v1$/, ''), token, isLocal: false };
};

const whyUnreachable = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer in ${PATIENCE_MS / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  // Of a host with several addresses, each failure is one of these.
  const [first] = cause instanceof AggregateError ? cause.errors : [];
  return (first instanceof Error ? first.message : cause.message) || error.message;
};

/** A client whose failed connections say so in plain words. */
export const connect = ({ url, token, isLocal }: Connection, io: Io): Client =>
  createClient({
    url,
    token,
    fetch: async (request) => {
      try {
        return await io.fetch(new Request(request, { signal: AbortSignal.timeout(PATIENCE_MS) }));
      } catch (error) {
        const start = isLocal ? ' Is the local run started? `npm start` does it.' : '';
        throw new UnreachableError(`Nothing answers at ${url} (${whyUnreachable(error)}).${start}`, {
          cause: error,
        });
      }
    },
  });
