import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDataFolder } from './data-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'streamkeep-data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

const open = async () => {
  const opened = await openDataFolder(folder);
  if (opened.type !== 'opened') throw new Error('in use');
  return opened.folder;
};

describe('A data folder', () => {
  it('keeps its secrets, readable to nobody else', async () => {
    const first = await open();
    await first.close();
    const second = await open();
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second.secrets).toEqual(first.secrets);
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  it('belongs to one run at a time', async () => {
    const first = await open();
    expect(await openDataFolder(folder)).toEqual({ type: 'in-use', pid: process.pid });
    await first.close();
    await (await open()).close();
  });

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, started: '1' }],
    ['another process that has its number now', { pid: process.pid, started: '1' }],
  ])('takes over the lock of %s', async (_, holder) => {
    await writeFile(join(folder, 'run.lock'), JSON.stringify(holder));
    await open();
    expect(JSON.parse(await readFile(join(folder, 'run.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('takes over a lock that was never finished', async () => {
    await writeFile(join(folder, 'run.lock'), '');
    await open();
  });
});
