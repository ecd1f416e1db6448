import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createTargetPolicy } from '../../shared/callbacks/target.ts';
import type { Resolve } from '../../shared/net/address-policy.ts';
import { type CallbackTarget, startCallbackTarget } from '../../test/support/callback-target.ts';
import { createSend } from './send.ts';

const LOOPBACK = ['127.0.0.0/8'];
const send = createSend(createTargetPolicy(LOOPBACK), 300);
const request = (url: string) => ({ url, headers: { 'content-type': 'application/json' }, body: '{"é":1}' });
const unanswered = (error: string | RegExp) => ({
  type: 'unanswered',
  error: typeof error === 'string' ? error : expect.stringMatching(error),
});

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const target = async (...args: Parameters<typeof startCallbackTarget>): Promise<CallbackTarget> => {
  const started = await startCallbackTarget(...args);
  open.push(started);
  return started;
};

/** A server that treats connections in its own way. */
const rawTarget = async (onConnection: Parameters<typeof createServer>[1]): Promise<string> => {
  const server = createServer(onConnection);
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
};

describe('sending', () => {
  it('posts the body as it is, and tells how the answer begins', async () => {
    const { url, received } = await target((response) => {
      response
        .writeHead(202, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '7' })
        .end('thanks');
    });
    expect(await send(request(`${url}?a=b`))).toEqual({
      type: 'answered',
      status: 202,
      contentType: 'text/plain; charset=utf-8',
      retryAfter: '7',
      answer: 'thanks',
    });
    expect(received[0]).toMatchObject({
      body: '{"é":1}',
      headers: { 'content-type': 'application/json', 'content-length': '8' },
    });
  });

  it('reads 1 kB of an answer, however long it is', async () => {
    let taken: Promise<unknown> | undefined;
    const { url } = await target((response) => {
      taken = once(response, 'close');
      response.writeHead(500);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    expect(await send(request(url))).toMatchObject({ status: 500, answer: 'x'.repeat(1024) });
    await taken;
  });

  it('takes the status of an answer whose body breaks off or does not end', async () => {
    const broken = await target((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(await send(request(broken.url))).toMatchObject({ status: 200, answer: 'half' });
    const endless = await target((response) => {
      response.writeHead(200);
      response.write('half');
    });
    expect(await send(request(endless.url))).toMatchObject({ status: 200, answer: 'half' });
  });

  it('follows no redirect', async () => {
    const other = await target();
    const { url } = await target((response) => response.writeHead(307, { location: other.url }).end());
    expect(await send(request(url))).toMatchObject({ type: 'answered', status: 307 });
    expect(other.received).toEqual([]);
  });

  it('gives up when there is no answer in time', async () => {
    const { url, received } = await target(() => undefined);
    expect(await send(request(url))).toEqual(unanswered('There was no answer within 0.3 s.'));
    expect(received).toHaveLength(1);
  });

  it('says in plain words what went wrong', async () => {
    const reset = await rawTarget((socket) => socket.resetAndDestroy());
    expect(await send(request(reset))).toEqual(unanswered('The target broke the connection off.'));
    const closed = await rawTarget((socket) => socket.destroy());
    expect(await send(request(closed))).toEqual(unanswered('The target broke the connection off.'));
    const noHttp = await rawTarget((socket) =>
      socket.on('error', () => undefined).end('SSH-2.0-OpenSSH\r\n'),
    );
    expect(await send(request(noHttp))).toEqual(unanswered('The answer is not HTTP.'));
    const switching = await rawTarget((socket) =>
      socket
        .on('error', () => undefined)
        .write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    );
    expect(await send(request(switching))).toEqual(unanswered('The target broke the connection off.'));
    const longHeaders = await target((response) => response.writeHead(200, { a: 'x'.repeat(20_000) }).end());
    expect(await send(request(longHeaders.url))).toEqual(
      unanswered('The headers of the answer are too long.'),
    );
    const noTls = await target();
    expect(await send(request(noTls.url.replace('http:', 'https:')))).toEqual(
      unanswered('The target does not speak TLS.'),
    );
    const { url, close } = await startCallbackTarget();
    await close();
    expect(await send(request(url))).toEqual(unanswered('The target refused the connection.'));
    expect(await send(request(url.replace('http:', 'https:')))).toEqual(
      unanswered('The target refused the connection.'),
    );
  });
});

describe('an address that is not allowed', () => {
  const strict = createTargetPolicy([]);

  it('is not connected to when it stands in the URL', async () => {
    const { url, received } = await target();
    for (const refused of [
      url,
      url.replace('http:', 'https:'),
      'https://[::1]/',
      'https://169.254.169.254/',
    ]) {
      expect(await createSend(strict)(request(refused))).toEqual(unanswered(/^The URL must /));
    }
    expect(received).toEqual([]);
  });

  it('is not connected to when a name resolves to it, whatever it resolved to before', async () => {
    const { received, url } = await target();
    const { port } = new URL(url);
    const asked: string[] = [];
    const resolve: Resolve = (host, _, callback) => {
      asked.push(host);
      callback(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ]);
    };
    const refused = unanswered('The address of the target is internal, and its network is not allowed.');
    const named = `https://hooks.example.com:${port}/`;
    expect(await createSend(createTargetPolicy([], { resolve }))(request(named))).toEqual(refused);
    const other = createTargetPolicy(['10.0.0.0/8'], { resolve });
    expect(await createSend(other)(request(named.replace('https:', 'http:')))).toEqual(refused);
    expect(asked).toEqual(['hooks.example.com', 'hooks.example.com']);
    expect(received).toEqual([]);

    const allowed = createTargetPolicy(LOOPBACK, { resolve });
    expect(await createSend(allowed)(request(named.replace('https:', 'http:')))).toMatchObject({
      status: 200,
    });
    expect(received).toHaveLength(1);
  });

  it('is not connected to without TLS when it is public', async () => {
    const resolve: Resolve = (_, __, callback) => callback(null, [{ address: '192.0.2.7', family: 4 }]);
    const sendThere = createSend(createTargetPolicy(LOOPBACK, { resolve }), 300);
    expect(await sendThere(request('http://hooks.example.com/'))).toEqual(unanswered(/is internal/));
  });
});
