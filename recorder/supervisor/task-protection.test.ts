import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../recorder.fixture.ts';
import { createTaskProtection } from './task-protection.ts';

interface Put {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: unknown;
}

const closing: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const close of closing.splice(0)) close();
});

/** The agent's endpoint; `next` resolves with each request as it comes. */
const serveAgent = async (status = 200) => {
  const puts: Put[] = [];
  let told = (): void => undefined;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    puts.push({
      method: request.method,
      path: request.url,
      body: JSON.parse(Buffer.concat(chunks).toString()),
    });
    response.writeHead(status).end(() => told());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const until = async (count: number): Promise<void> => {
    while (puts.length < count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      told = resolve;
      if (puts.length < count) await promise;
    }
  };
  return { uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, puts, until };
};

const protecting = { ProtectionEnabled: true, ExpiresInMinutes: 60 };

describe('The protection from scale-in', () => {
  it('is asked for when the first recording begins, and given back after the last one', async () => {
    const agent = await serveAgent();
    const protect = createTaskProtection(agent.uri, silentLog());
    for (const busy of [0, 1, 2, 1]) protect(busy);
    await agent.until(1);
    protect(0);
    await agent.until(2);
    expect(agent.puts).toEqual([
      { method: 'PUT', path: '/task-protection/v1/state', body: protecting },
      { method: 'PUT', path: '/task-protection/v1/state', body: { ProtectionEnabled: false } },
    ]);
  });

  it('is renewed long before it ends, as long as anything is recorded', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const agent = await serveAgent();
    const protect = createTaskProtection(agent.uri, silentLog());
    protect(1);
    vi.advanceTimersByTime(40 * 60_000);
    await agent.until(3);
    expect(agent.puts.map(({ body }) => body)).toEqual([protecting, protecting, protecting]);
    protect(0);
    vi.advanceTimersByTime(120 * 60_000);
    await agent.until(4);
    expect(agent.puts).toHaveLength(4);
  });

  it('is warned of when it is refused or nobody answers, and costs no recording', async () => {
    const agent = await serveAgent(500);
    for (const uri of [agent.uri, 'http://127.0.0.1:1']) {
      const log = silentLog();
      createTaskProtection(uri, log)(1);
      await vi.waitFor(() => expect(log.warn).toHaveBeenCalledTimes(1));
    }
  });

  it('is nobody’s business outside ECS', () => {
    const log = silentLog();
    const fetched = vi.spyOn(globalThis, 'fetch');
    createTaskProtection(undefined, log)(1);
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });
});
