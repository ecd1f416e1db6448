import type { AnyCommand, CommandSpec, OptionSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { findOne } from '../resources/find.ts';
import type { AnyResource } from '../resources/resource.ts';

export const yesOption: OptionSpec = { flags: '-y, --yes', about: 'do not ask' };

export const deleteCommand = (resource: AnyResource): AnyCommand => {
  const { group, noun } = resource;
  const command: CommandSpec<{ yes?: boolean }> = {
    usage: `delete <${noun}>`,
    about: `Delete a ${noun}; asks first`,
    examples: [`${group} ${resource.examples.delete ?? `delete my-${noun}`} --yes`],
    options: [yesOption],
    async run({ api, out, io }, [name = ''], { yes }) {
      const { data, etag } = await findOne(api, resource, name);
      const id = resource.idOf(data);
      const called = resource.nameOf?.(data) ?? id;
      await confirm(io, `Delete the ${noun} ${called}?`, yes);
      await resource.remove?.(api, id, etag);
      out.text(`The ${noun} ${called} is deleted.`);
    },
  };
  return command;
};
