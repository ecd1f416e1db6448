import { buildSync } from 'esbuild';
import { REPO_ROOT } from './repo.ts';

/** Some dependencies are CommonJS and `require` Node's own modules, which an ES module has no function for. */
const REQUIRE_BANNER =
  "import { createRequire as streamkeepRequire } from 'node:module'; const require = streamkeepRequire(import.meta.url);";

/** Bundles each entry with all it imports, the AWS SDK included, so that its version is ours; in the entries' order. */
export const bundle = (entries: readonly string[]): Uint8Array[] => {
  const { outputFiles } = buildSync({
    absWorkingDir: REPO_ROOT,
    entryPoints: [...entries],
    outdir: 'not-written',
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    // Names of errors and functions in logs survive; source maps would cost every cold start.
    keepNames: true,
    banner: { js: REQUIRE_BANNER },
    logLevel: 'warning',
  });
  return outputFiles.map((file) => file.contents);
};
