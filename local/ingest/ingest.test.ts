import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Ingest, startIngest } from './index.ts';

interface Callback {
  readonly action: string;
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly at: number;
}

const callbacks: Callback[] = [];
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  callbacks.push({ ...JSON.parse(body), at: Date.now() });
  response.end();
});
let ingest: Ingest;

const start = () =>
  startIngest({
    host: '127.0.0.1',
    port: 0,
    notifyUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/?secret=x`,
    log: new PassThrough(),
    onDeath: (how) => expect.unreachable(how),
  });

const push = (port: number, name: string, seconds: number): string[] =>
  `-v error -re -f lavfi -i testsrc2=s=64x64:r=10:d=${seconds} -c:v libx264 -f flv rtmp://127.0.0.1:${port}/live/${name}`.split(
    ' ',
  );

const actionsOf = (name: string): string[] =>
  callbacks.filter((call) => call.name === name).map((call) => call.action);

beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  ingest = await start();
});
afterAll(async () => {
  await ingest.stop();
  receiver.close();
});

describe('The RTMP ingest', () => {
  it('tells of the end of a stream at once', async () => {
    await promisify(execFile)('ffmpeg', push(ingest.port, 'short', 1));
    const ended = Date.now();
    await vi.waitFor(() => expect(actionsOf('short')).toContain('donePublish'), { timeout: 5000 });
    expect(actionsOf('short').sort()).toEqual(['donePublish', 'postPublish', 'prePublish']);
    const last = callbacks.find((call) => call.name === 'short' && call.action === 'donePublish');
    expect((last?.at ?? Number.POSITIVE_INFINITY) - ended).toBeLessThan(500);
    expect(last).toMatchObject({ app: 'live', id: callbacks.find((call) => call.name === 'short')?.id });
  });

  it('ends its streams before it ends itself', async () => {
    const other = await start();
    const publisher = spawn('ffmpeg', push(other.port, 'cut', 60), { stdio: 'ignore' });
    onTestFinished(() => void publisher.kill('SIGKILL'));
    await vi.waitFor(() => expect(actionsOf('cut')).toContain('postPublish'), { timeout: 5000 });
    await other.stop();
    expect(actionsOf('cut')).toContain('donePublish');
  });

  it('says which port is taken', async () => {
    const options = {
      host: '127.0.0.1',
      port: ingest.port,
      notifyUrl: 'http://127.0.0.1:1/',
      log: new PassThrough(),
    };
    await expect(startIngest({ ...options, onDeath: () => {} })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
