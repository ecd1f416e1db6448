import { ApiProblem } from '../../client/index.ts';
import { CliError, EXIT, type ExitCode } from '../exit.ts';

const given = (value: unknown): string => (value === undefined ? '' : ` (given: ${JSON.stringify(value)})`);

const usersOf = ({ document: { usedBy } }: ApiProblem): string[] =>
  Array.isArray(usedBy) ? usedBy.map((user) => `  used by ${user}`) : [];

/** A refusal in words: what it is, and every bad field. */
export const problemLines = (problem: ApiProblem): string[] => [
  [problem.title, problem.detail].filter((part) => part !== undefined && part !== '').join(' '),
  ...problem.errors.map(
    ({ in: where, field, message, given: value }) =>
      `  ${where === 'body' ? '' : `${where} `}${field === '' ? 'the whole' : field}: ${message}${given(value)}`,
  ),
  ...usersOf(problem),
  ...(typeof problem.document.requestId === 'string' ? [`  request ${problem.document.requestId}`] : []),
];

const hintOf = ({ status }: ApiProblem): string[] => {
  if (status === 401) return ['The token is not valid for this API.'];
  if (status === 412) return ['Somebody else has changed it meanwhile. Look at it, and try again.'];
  return [];
};

export interface Complaint {
  readonly exitCode: ExitCode;
  readonly text: string;
}

/** What to say of an error, and what to end with. */
export const complaintOf = (error: unknown, { debug = false, json = false } = {}): Complaint => {
  const stack = debug && error instanceof Error ? `${error.stack}\n` : '';
  if (error instanceof ApiProblem) {
    const text = json
      ? JSON.stringify(error.document)
      : [...problemLines(error), ...hintOf(error)].join('\n');
    return { exitCode: EXIT.failed, text: `${text}\n${stack}` };
  }
  if (error instanceof CliError) return { exitCode: error.exitCode, text: `${error.message}\n${stack}` };
  // What answers is not the API: its client expects JSON.
  if (error instanceof SyntaxError && /JSON/.test(error.message)) {
    return { exitCode: EXIT.unreachable, text: `What answers is no Streamkeep API.\n${stack}` };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: EXIT.failed, text: `${message}\n${stack}` };
};
