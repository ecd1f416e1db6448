import * as z from 'zod';
import { ENV } from './constants.ts';

type Name = keyof typeof ENV;

/** Blocks of internal addresses, comma-separated; none when the variable is empty or absent. */
export const readCidrs = (
  name: Extract<Name, `${string}AllowedCidrs`>,
  environment: NodeJS.ProcessEnv = process.env,
): string[] => (environment[ENV[name]] ?? '').split(',').filter((cidr) => cidr !== '');

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
