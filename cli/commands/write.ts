import { applyFlags } from '../body/flags.ts';
import { type Body, merge } from '../body/paths.ts';
import { readBody } from '../body/read-file.ts';
import type { AnyCommand, CommandSpec, OptionSpec } from '../command.ts';
import { UsageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { findOne, withIds } from '../resources/find.ts';
import type { AnyResource } from '../resources/resource.ts';

interface Given {
  readonly file?: string;
}

/** A body as it can be sent: with the files that it names, as far as `before` does not have them. */
const withFiles = async ({ files }: AnyResource, body: Body, { cwd }: Io, before?: Body): Promise<Body> => {
  if (files === undefined) return body;
  const loaded = await files.load(body, cwd);
  return files.toSend(files.toCompare(loaded), loaded, before);
};

const fileOption = (about: string): OptionSpec => ({ flags: '-f, --file <path>', about });

export const createCommand = (resource: AnyResource): AnyCommand => {
  const { group, noun, flags = [], examples, shownOnce } = resource;
  const command: CommandSpec<Given> = {
    usage: 'create',
    about: `Make a ${noun}; flags win over the file`,
    examples: [`${group} ${examples.create ?? 'create'}`, `${group} create -f ${noun}.yaml`],
    options: [...flags, fileOption('YAML or JSON with the fields of the API; - is the standard input')],
    async run({ api, out, io }, _, given) {
      const file = given.file === undefined ? {} : await readBody(given.file, io);
      const body = applyFlags(file, flags, given, io.now());
      const sent = await withFiles(resource, await withIds(api, resource, body), io);
      out.item(await resource.create?.(api, sent));
      if (shownOnce !== undefined && !out.isJson) {
        out.note(`Keep the ${shownOnce}: it is shown this once.`);
      }
    },
  };
  return command;
};

export const updateCommand = (resource: AnyResource): AnyCommand => {
  const { group, noun, examples } = resource;
  const flags = resource.updateFlags ?? resource.flags ?? [];
  const command: CommandSpec<Given> = {
    usage: `update <${noun}>`,
    about: `Change a ${noun}: what is given takes the place of what there is, and the rest stays`,
    examples: [`${group} ${examples.update ?? `update my-${noun}`}`],
    options: [...flags, fileOption('YAML or JSON with what is to be changed; null takes a field away')],
    async run({ api, out, io }, [name = ''], given) {
      const change = given.file === undefined ? {} : await readBody(given.file, io);
      const { data, etag = '*' } = await findOne(api, resource, name);
      const before = resource.inputOf?.(data) ?? {};
      const body = applyFlags(merge(before, change), flags, given, io.now());
      if (given.file === undefined && body === before) {
        throw new UsageError(`Say what is to be changed: \`streamkeep ${group} update --help\``);
      }
      const id = resource.idOf(data);
      const sent = await withFiles(resource, await withIds(api, resource, body), io, before);
      out.item(await resource.replace?.(api, id, sent, etag));
    },
  };
  return command;
};
