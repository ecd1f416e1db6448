import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Mounts a file system of its own on a folder, which is made. @returns what takes it away again */
export const mountDisk = async (folder: string, megabytes: number): Promise<() => Promise<void>> => {
  await mkdir(folder, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  return async () => {
    // Not before nobody uses it any more: a process may have been killed a moment ago.
    await run('umount', ['--lazy', folder]);
  };
};

/** Why no file system can be mounted here; undefined when it can. */
export const cannotMount = async (): Promise<string | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'streamkeep-disk-'));
  try {
    const unmount = await mountDisk(folder, 1);
    await unmount();
    return undefined;
  } catch (error) {
    return `no small disk can be mounted here: ${error instanceof Error ? error.message.trim() : error}`;
  } finally {
    await rmdir(folder);
  }
};
