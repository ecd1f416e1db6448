import { isDeepStrictEqual } from 'node:util';
import { dataOf } from '../../client/index.ts';
import type { AnyCommand, CommandSpec } from '../command.ts';
import { yesOption } from '../commands/delete.ts';
import { confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { EXIT, UsageError } from '../exit.ts';
import { diffLines, renderStep, summaryOf } from './diff.ts';
import { readFiles } from './documents.ts';
import { execute, type Versioned } from './execute.ts';
import { planOf, type Step } from './plan.ts';
import { type Configured, readConfigured } from './present.ts';
import { createSchemas } from './schema.ts';

interface Given {
  readonly file: readonly string[];
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  readonly exitCode?: boolean;
}

/** The step as it is on the version that is there now; undefined when nothing is left to be done. */
const onVersion = async (step: Step, { read }: Configured): Promise<Versioned | undefined> => {
  if (step.type === 'unchanged') return undefined;
  if (step.type === 'create') return { step, etag: undefined };
  const { data: body, etag } = await read(step.present);
  if (step.type === 'update' && isDeepStrictEqual(body, step.after)) return undefined;
  return { step: { ...step, present: { ...step.present, body } }, etag };
};

/** What a program is told of a step. */
const reportOf = ({ step: { type, kind, name } }: Versioned, more: object) => ({
  action: type,
  kind: kind.kind,
  name,
  ...more,
});

/** They belong into no log. */
const withoutSecrets = ({ step: { kind } }: Versioned, result: object): object =>
  Object.fromEntries(Object.entries(result).filter(([field]) => !kind.secrets.includes(field)));

const noteSecret = ({ out }: Context, { step }: Versioned, result: object | undefined): void => {
  const { kind, name, type } = step;
  if (type !== 'create' || kind.secrets.length === 0 || step.document.body.secret !== undefined) return;
  if (result === undefined || out.isJson) return;
  const { group } = kind.resource;
  out.note(
    `  Its secret was made for it: \`streamkeep ${group} rotate-secret ${name}\` shows you a new one.`,
  );
};

const command: CommandSpec<Given> = {
  usage: 'apply',
  about:
    'Make the configuration as files say, after having shown what is different; a second time does nothing',
  examples: [
    'apply -f streamkeep.yaml',
    'apply -f config/ --dry-run --exit-code   # for CI: 4 when there are differences',
    'apply -f config/ --prune --yes',
  ],
  options: [
    {
      flags: '-f, --file <path>',
      about: 'file or folder with YAML or JSON; may be given again; - is the standard input',
      many: true,
      required: true,
    },
    { flags: '--dry-run', about: 'show the differences only' },
    { flags: '--exit-code', about: 'with --dry-run: end with 4 when there are differences' },
    { flags: '--prune', about: 'delete what is in none of the files' },
    yesOption,
  ],
  async run(context, _, { file, yes, dryRun = false, prune = false, exitCode = false }) {
    const { api, io, out } = context;
    const read = await readFiles(file, io);
    const schemas = createSchemas(await dataOf(api.GET('/v1/openapi.json')));
    const configured = await readConfigured(api, schemas);
    const plan = planOf(read.documents, configured, schemas, { prune });
    const problems = [...read.problems, ...plan.problems];
    if (problems.length > 0) throw new UsageError(problems.join('\n'));
    if (read.documents.length === 0) throw new UsageError('There is nothing in the files.');

    const all = await Promise.all(plan.steps.map((step) => onVersion(step, configured)));
    const todo = all.filter((step) => step !== undefined);
    if (todo.length === 0) {
      if (out.isJson) out.item([]);
      else out.text(`Nothing to do: everything is as the files say (${plan.steps.length} unchanged).`);
      return EXIT.ok;
    }
    const unchanged = plan.steps.length - todo.length;
    for (const { step } of todo) out.text(renderStep(step, io.out));
    out.text(
      summaryOf([...todo.map(({ step }) => step), ...plan.steps.filter(({ type }) => type === 'unchanged')]),
    );
    if (dryRun) {
      if (out.isJson) out.item(todo.map((each) => reportOf(each, { diff: diffLines(each.step) })));
      return exitCode ? EXIT.differences : EXIT.ok;
    }
    await confirm(io, 'Apply this?', yes);

    const done: object[] = [];
    for (const step of todo) {
      const result = await execute(api, step, configured.names);
      done.push(reportOf(step, result === undefined ? {} : { result: withoutSecrets(step, result) }));
      const verb = { create: 'created', update: 'changed', delete: 'deleted' }[step.step.type];
      out.text(`${step.step.kind.kind} ${step.step.name} ${verb}`);
      noteSecret(context, step, result);
    }
    if (out.isJson) out.item(done);
    else out.text(`Done: ${todo.length} applied, ${unchanged} unchanged.`);
    return EXIT.ok;
  },
};
export const applyCommand: AnyCommand = command;
