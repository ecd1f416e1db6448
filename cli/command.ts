import { type Command, Option } from 'commander';
import type { Context } from './context.ts';
import type { ExitCode } from './exit.ts';

/** An option as commander writes it: `-f, --file <path>`. */
export interface OptionSpec {
  readonly flags: string;
  readonly about: string;
  /** Whether it may be given more than once. */
  readonly many?: boolean;
  readonly required?: boolean;
}

/** One command; `Given` are its options, by their names in camel case. */
export interface CommandSpec<Given = object> {
  /** Name and arguments: `get <template>`. */
  readonly usage: string;
  readonly about: string;
  /** Without `streamkeep`; `#` begins a remark. */
  readonly examples: readonly string[];
  readonly options?: readonly OptionSpec[];
  run(context: Context, args: readonly string[], given: Given): Promise<ExitCode | undefined>;
}

export type AnyCommand = CommandSpec<never>;

/** Commands about one thing. */
export interface Group {
  readonly name: string;
  readonly about: string;
  readonly commands: readonly AnyCommand[];
}

/** Runs a command that has been parsed. */
export type Runner = (spec: AnyCommand, args: readonly string[], given: object) => Promise<void>;

const gather = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

const optionOf = ({ flags, about, many, required }: OptionSpec): Option => {
  const option = new Option(flags, about).makeOptionMandatory(required === true);
  return many === true ? option.argParser(gather) : option;
};

/** Adds a command to commander's tree. */
export const addCommand = (parent: Command, spec: AnyCommand, run: Runner): void => {
  const command = parent.command(spec.usage).summary(spec.about).description(spec.about);
  for (const option of spec.options ?? []) command.addOption(optionOf(option));
  const examples = spec.examples.map((example) => `  streamkeep ${example}`).join('\n');
  command.addHelpText('after', `\nExample${spec.examples.length > 1 ? 's' : ''}:\n${examples}`);
  command.action(async (..._: unknown[]) => {
    const args = command.processedArgs.flat().filter((value): value is string => typeof value === 'string');
    await run(spec, args, command.optsWithGlobals());
  });
};
