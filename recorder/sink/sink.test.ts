import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Sink, startSink } from './sink.ts';

let sink: Sink;
beforeEach(async () => {
  sink = await startSink();
});
afterEach(() => sink.close());

it('is not idle before it has what was sent over connections that it has not looked at yet', async () => {
  const received = new Map<string, string>();
  const session = sink.open(async (path, request) => {
    for await (const chunk of request) received.set(path, `${received.get(path) ?? ''}${chunk}`);
  });
  const { port, pathname } = new URL(session.url);
  const paths = ['hls', 'mp4', 'flv'];
  const sockets = paths.map((path) => ({ path, socket: connect(Number(port), '127.0.0.1') }));
  await Promise.all(sockets.map(({ socket }) => once(socket, 'connect')));
  for (const { path, socket } of sockets) {
    socket.end(`PUT ${pathname}/${path} HTTP/1.1\r\nhost: sink\r\ncontent-length: 4\r\n\r\nlast`);
  }
  await session.idle();
  expect([...received]).toEqual(paths.map((path) => [path, 'last']));
});
