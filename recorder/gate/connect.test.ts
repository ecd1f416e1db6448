import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressRefusedError, createAddressPolicy } from '../../shared/net/address-policy.ts';
import { connectSource } from './connect.ts';

const local = createAddressPolicy(['127.0.0.0/8']);
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const listen = async <Some extends Server>(server: Some): Promise<number> => {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};
const serve = (listener: RequestListener) => listen(createHttpServer(listener));
const http = (port: number, path = '/') => ({
  kind: 'http' as const,
  url: new URL(`http://127.0.0.1:${port}${path}`),
});

describe('Connecting to a source', () => {
  it('opens a socket for RTMP', async () => {
    const server = createServer();
    const port = await listen(server);
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const source = {
      kind: 'rtmp' as const,
      host: 'localhost',
      port,
      tls: false,
      tcUrl: '',
      app: '',
      playpath: '',
    };
    const upstream = await connectSource(source, local);
    const [socket] = await accepted;
    socket.write('hello');
    expect(String((await once(upstream.readable, 'data'))[0])).toBe('hello');
    expect(upstream.bytesRead()).toBe(5);
    upstream.destroy();
    await once(socket.resume(), 'close');
  });

  it('refuses an internal address, by number and by name', async () => {
    const strict = createAddressPolicy([]);
    for (const host of ['127.0.0.1', '[::1]', 'localhost', '2130706433', '0x7f.1']) {
      const source = { kind: 'rtmp' as const, host, port: 1, tls: false, tcUrl: '', app: '', playpath: '' };
      await expect(connectSource(source, strict)).rejects.toThrow(AddressRefusedError);
    }
    await expect(connectSource(http(1), strict)).rejects.toThrow(AddressRefusedError);
  });

  it('reads the body of an HTTP source, also after a redirect', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/live.flv' }).end();
      else response.end('FLV');
    });
    const upstream = await connectSource(http(port), local);
    expect(Buffer.concat(await upstream.readable.toArray()).toString()).toBe('FLV');
    expect(upstream.writable).toBeUndefined();
  });

  it.each(['http://169.254.169.254/latest/', 'http://[::ffff:a9fe:a9fe]/', 'http://10.0.0.1/'])(
    'follows no redirect to %s',
    async (location) => {
      const port = await serve((_, response) => response.writeHead(302, { location }).end());
      await expect(connectSource(http(port), local)).rejects.toThrow(AddressRefusedError);
    },
  );

  it('follows no redirect to another protocol, and none for ever', async () => {
    const elsewhere = await serve((_, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    );
    await expect(connectSource(http(elsewhere), local)).rejects.toThrow('file:');
    const round = await serve((_, response) => response.writeHead(302, { location: '/' }).end());
    await expect(connectSource(http(round), local)).rejects.toThrow('302');
  });

  it('says what the source answered', async () => {
    const port = await serve((_, response) => response.writeHead(404).end());
    await expect(connectSource(http(port), local)).rejects.toThrow('The source answered 404.');
  });

  it('outlives a source that is reset in mid-body', async () => {
    const port = await serve((request, response) => {
      response.write('x');
      setImmediate(() => request.socket.resetAndDestroy());
    });
    const upstream = await connectSource(http(port), local);
    upstream.readable.resume();
    await expect(once(upstream.readable, 'end')).rejects.toThrow();
  });

  it('says that nobody listens', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');
    servers.pop();
    await expect(connectSource(http(port), local)).rejects.toThrow('ECONNREFUSED');
  });
});
