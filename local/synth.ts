import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { access, glob, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/streamkeep/synth');
/** What the recorder's image holds, inside the folder of the cloud assembly. */
export const IMAGE_FOLDER = 'recorder';

/** Everything a template or a function's bundle is made from. */
const SOURCES = [
  'infra/**/*.ts',
  'functions/**/*.{ts,html,js,json}',
  'recorder/**/*.ts',
  'local/synth-app.ts',
  'shared/**/*.ts',
  'package-lock.json',
  'tsconfig.json',
  'Dockerfile',
];
/** Syntheses to keep: one may be in use by another run, and branches are switched back and forth. */
const KEEP = 4;

const exists = async (path: string): Promise<boolean> => {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
};

const sourcesHash = async (): Promise<string> => {
  const paths: string[] = [];
  for await (const path of glob(SOURCES, { cwd: ROOT })) {
    if (!path.endsWith('.test.ts')) paths.push(path);
  }
  const hash = createHash('sha256');
  for (const path of paths.sort()) {
    hash
      .update(`${path}\0`)
      .update(await readFile(join(ROOT, path)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 32);
};

const forgetOld = async (): Promise<void> => {
  // Those that are being made belong to other runs.
  const made = (await readdir(CACHE)).filter((name) => !name.includes('.'));
  const entries = await Promise.all(
    made.map(async (name) => {
      // Another run may just have forgotten it.
      const { mtimeMs: used } = await stat(join(CACHE, name)).catch(() => ({ mtimeMs: 0 }));
      return { name, used };
    }),
  );
  const old = entries.sort((a, b) => b.used - a.used).slice(KEEP);
  await Promise.all(old.map(({ name }) => rm(join(CACHE, name), { recursive: true, force: true })));
};

/**
 * The synthesized CDK app: from the cache when no source has changed, made anew otherwise.
 * @returns the folder of the cloud assembly
 * @throws with what the CDK app printed, when it cannot be synthesized
 */
export const synthesize = async (): Promise<string> => {
  const folder = join(CACHE, await sourcesHash());
  if (await exists(join(folder, 'manifest.json'))) {
    const now = new Date();
    await utimes(folder, now, now);
    return folder;
  }
  await mkdir(CACHE, { recursive: true });
  // Made aside, so that a run which is killed meanwhile, or a second one, never sees half an assembly.
  const fresh = `${folder}.${randomUUID()}`;
  // In a process of its own: the CDK takes 150 MB that a run should not keep.
  await promisify(execFile)(process.execPath, [
    fileURLToPath(new URL('./synth-app.ts', import.meta.url)),
    fresh,
  ]);
  try {
    await rename(fresh, folder);
  } catch (error) {
    if (!(await exists(join(folder, 'manifest.json')))) throw error;
    await rm(fresh, { recursive: true });
  }
  await forgetOld();
  return folder;
};
