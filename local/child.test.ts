import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { stillRunning } from '../test/support/local-process.ts';
import { restartDelayMs, supervise } from './child.ts';

/** Who listens to nothing ends at once. */
const STAYING = "process.on('message', () => {});";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'streamkeep-child-'));
  await writeFile(
    join(folder, 'polite.mjs'),
    `${STAYING} process.on('SIGTERM', () => process.exit(0)); process.send('up');`,
  );
  await writeFile(
    join(folder, 'stubborn.mjs'),
    `${STAYING} process.on('SIGTERM', () => {}); process.send('up');`,
  );
  await writeFile(
    join(folder, 'parent.mjs'),
    `import { spawn } from 'node:child_process'; process.send(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']).pid);`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

const start = (script: string) => {
  const deaths: string[] = [];
  const messages = new PassThrough({ objectMode: true });
  const child = supervise({
    args: () => [join(folder, script)],
    env: () => ({}),
    log: new PassThrough(),
    onMessage: (message) => messages.write(message),
    onDeath: (how) => deaths.push(how),
  });
  onTestFinished(() => child.abandon());
  return { child, deaths, messages, up: () => once(messages, 'data') };
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('A supervised process', () => {
  it('is started again at once when it is killed', async () => {
    const { child, deaths, up } = start('polite.mjs');
    await up();
    const first = child.pid;
    child.kill('SIGKILL');
    await up();
    expect(deaths).toEqual(['SIGKILL']);
    expect(child.pid).not.toBe(first);
    await child.stop(5000);
  });

  it('takes with it what it has started', async () => {
    const { child, messages } = start('parent.mjs');
    const [pid] = (await once(messages, 'data')) as [number];
    expect(await stillRunning([pid])).toEqual([pid]);
    process.kill(pid, 'SIGSTOP');
    child.kill('SIGKILL');
    await vi.waitFor(async () => expect(await stillRunning([pid])).toEqual([]));
    await child.stop(5000);
  });

  it('stays away once it has been stopped', async () => {
    const { child, deaths, up } = start('polite.mjs');
    await up();
    const { pid } = child;
    await child.stop(5000);
    expect(deaths).toEqual([]);
    expect(isAlive(pid ?? 0)).toBe(false);
    expect(child.pid).toBeUndefined();
  });

  it('is killed when it does not end in time', async () => {
    const { child, up } = start('stubborn.mjs');
    await up();
    const { pid } = child;
    await child.stop(100);
    await vi.waitFor(() => expect(isAlive(pid ?? 0)).toBe(false));
  });

  it('is started ever more slowly when it keeps dying', () => {
    expect([1, 2, 3, 4, 9].map(restartDelayMs)).toEqual([0, 400, 800, 1600, 5000]);
  });
});
