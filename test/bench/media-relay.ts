import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface MediaRelay {
  readonly port: number;
  /** When media first reach the reader that connects next, in milliseconds since 1970. */
  nextMedia(): Promise<number>;
  close(): void;
}

/** Handshake and commands of RTMP take less than half of it, the first key frame several times as much. */
const BYTES_BEFORE_MEDIA = 8192;

/** Stands between an RTMP server on this machine and its readers, and notes when media reach them. */
export const startMediaRelay = async (targetPort: number): Promise<MediaRelay> => {
  let next = Promise.withResolvers<number>();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (reader) => {
    const source = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const { resolve } = next;
    source.on('data', () => {
      if (source.bytesRead > BYTES_BEFORE_MEDIA) resolve(Date.now());
    });
    reader.pipe(source).pipe(reader);
    for (const [socket, other] of [
      [reader, source],
      [source, reader],
    ] as const) {
      sockets.add(socket);
      // A reset says no more than the close that follows.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The relay has no port');
  return {
    port: address.port,
    nextMedia: () => {
      next = Promise.withResolvers<number>();
      return next.promise;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};
