import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { makeCredentials } from './services/credentials.ts';

const secretsSchema = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  adminToken: z.string(),
  /** What the local ingest proves itself with. */
  ingestSecret: z.string(),
});
export type Secrets = z.infer<typeof secretsSchema>;

const holderSchema = z.object({ pid: z.number().int(), started: z.string() });

export type Opened =
  | { readonly type: 'opened'; readonly folder: DataFolder }
  | { readonly type: 'in-use'; readonly pid: number };

export interface DataFolder {
  readonly path: (name: string) => string;
  readonly secrets: Secrets;
  /** Whether the secrets were made just now, in a new data folder. */
  readonly isNew: boolean;
  close(): Promise<void>;
}

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** When a process started, so that a number used again is not taken for it; undefined when there is no such process. */
const startOf = async (pid: number): Promise<string | undefined> => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  // The 22nd field, 20th after the name in parentheses. Other systems than Linux have no such file.
  const stat = await readIfThere(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown';
};

/** Takes the lock, or tells the process that has it. A lock whose process is gone is taken over. */
const lock = async (path: string): Promise<number | undefined> => {
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) });
  for (;;) {
    try {
      await writeFile(path, mine, { flag: 'wx' });
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const text = await readIfThere(path);
    if (text === undefined) continue;
    const holder = text === '' ? undefined : holderSchema.safeParse(JSON.parse(text)).data;
    if (holder !== undefined && (await startOf(holder.pid)) === holder.started) return holder.pid;
    await rm(path, { force: true });
  }
};

const openSecrets = async (path: string): Promise<{ secrets: Secrets; isNew: boolean }> => {
  const text = await readIfThere(path);
  if (text !== undefined) return { secrets: secretsSchema.parse(JSON.parse(text)), isNew: false };
  const secrets: Secrets = {
    ...makeCredentials(),
    adminToken: `sk_${randomBytes(24).toString('base64url')}`,
    ingestSecret: randomBytes(24).toString('base64url'),
  };
  // Written aside first: a half-written file would lock everybody out.
  await writeFile(`${path}.new`, JSON.stringify(secrets, undefined, 2), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return { secrets, isNew: true };
};

/** Opens a data folder for this process alone, making it and its secrets at the first time. */
export const openDataFolder = async (folder: string): Promise<Opened> => {
  const path = (name: string): string => join(folder, name);
  await mkdir(folder, { recursive: true });
  const lockPath = path('run.lock');
  const pid = await lock(lockPath);
  if (pid !== undefined) return { type: 'in-use', pid };
  await mkdir(path('logs'), { recursive: true });
  await chmod(folder, 0o700);
  const { secrets, isNew } = await openSecrets(path('secrets.json'));
  return { type: 'opened', folder: { path, secrets, isNew, close: () => rm(lockPath, { force: true }) } };
};
