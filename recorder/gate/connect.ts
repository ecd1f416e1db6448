import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { AddressPolicy } from '../../shared/net/address-policy.ts';
import type { Upstream } from './gate.ts';
import { withoutRedirects } from './no-redirects.ts';
import type { Source } from './source.ts';
import { vettedGet } from './vetted-get.ts';

const CONNECT_TIMEOUT_MS = 5000;

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

/**
 * Connects to a source, to vetted addresses only.
 * @throws AddressRefusedError, or whatever the network says
 */
export const connectSource = async (
  source: Exclude<Source, { kind: 'srt' | 'hls' }>,
  policy: AddressPolicy,
): Promise<Upstream> => {
  if (source.kind === 'rtsp') return guarded(await connectSocket(source, policy));
  if (source.kind === 'rtmp') return connectSocket(source, policy);
  const { response } = await vettedGet(source.url, { policy });
  return {
    readable: response,
    bytesRead: () => response.socket.bytesRead,
    destroy: () => response.destroy(),
  };
};
