import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { AddressPolicy } from './address-policy.ts';
import type { Upstream } from './gate.ts';
import { withoutRedirects } from './no-redirects.ts';
import type { Source } from './source.ts';

const CONNECT_TIMEOUT_MS = 5000;
const MOST_REDIRECTS = 3;

const upstreamOf = (socket: Socket): Upstream => ({
  readable: socket,
  writable: socket,
  bytesRead: () => socket.bytesRead,
  destroy: () => socket.destroy(),
});

const connectSocket = async (
  { host, port, tls }: { host: string; port: number; tls: boolean },
  policy: AddressPolicy,
): Promise<Upstream> => {
  policy.check(host);
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const options = { host: bare, port, lookup: policy.lookup, noDelay: true };
  const socket = tls ? connectTls({ ...options, servername: bare }) : connectTcp(options);
  const signal = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
  try {
    await once(socket, tls ? 'secureConnect' : 'connect', { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return upstreamOf(socket);
};

const guarded = (upstream: Upstream): Upstream => {
  // An error of either side ends both, and reaches the gate as an error of what it reads.
  const readable = pipeline(upstream.readable, withoutRedirects(), () => undefined);
  return { ...upstream, readable };
};

const requestBody = async (url: URL, policy: AddressPolicy, redirects = 0): Promise<IncomingMessage> => {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(`A redirect led to ${url.protocol}`);
  policy.check(url.hostname);
  const get = url.protocol === 'https:' ? httpsGet : httpGet;
  // No keep-alive: each redirect is resolved and vetted anew.
  const request = get(url, { agent: false, lookup: policy.lookup, timeout: CONNECT_TIMEOUT_MS });
  request.on('timeout', () => request.destroy(new Error('The source did not answer in time.')));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  request.setTimeout(0);
  // A reset in mid-body comes here and to the response; without a listener here it would end the process.
  request.on('error', (error) => response.destroy(error));
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined && redirects < MOST_REDIRECTS) {
    response.destroy();
    return requestBody(new URL(headers.location, url), policy, redirects + 1);
  }
  if (statusCode !== 200) {
    response.destroy();
    throw new Error(`The source answered ${statusCode}.`);
  }
  return response;
};

/**
 * Connects to a source, to vetted addresses only.
 * @throws AddressRefusedError, or whatever the network says
 */
export const connectSource = async (
  source: Exclude<Source, { kind: 'srt' }>,
  policy: AddressPolicy,
): Promise<Upstream> => {
  if (source.kind === 'rtsp') return guarded(await connectSocket(source, policy));
  if (source.kind === 'rtmp') return connectSocket(source, policy);
  const response = await requestBody(source.url, policy);
  return {
    readable: response,
    bytesRead: () => response.socket.bytesRead,
    destroy: () => response.destroy(),
  };
};
