import { buildSync } from 'esbuild';
import { REPO_ROOT } from './repo.ts';

/** Some dependencies are CommonJS and `require` Node's own modules, which an ES module has no function for. */
const REQUIRE_BANNER =
  "import { createRequire as streamkeepRequire } from 'node:module'; const require = streamkeepRequire(import.meta.url);";

/** The SDK's ways to credentials that Lambda does not need: it puts them into the environment. Imported when used. */
const NOT_ON_LAMBDA = ['ini', 'login', 'process', 'sso', 'web-identity'].map(
  (way) => `@aws-sdk/credential-provider-${way}`,
);

/**
 * Bundles each entry with all it imports, the AWS SDK included, so that its version is ours; in the entries' order.
 * @param external what is not bundled, as nothing will import it
 */
export const bundle = (entries: readonly string[], external: readonly string[] = []): Uint8Array[] => {
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
    external: [...external],
    minify: true,
    // Names of errors and functions in logs survive; source maps would cost every cold start.
    keepNames: true,
    banner: { js: REQUIRE_BANNER },
    logLevel: 'warning',
  });
  return outputFiles.map((file) => file.contents);
};

/** Bundles functions for Lambda, in the entries' order. */
export const bundleForLambda = (entries: readonly string[]): Uint8Array[] => bundle(entries, NOT_ON_LAMBDA);
