import { ApiProblem, type Client } from '../../client/index.ts';
import type { Body } from '../body/paths.ts';
import { CliError } from '../exit.ts';
import { problemLines } from '../output/complain.ts';
import type { Document } from './documents.ts';
import { aliasOf, type Kind } from './kinds.ts';
import type { Step } from './plan.ts';
import { type Names, withReferences } from './present.ts';

/** A step, and for what is changed or deleted the version that was looked at. */
export interface Versioned {
  readonly step: Exclude<Step, { type: 'unchanged' }>;
  readonly etag: string | undefined;
}

/** With the files that its document has, as far as they are not there yet. */
const withFiles = ({ kind: { resource }, body }: Document, after: Body, before?: Body): Body =>
  resource.files?.toSend(after, body, before) ?? after;

const withIds = (kind: Kind, body: Body, names: Names): Body => withReferences(kind, body, names.idOf);

const secretsOf = ({ kind: { secrets }, body }: Document): Body =>
  Object.fromEntries(secrets.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])));

/** A refusal, with the places in the files of the fields that are wrong. */
const refusalOf = (problem: ApiProblem, { kind, place, title }: Document): CliError => {
  const fields = problem.errors.map(({ field, message }) => {
    const [first = '', ...rest] = field.split('.');
    const path = field === '' ? [] : [aliasOf(kind, first), ...rest];
    return `${place(path)}: ${title}: ${path.join('.') || 'the whole'}: ${message}`;
  });
  const lines = fields.length > 0 ? fields : [`${place([])}: ${title}: ${problemLines(problem).join('\n')}`];
  const changed = problem.status === 412 ? ['Somebody else has changed it since the diff was made.'] : [];
  return new CliError([...lines, ...changed].join('\n'), { cause: problem });
};

/**
 * Carries out one step; never over a version that was not looked at.
 * @returns what it is now; undefined when it is gone
 * @throws CliError when the API refuses it
 */
export const execute = async (
  api: Client,
  { step, etag }: Versioned,
  names: Names,
): Promise<object | undefined> => {
  const { kind, name } = step;
  const { resource } = kind;
  try {
    switch (step.type) {
      case 'create': {
        const after = withFiles(step.document, step.after);
        const body = { ...withIds(kind, after, names), ...secretsOf(step.document) };
        const made = (await resource.create?.(api, body)) ?? {};
        names.add(kind.kind, name, resource.idOf(made));
        return made;
      }
      case 'update': {
        const after = withFiles(step.document, step.after, step.present.body);
        return await resource.replace?.(api, step.present.id, withIds(kind, after, names), etag ?? '*');
      }
      case 'delete':
        await resource.remove?.(api, step.present.id, etag);
        return undefined;
    }
  } catch (error) {
    if (error instanceof ApiProblem && step.type !== 'delete') throw refusalOf(error, step.document);
    throw error;
  }
};
