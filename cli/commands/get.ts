import type { AnyCommand } from '../command.ts';
import { findOne } from '../resources/find.ts';
import type { AnyResource } from '../resources/resource.ts';

export const getCommand = (resource: AnyResource): AnyCommand => ({
  usage: `get <${resource.noun}>`,
  about: `Show one ${resource.noun}, whole`,
  examples: [`${resource.group} ${resource.examples.get ?? `get my-${resource.noun}`}`],
  async run({ api, out }, [name = '']) {
    out.item((await findOne(api, resource, name)).data);
  },
});
