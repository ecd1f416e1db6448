import * as z from 'zod';
import { ENV } from './constants.ts';

type Name = keyof typeof ENV;

/** What a variable lists, comma-separated; nothing when it is empty or absent. */
export const readList = (
  name: Extract<Name, `allowed${string}` | `${string}AllowedCidrs`>,
  environment: NodeJS.ProcessEnv = process.env,
): string[] => (environment[ENV[name]] ?? '').split(',').filter((item) => item !== '');

/** Blocks of internal addresses. */
export const readCidrs = (
  name: Extract<Name, `${string}AllowedCidrs`>,
  environment: NodeJS.ProcessEnv = process.env,
): string[] => readList(name, environment);

/**
 * Reads the named environment variables once, at start. All that are missing are reported together.
 * @throws Error naming every missing variable.
 */
export const readEnv = <const Names extends readonly Name[]>(
  names: Names,
  environment: NodeJS.ProcessEnv = process.env,
): Record<Names[number], string> => {
  const shape = Object.fromEntries(names.map((name) => [ENV[name], z.string().min(1)]));
  const parsed = z.object(shape).safeParse(environment);
  if (!parsed.success) {
    const missing = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw new Error(`Missing environment variables: ${missing.join(', ')}`);
  }
  const values = names.map((name) => [name, parsed.data[ENV[name]]]);
  return Object.fromEntries(values) as Record<Names[number], string>;
};
