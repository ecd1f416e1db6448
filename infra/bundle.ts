import { cpSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import * as z from 'zod';
import { bundleForLambda } from './esbuild.ts';
import { REPO_ROOT } from './repo.ts';

const assetsSchema = z.array(z.string());

/** Copies what a function's `assets.json` names, by paths from the repository's root, to `assets/` beside its code. */
const copyAssets = (folder: string, outputDir: string): void => {
  const list = join(folder, 'assets.json');
  if (!existsSync(list)) return;
  for (const path of assetsSchema.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    cpSync(join(REPO_ROOT, path), join(outputDir, 'assets', basename(path)));
  }
};

/**
 * The code of the functions, each as one `index.mjs`, beside it the files that its `assets.json` names; call the result with a folder of `functions/`. One run of
 * esbuild in this process bundles all of them when the first is needed: `NodejsFunction` would start `npx` for each,
 * which takes ten times as long.
 * @throws Error for a folder without `handler.ts`, and the errors that esbuild finds in the source
 */
export const bundleFunctions = (): ((folder: string) => AssetCode) => {
  const entries = globSync('functions/*/handler.ts', { cwd: REPO_ROOT }).sort();
  let bundled: Uint8Array[] | undefined;
  return (folder) => {
    const index = entries.indexOf(join('functions', folder, 'handler.ts'));
    const entry = entries[index];
    if (entry === undefined)
      throw new Error(`Function ${folder} has no code: functions/${folder}/handler.ts is missing.`);
    return Code.fromAsset(join(REPO_ROOT, dirname(entry)), {
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        image: DockerImage.fromRegistry('not-used-bundling-is-always-local'),
        local: {
          tryBundle: (outputDir) => {
            bundled ??= bundleForLambda(entries);
            const code = bundled[index];
            if (code === undefined) throw new Error(`esbuild made nothing of ${entry}.`);
            writeFileSync(join(outputDir, 'index.mjs'), code);
            copyAssets(join(REPO_ROOT, dirname(entry)), outputDir);
            return true;
          },
        },
      },
    });
  };
};
