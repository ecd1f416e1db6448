import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAddressPolicy } from '../../../shared/net/address-policy.ts';
import { openHlsGate } from './hls-gate.ts';

/** A gate to an origin that answers like this, and what it brings. */
const open = async (origin: RequestListener) => {
  const server = createServer(origin).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const policy = createAddressPolicy(['127.0.0.0/8']);
  const url = new URL(`http://127.0.0.1:${port}/show.m3u8`);
  const gate = await openHlsGate(url, { policy, age: undefined, memories: new Map() });
  onTestFinished(() => {
    gate.close();
    gate.close();
    server.close();
    server.closeAllConnections();
  });
  return { gate, get: (name: string) => fetch(new URL(name, gate.url)) };
};

describe('The gate to an HLS source', () => {
  it('does not take in a key or a map that never ends', { timeout: 10_000 }, async () => {
    const lines = ['#EXTM3U', '#EXT-X-TARGETDURATION:1', '#EXT-X-MAP:URI="init.mp4"', '#EXTINF:1,', 'a.m4s'];
    const cutOff = Promise.withResolvers<void>();
    let sent = 0;
    const { get } = await open((request, response) => {
      if (request.url === '/show.m3u8') return response.end(lines.join('\n'));
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) sent += 64 * 1024;
      };
      response.on('drain', write).on('close', cutOff.resolve);
      write();
    });
    const playlist = await (await get('index.m3u8')).text();
    const name = /EXT-X-MAP:URI="([^"]+)"/.exec(playlist)?.[1] ?? '';
    expect((await get(name)).status).toBe(404);
    await cutOff.promise;
    expect(sent).toBeLessThan(128 * 1024 * 1024);
  });
});
