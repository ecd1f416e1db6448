import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as until } from 'node:timers/promises';
import { type Amf0Value, encodeAmf0 } from '../../recorder/containers/flv/amf0.ts';

const COMMAND = 20;
const SET_CHUNK_SIZE = 1;
const CHUNK_BYTES = 60_000;
const HANDSHAKE_BYTES = 1536;
const EXTENDED = 0xffffff;

export interface RtmpMessage {
  /** As FLV's tag types. */
  readonly type: number;
  readonly timeMs: number;
  readonly data: Buffer;
  /** When it is sent, since the beginning of the stream. @default timeMs */
  readonly sentMs?: number;
}

/** A connection that pushes a stream, for what ffmpeg does not send. */
export interface RtmpPublisher {
  /** Sends messages, each when its time has come. @throws when the server has ended the connection */
  send(messages: readonly RtmpMessage[]): Promise<void>;
  /** Ends the stream by ending the connection. */
  close(): Promise<void>;
}

const chunks = (streamId: number, { type, timeMs, data }: RtmpMessage): Buffer => {
  // From 2^24 on, four more bytes hold the time, in every chunk of the message.
  const time = Buffer.alloc(timeMs < EXTENDED ? 0 : 4);
  if (time.length > 0) time.writeUInt32BE(timeMs);
  const header = Buffer.alloc(12);
  header.writeUInt8(3, 0);
  header.writeUIntBE(Math.min(timeMs, EXTENDED), 1, 3);
  header.writeUIntBE(data.length, 4, 3);
  header.writeUInt8(type, 7);
  header.writeUInt32LE(streamId, 8);
  const parts: Buffer[] = [header, time, data.subarray(0, CHUNK_BYTES)];
  for (let offset = CHUNK_BYTES; offset < data.length; offset += CHUNK_BYTES) {
    parts.push(Buffer.from([0xc3]), time, data.subarray(offset, offset + CHUNK_BYTES));
  }
  return Buffer.concat(parts);
};

/** What the server sends, kept to look for the answer that matters. */
const listen = (socket: Socket) => {
  let received = Buffer.alloc(0);
  let wake = (): void => undefined;
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  socket.on('close', () => wake());
  return {
    until: async (what: string, isThere: (received: Buffer) => boolean): Promise<void> => {
      while (!isThere(received)) {
        if (socket.destroyed || socket.readableEnded) throw new Error(`The server left before ${what}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
};

/**
 * Publishes `stream` in `app` of an RTMP server, names as they are.
 * @throws when the server refuses
 */
export const publishRtmp = async (url: string, app: string, stream: string): Promise<RtmpPublisher> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  // A server that refuses resets the connection; that it has left is told where it matters.
  socket.on('error', () => undefined);
  const server = listen(socket);
  const hello = Buffer.alloc(1 + HANDSHAKE_BYTES);
  hello.writeUInt8(3);
  socket.write(hello);
  await server.until('the handshake', (received) => received.length > 2 * HANDSHAKE_BYTES);
  socket.write(Buffer.alloc(HANDSHAKE_BYTES));

  const write = (type: number, data: Buffer, streamId = 0, timeMs = 0): boolean =>
    socket.write(chunks(streamId, { type, timeMs, data }));
  const command = (streamId: number, ...values: Amf0Value[]): boolean =>
    write(COMMAND, encodeAmf0(...values), streamId);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(CHUNK_BYTES);
  write(SET_CHUNK_SIZE, size);
  const about = new Map<string, Amf0Value>([
    ['app', app],
    ['type', 'nonprivate'],
    ['tcUrl', `${url}/${app}`],
  ]);
  command(0, 'connect', 1, { kind: 'object', members: about });
  await server.until('the connection', (received) => received.includes('NetConnection.Connect.Success'));
  command(0, 'createStream', 2, null);
  // Every server gives the first stream of a connection the number 1.
  command(1, 'publish', 3, null, stream, 'live');
  await server.until('the publication', (received) => received.includes('NetStream.Publish.Start'));

  const startedAt = performance.now();
  return {
    send: async (messages) => {
      for (const { type, timeMs, data, sentMs = timeMs } of messages) {
        const early = startedAt + sentMs - performance.now();
        if (early > 0) await until(early);
        if (socket.destroyed) throw new Error('The server has ended the connection');
        write(type, data, 1, timeMs);
      }
    },
    close: async () => {
      if (socket.closed) return;
      const closed = once(socket, 'close');
      socket.end();
      socket.resume();
      await closed;
    },
  };
};
