import { once } from 'node:events';
import {
  Agent as HttpAgent,
  get as httpGet,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import type { AddressPolicy } from '../../shared/net/address-policy.ts';

const CONNECT_TIMEOUT_MS = 5000;
const MOST_REDIRECTS = 3;

/** A source answered, but not with what was asked for. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: number;

  constructor(status: number) {
    super(`The source answered ${status}.`);
    this.status = status;
  }
}

/** Connections that are used again. Each is opened to a vetted address. */
export interface Connections {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  close(): void;
}

export const keepConnections = (): Connections => {
  const [http, https] = [new HttpAgent({ keepAlive: true }), new HttpsAgent({ keepAlive: true })];
  return {
    http,
    https,
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
};

export interface GetOptions {
  readonly policy: AddressPolicy;
  /** Absent: a connection of its own. */
  readonly connections?: Connections;
  readonly headers?: OutgoingHttpHeaders;
  readonly signal?: AbortSignal;
  /** 206 when a range is asked for. */
  readonly status?: number;
}

export interface Got {
  readonly response: IncomingMessage;
  /** Where it was in the end, redirects followed. */
  readonly url: URL;
}

/**
 * GETs from a vetted address, redirects too.
 * @throws AddressRefusedError, StatusError, or whatever the network says
 */
export const vettedGet = async (url: URL, options: GetOptions, redirects = 0): Promise<Got> => {
  const { policy, connections, headers = {}, signal, status = 200 } = options;
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(`A redirect led to ${url.protocol}`);
  policy.check(url.hostname);
  const isTls = url.protocol === 'https:';
  const get = isTls ? httpsGet : httpGet;
  const request = get(url, {
    agent: (isTls ? connections?.https : connections?.http) ?? false,
    lookup: policy.lookup,
    timeout: CONNECT_TIMEOUT_MS,
    // Some networks answer nobody who does not say who he is.
    headers: { 'user-agent': 'Streamkeep', ...headers },
    ...(signal === undefined ? {} : { signal }),
  });
  request.on('timeout', () => request.destroy(new Error('The source did not answer in time.')));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  request.setTimeout(0);
  // A reset in mid-body comes here and to the response; without a listener here it would end the process.
  request.on('error', (error) => response.destroy(error));
  const { statusCode = 0, headers: answered } = response;
  if (statusCode === status) return { response, url };
  response.destroy();
  const isRedirect = statusCode >= 300 && statusCode < 400 && answered.location !== undefined;
  if (!isRedirect || redirects >= MOST_REDIRECTS) throw new StatusError(statusCode);
  return vettedGet(new URL(answered.location ?? '', url), options, redirects + 1);
};
