import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressRefusedError, createAddressPolicy } from '../net/address-policy.ts';
import { ask } from './ask.ts';

const local = createAddressPolicy(['127.0.0.0/8']);

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const serve = async (listener: RequestListener): Promise<URL> => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://localhost:${(server.address() as AddressInfo).port}/stat?all=1`);
};

describe('A question to an ingest server', () => {
  it('brings its answer', async () => {
    const url = await serve((request, response) => response.end(`${request.method} ${request.url}`));
    expect(await ask(url, local)).toBe('GET /stat?all=1');
  });

  it('goes to allowed addresses only, whether the URL names them or DNS does', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.end();
    });
    const outside = createAddressPolicy([]);
    await expect(ask(url, outside)).rejects.toThrow(AddressRefusedError);
    url.hostname = '127.0.0.1';
    await expect(ask(url, outside)).rejects.toThrow(AddressRefusedError);
    await expect(ask(new URL('http://169.254.169.254/latest'), local)).rejects.toThrow(AddressRefusedError);
    expect(asked).toBe(0);
  });

  it('follows no redirect, and takes no other status for an answer', async () => {
    for (const status of [302, 401, 404, 500]) {
      const url = await serve((_, response) => {
        response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('{}');
      });
      await expect(ask(url, local)).rejects.toThrow(`status ${status}`);
    }
  });

  it('is given up when the answer does not come, stops, breaks off or is too long', async () => {
    const silent = await serve(() => undefined);
    await expect(ask(silent, local, { timeoutMs: 100 })).rejects.toThrow('within 100 ms');
    const stopping = await serve((_, response) => response.write('half'));
    await expect(ask(stopping, local, { timeoutMs: 100 })).rejects.toThrow('within 100 ms');
    const breaking = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half', () => response.destroy());
    });
    await expect(ask(breaking, local)).rejects.toThrow();
    const endless = await serve((_, response) => {
      const more = (): void => void response.write('x'.repeat(1000), more);
      more();
    });
    await expect(ask(endless, local, { mostBytes: 10_000 })).rejects.toThrow('longer than 10000 bytes');
  });
});
