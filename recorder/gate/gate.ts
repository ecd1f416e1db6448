import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { whenPlayAccepted } from './play-accepted.ts';

/** How the bytes of a source come in: a socket to relay both ways, or a body to hand on. */
export interface Upstream {
  readonly readable: Readable;
  /** Absent where ffmpeg has nothing to say, as with an HTTP body. */
  readonly writable?: Writable;
  bytesRead(): number;
  destroy(): void;
}

/**
 * The door between a source and ffmpeg. ffmpeg connects to loopback, the gate relays: so it counts bytes without
 * parsing them, sees silence at once, and ends a capture cleanly — a closed relay is an end of file to ffmpeg,
 * which then flushes every output.
 */
export interface Gate {
  readonly port: number;
  /** Bytes that have come from the source. */
  bytesRead(): number;
  /** Whether it was the source that ended it. */
  endedBySource(): boolean;
  /** Whether silence means nothing just now, as with what comes in pieces. Absent: it never does. */
  isPausing?(): boolean;
  /** The session is over: settles when everything has come that still does. Absent: nothing does. */
  finish?(): Promise<void>;
  close(): void;
}

// ffmpeg is started at the same time and connects within a fraction of a second.
const CONNECT_TIMEOUT_MS = 10_000;

const relay = (upstream: Upstream, player: Socket): void => {
  upstream.readable.pipe(player);
  if (upstream.writable === undefined) player.resume();
  else player.pipe(upstream.writable);
};

/** @param onAccepted called once, when an RTMP server has taken ffmpeg in as a reader */
export const openGate = async (upstream: Upstream, onAccepted?: () => void): Promise<Gate> => {
  const server = createServer({ noDelay: true });
  let player: Socket | undefined;
  let endedBySource = false;

  const close = (): void => {
    clearTimeout(timer);
    server.close();
    upstream.readable.unpipe();
    // An orderly end: all that has come reaches ffmpeg, even when it was slow to take it.
    const rest: unknown = upstream.readable.read();
    if (Buffer.isBuffer(rest)) player?.write(rest);
    upstream.destroy();
    player?.end();
  };
  const timer = setTimeout(close, CONNECT_TIMEOUT_MS);

  server.on('connection', (socket) => {
    clearTimeout(timer);
    if (player !== undefined) {
      socket.destroy();
      return;
    }
    server.close();
    player = socket;
    // A reset by ffmpeg only says that it is gone, which its exit tells better.
    socket.on('error', close);
    socket.on('close', close);
    relay(upstream, socket);
    if (onAccepted !== undefined) whenPlayAccepted(upstream.readable, onAccepted);
  });
  const sourceEnded = (): void => {
    endedBySource = true;
    close();
  };
  upstream.readable.on('end', sourceEnded);
  upstream.readable.on('error', sourceEnded);

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The gate has no port');
  return {
    port: address.port,
    bytesRead: () => upstream.bytesRead(),
    endedBySource: () => endedBySource,
    close,
  };
};
