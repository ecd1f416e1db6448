import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { UsageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { type Body, isBody } from './paths.ts';

/** Text of a file, or with `-` of the standard input. @throws UsageError when there is none */
export const readText = async (path: string, io: Pick<Io, 'cwd' | 'readStdin'>): Promise<string> => {
  if (path === '-') return io.readStdin();
  try {
    return await readFile(resolve(io.cwd, path), 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
};

/** Fields as a file holds them, in YAML or JSON. @throws UsageError */
export const readBody = async (path: string, io: Pick<Io, 'cwd' | 'readStdin'>): Promise<Body> => {
  const document = parseDocument(await readText(path, io));
  const [error] = document.errors;
  if (error !== undefined) throw new UsageError(`${path}: ${error.message}`);
  const body: unknown = document.toJS();
  if (!isBody(body)) throw new UsageError(`${path} must hold fields, such as "name: shows"`);
  return body;
};
