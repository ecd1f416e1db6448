import NodeMediaServer from 'node-media-server';
import * as z from 'zod';

/**
 * The RTMP ingest, in a process of its own: node-media-server ends its process on a listen error.
 * It listens for RTMP alone; its HTTP server, recorder and store are never started.
 */
const settings = z
  .object({ host: z.string(), port: z.number().int(), notifyUrl: z.url() })
  .parse(JSON.parse(process.env.INGEST_SETTINGS ?? ''));

/** Time for the callbacks of streams that end with the server to be sent off. */
const FAREWELL_MS = 200;

const server = new NodeMediaServer({
  bind: settings.host,
  // As text, because 0 as a number means no RTMP at all.
  rtmp: { port: String(settings.port) },
  notify: { url: settings.notifyUrl },
});
// It holds the end of a stream back for 30 s, for publishers that come back; here the end must be seen at once.
server.on('prePublish', (session) => {
  session.broadcast.publishGraceMs = 0;
});

const { tcpServer } = server.rtmpServer;
tcpServer.once('listening', () => {
  const address = tcpServer.address();
  if (typeof address === 'object' && address !== null)
    process.send?.({ type: 'listening', port: address.port });
});

const exit = (): never => process.exit(0);
// The run that started this process has died.
process.once('disconnect', exit);
process.once('SIGTERM', () => {
  server.rtmpServer.stop();
  setTimeout(() => {
    // What is still being sent keeps the process alive until it has its answer.
    process.off('disconnect', exit);
    process.disconnect();
  }, FAREWELL_MS);
});

server.rtmpServer.run();
tcpServer.prependListener('error', (error: NodeJS.ErrnoException) => {
  process.send?.({ type: 'failed', message: error.message, code: error.code });
});
server.notifyServer.run();
