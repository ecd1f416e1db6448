import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isNode, LineCounter, parseAllDocuments, type Document as YamlDocument } from 'yaml';
import { type Body, isBody, type Path } from '../body/paths.ts';
import { readText } from '../body/read-file.ts';
import { UsageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { fromAliases, KINDS, type Kind, kindNamed } from './kinds.ts';

/** One thing, as a file says it has to be. */
export interface Document {
  readonly kind: Kind;
  readonly name: string;
  /** By the API's names of fields, with what it has loaded. */
  readonly body: Body;
  /** Where a field is, as it is called in the file: `streamkeep.yaml:12:3`. */
  place(path: Path): string;
  /** Which one it is: `document 2, Template shows`. */
  readonly title: string;
}

export interface ReadFiles {
  readonly documents: readonly Document[];
  /** In words, with their places. */
  readonly problems: readonly string[];
}

type IoPart = Pick<Io, 'cwd' | 'readStdin'>;

const filesIn = async (path: string, { cwd }: IoPart): Promise<string[]> => {
  if (path === '-') return [path];
  const absolute = resolve(cwd, path);
  const found = await stat(absolute).catch(() => undefined);
  if (found?.isDirectory() !== true) return [path];
  const names = await readdir(absolute, { recursive: true });
  const files = names.filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
  if (files.length === 0) throw new UsageError(`${path} holds no .yaml, .yml or .json file`);
  return files.map((name) => join(path, name));
};

const placeIn =
  (file: string, document: YamlDocument.Parsed, lines: LineCounter) =>
  (path: Path): string => {
    // What is missing is shown at the nearest thing around it.
    for (let length = path.length; length >= 0; length -= 1) {
      const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (!isNode(node) || node.range === null || node.range === undefined) continue;
      const { line, col } = lines.linePos(node.range[0]);
      return `${file}:${line}:${col}`;
    }
    return file;
  };

interface ReadDocument {
  readonly document?: Document;
  readonly problems: readonly string[];
}

/** With the files that the document names; they are beside its own. */
const withFiles = async (document: Document, folder: string): Promise<ReadDocument> => {
  const { kind, body, place, title } = document;
  try {
    const loaded = await kind.resource.files?.load(body, folder);
    return { document: { ...document, body: loaded ?? body }, problems: [] };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { problems: [`${place([])}: ${title}: ${error.message}`] };
  }
};

const readDocument = (
  file: string,
  document: YamlDocument.Parsed,
  lines: LineCounter,
  number: number,
): ReadDocument => {
  const place = placeIn(file, document, lines);
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    // It ends with the place, and an excerpt.
    const what = error.message.replace(/ at line \d+, column \d+:.*$/s, '');
    return { problems: [`${file}:${line}:${col}: ${what}`] };
  }
  const value: unknown = document.toJS();
  if (value === null) return { problems: [] };
  const problem = (path: Path, what: string) => ({
    problems: [`${place(path)}: document ${number}: ${what}`],
  });
  if (!isBody(value)) return problem([], 'must hold fields, such as "kind: Template"');
  const { kind: kindName, ...fields } = value;
  const kind = kindNamed(kindName);
  if (kind === undefined) {
    return problem(['kind'], `kind must be one of ${KINDS.map(({ kind }) => kind).join(', ')}`);
  }
  const body = fromAliases(kind, fields);
  const name = kind.nameOf(body);
  if (name === undefined) {
    const field = kind.kind === 'Domain' || kind.kind === 'Rule' ? 'domain' : 'name';
    return problem([field], `a ${kind.kind} needs its ${field}, as text`);
  }
  const title = `document ${number}, ${kind.kind} ${name}`;
  return { document: { kind, name, body, place, title }, problems: [] };
};

const readFile = async (file: string, io: IoPart): Promise<ReadFiles> => {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(await readText(file, io), { lineCounter: lines });
  const all = Array.isArray(parsed) ? parsed : [];
  const folder = file === '-' ? io.cwd : dirname(resolve(io.cwd, file));
  const read = await Promise.all(
    all.map(async (parsed, index): Promise<ReadDocument> => {
      const result = readDocument(file, parsed, lines, index + 1);
      return result.document === undefined ? result : withFiles(result.document, folder);
    }),
  );
  return {
    documents: read.flatMap(({ document }) => document ?? []),
    problems: read.flatMap(({ problems }) => problems),
  };
};

const duplicates = (documents: readonly Document[]): string[] => {
  const first = new Map<string, Document>();
  return documents.flatMap((document) => {
    const name = `${document.kind.kind} ${document.name}`;
    const before = first.get(name);
    if (before === undefined) {
      first.set(name, document);
      return [];
    }
    return [`${document.place([])}: ${document.title}: is already in ${before.place([])}`];
  });
};

/** Reads every document of files, of folders with theirs, and with `-` of the standard input. @throws UsageError */
export const readFiles = async (paths: readonly string[], io: IoPart): Promise<ReadFiles> => {
  const files = (await Promise.all(paths.map((path) => filesIn(path, io)))).flat();
  const read: ReadFiles[] = [];
  for (const file of new Set(files)) read.push(await readFile(file, io));
  const documents = read.flatMap(({ documents }) => documents);
  return { documents, problems: [...read.flatMap(({ problems }) => problems), ...duplicates(documents)] };
};
