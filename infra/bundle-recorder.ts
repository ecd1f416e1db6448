import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './esbuild.ts';

/**
 * `node infra/bundle-recorder.ts FOLDER`: recorder and worker as one file each. They need a quarter less memory than the sources,
 * which Node would have to strip of their types, and the image needs no node_modules.
 */
const ENTRIES = { 'recorder.mjs': 'recorder/main.ts', 'worker.mjs': 'recorder/worker/main.ts' };

export const bundleRecorder = (folder: string): void => {
  mkdirSync(folder, { recursive: true });
  const codes = bundle(Object.values(ENTRIES));
  for (const [index, name] of Object.keys(ENTRIES).entries()) {
    const code = codes[index];
    if (code === undefined) throw new Error(`esbuild made nothing of ${name}.`);
    writeFileSync(join(folder, name), code);
  }
};

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('Name the folder to write to, such as dist');
  bundleRecorder(folder);
}
