import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bundle } from './esbuild.ts';

/**
 * `node infra/bundle-recorder.ts FILE.mjs`: the recorder as one file. It needs a quarter less memory than the sources,
 * which Node would have to strip of their types, and the image needs no node_modules.
 */
export const bundleRecorder = (outfile: string): void => {
  const [code] = bundle(['recorder/main.ts']);
  if (code === undefined) throw new Error('esbuild made nothing of recorder/main.ts.');
  mkdirSync(dirname(outfile), { recursive: true });
  writeFileSync(outfile, code);
};

if (import.meta.main) {
  const [outfile] = process.argv.slice(2);
  if (outfile === undefined) throw new Error('Name the file to write, such as dist/recorder.mjs');
  bundleRecorder(outfile);
}
