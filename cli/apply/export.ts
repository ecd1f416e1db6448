import { dataOf } from '../../client/index.ts';
import type { Body } from '../body/paths.ts';
import type { AnyCommand } from '../command.ts';
import { yamlOf } from '../output/output.ts';
import { toManifest } from './kinds.ts';
import { type Present, readConfigured } from './present.ts';
import { createSchemas } from './schema.ts';

/** As a file says it; which storage is not the default one goes without saying. */
const manifestOf = ({ kind, body }: Present): Body => {
  const { default: isDefault, ...others } = body;
  return toManifest(kind, kind.kind === 'Storage' && isDefault === false ? others : body);
};

export const exportCommand: AnyCommand = {
  usage: 'export',
  about: 'Write the present configuration as YAML that `apply` takes; secrets are not in it',
  examples: ['export > streamkeep.yaml'],
  async run({ api, out, io }) {
    const schemas = createSchemas(await dataOf(api.GET('/v1/openapi.json')));
    const { present } = await readConfigured(api, schemas);
    const manifests = present.map(manifestOf);
    if (out.isJson) out.item(manifests);
    else io.out.write(manifests.map(yamlOf).join('---\n'));
  },
};
