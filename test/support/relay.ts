import { once } from 'node:events';
import { createServer } from 'node:http';

export interface CallbackRelay {
  /** For publishers: what comes is handed on, and the answer is handed back. */
  readonly publishUrl: string;
  /** For players: everything is allowed. */
  readonly playUrl: string;
  /** When a stream's publisher was announced, in milliseconds since 1970. */
  readonly publishedAt: ReadonlyMap<string, number>;
  /** How long its announcement took to be answered. */
  readonly answerMs: ReadonlyMap<string, number>;
  /** What the publisher of a stream was announced with, to be told again. */
  readonly announcements: ReadonlyMap<string, URLSearchParams>;
  /** When the first player of a stream was announced. */
  readonly playedAt: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/**
 * Stands between nginx-rtmp and the API, and notes when publishers and players are announced.
 * @param isLost whether this callback of this stream is answered here and goes no further
 */
export const startCallbackRelay = async (
  target: string,
  isLost: (call: string, stream: string) => boolean = () => false,
): Promise<CallbackRelay> => {
  const publishedAt = new Map<string, number>();
  const answerMs = new Map<string, number>();
  const announcements = new Map<string, URLSearchParams>();
  const playedAt = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const at = Date.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const name = form.get('name') ?? '';
    if (form.get('call') === 'play') {
      if (!playedAt.has(name)) playedAt.set(name, at);
      response.end();
      return;
    }
    const isAnnouncement = form.get('call') === 'publish';
    if (isAnnouncement) {
      publishedAt.set(name, at);
      announcements.set(name, form);
    }
    if (isLost(form.get('call') ?? '', name)) {
      response.end();
      return;
    }
    const answer = await fetch(target, { method: 'POST', body: form });
    response.writeHead(answer.status).end(await answer.text());
    if (isAnnouncement) answerMs.set(name, Date.now() - at);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    publishUrl: `${url}/publish`,
    playUrl: `${url}/play`,
    publishedAt,
    answerMs,
    announcements,
    playedAt,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
