import { globSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { bundle } from './esbuild.ts';
import { REPO_ROOT } from './repo.ts';

/**
 * The code of the functions, each as one `index.mjs`; call the result with a folder of `functions/`. One run of
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
            bundled ??= bundle(entries);
            const code = bundled[index];
            if (code === undefined) throw new Error(`esbuild made nothing of ${entry}.`);
            writeFileSync(join(outputDir, 'index.mjs'), code);
            return true;
          },
        },
      },
    });
  };
};
