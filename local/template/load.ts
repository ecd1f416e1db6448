import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
});
export type Template = z.infer<typeof templateSchema>;

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .object({ templateFile: z.string().optional(), stackName: z.string().optional() })
        .loose()
        .optional(),
    }),
  ),
});

const assetsSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/** One resource of one stack, its properties as they stand in the template (intrinsics unresolved). */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A synthesized app: every stack's template, and where the files of its assets are. */
export interface Assembly {
  readonly stacks: Readonly<Record<string, Template>>;
  readonly resources: readonly Resource[];
  /** Folder or file of an asset, by the object key that the templates know it by. */
  readonly assetPath: (objectKey: string) => string;
}

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

/** All resources of some templates, by stack name. */
export const resourcesOf = (stacks: Readonly<Record<string, Template>>): Resource[] =>
  Object.entries(stacks).flatMap(([stack, template]) =>
    Object.entries(template.Resources).map(([logicalId, { Type, Properties }]) => ({
      stack,
      logicalId,
      type: Type,
      properties: Properties,
    })),
  );

/**
 * Reads what `cdk synth` wrote to `outdir`.
 * @throws when the folder holds no readable cloud assembly.
 */
export const loadAssembly = async (outdir: string): Promise<Assembly> => {
  const manifest = manifestSchema.parse(await readJson(join(outdir, 'manifest.json')));
  const stacks: Record<string, Template> = {};
  const assets = new Map<string, string>();
  for (const [id, artifact] of Object.entries(manifest.artifacts)) {
    const file = artifact.properties?.templateFile;
    if (artifact.type !== 'aws:cloudformation:stack' || file === undefined) continue;
    stacks[artifact.properties?.stackName ?? id] = templateSchema.parse(await readJson(join(outdir, file)));
    const { files } = assetsSchema.parse(
      await readJson(join(outdir, file.replace(/template\.json$/, 'assets.json'))),
    );
    for (const { source, destinations } of Object.values(files)) {
      for (const { objectKey } of Object.values(destinations)) {
        if (source.path !== undefined) assets.set(objectKey, join(outdir, source.path));
      }
    }
  }
  const assetPath = (objectKey: string): string => {
    const path = assets.get(objectKey);
    if (path === undefined) throw new Error(`The synthesized app has no asset ${objectKey}`);
    return path;
  };
  return { stacks, resources: resourcesOf(stacks), assetPath };
};
