import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { openGate, type Upstream } from './gate.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A source on a real socket: what the gate relays from, and the source's own end of it. */
const startSource = async (): Promise<{ upstream: Upstream; source: Socket }> => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  const [source] = await accepted;
  source.on('error', () => undefined);
  cleanups.push(() => {
    server.close();
    socket.destroy();
    source.destroy();
  });
  const upstream = {
    readable: socket,
    writable: socket,
    bytesRead: () => socket.bytesRead,
    destroy: () => void socket.destroy(),
  };
  return { upstream, source };
};

const play = async (port: number): Promise<Socket> => {
  const player = connect(port, '127.0.0.1');
  cleanups.push(() => player.destroy());
  await once(player, 'connect');
  return player;
};

const readAll = async (socket: Socket): Promise<Buffer> => Buffer.concat(await socket.toArray());

describe('The gate', () => {
  it('relays both ways and counts what comes from the source', async () => {
    const { upstream, source } = await startSource();
    const gate = await openGate(upstream);
    const player = await play(gate.port);
    player.write('play');
    expect(String((await once(source, 'data'))[0])).toBe('play');
    source.write('media');
    expect(String((await once(player, 'data'))[0])).toBe('media');
    expect(gate.bytesRead()).toBe(5);
    expect(gate.endedBySource()).toBe(false);
    gate.close();
  });

  it('hands on what had come before the player was there', async () => {
    const { upstream, source } = await startSource();
    source.write('early');
    const gate = await openGate(upstream);
    const player = await play(gate.port);
    expect(String((await once(player, 'data'))[0])).toBe('early');
    gate.close();
  });

  it('closed, ends the player in an orderly way with all that was relayed', async () => {
    const { upstream, source } = await startSource();
    const gate = await openGate(upstream);
    const player = await play(gate.port);
    const media = Buffer.alloc(3_000_000, 7);
    source.write(media);
    const relayed = readAll(player);
    while (gate.bytesRead() < media.length) await new Promise((resolve) => setImmediate(resolve));
    gate.close();
    gate.close();
    expect((await relayed).length).toBe(media.length);
    expect(gate.endedBySource()).toBe(false);
  });

  it('ends the player when the source ends, with the last bytes', async () => {
    const { upstream, source } = await startSource();
    const gate = await openGate(upstream);
    const player = await play(gate.port);
    const relayed = readAll(player);
    source.end('the end');
    expect((await relayed).toString()).toBe('the end');
    expect(gate.endedBySource()).toBe(true);
  });

  it('takes a source that is reset for one that has ended', async () => {
    const { upstream, source } = await startSource();
    const gate = await openGate(upstream);
    const player = await play(gate.port);
    player.resume();
    source.resetAndDestroy();
    await once(player, 'close');
    expect(gate.endedBySource()).toBe(true);
  });

  it('lets nobody in but the first player', async () => {
    const { upstream } = await startSource();
    const gate = await openGate(upstream);
    await play(gate.port);
    const second = connect(gate.port, '127.0.0.1');
    const outcome = await Promise.race([once(second, 'close'), once(second, 'error')]).catch(
      (error: Error) => [error],
    );
    expect(outcome).toBeDefined();
    expect(second.bytesRead).toBe(0);
    second.destroy();
    gate.close();
  });

  it('lets go of the source when the player is gone', async () => {
    const { upstream, source } = await startSource();
    const gate = await openGate(upstream);
    const player = await play(gate.port);
    source.resume();
    player.resetAndDestroy();
    await once(source, 'close');
    expect(gate.endedBySource()).toBe(false);
  });

  it('drains what a player says to a source that cannot listen', async () => {
    const body = new PassThrough();
    const gate = await openGate({ readable: body, bytesRead: () => 0, destroy: () => void body.destroy() });
    const player = await play(gate.port);
    player.end('nobody hears this');
    body.end('body');
    expect((await readAll(player)).toString()).toBe('body');
  });
});
