import { stringify } from 'yaml';
import type { Io } from '../io.ts';
import { type Column, renderTable } from './table.ts';

/** What a command says: results on stdout, everything else on stderr. */
export interface Output {
  readonly isJson: boolean;
  /** A list: a table, or one JSON array. */
  list<Item>(items: readonly Item[], columns: readonly Column<Item>[], none: string): void;
  /** One thing, whole. */
  item(item: unknown): void;
  /** Result for people only. */
  text(line: string): void;
  /** Beside the result. */
  note(line: string): void;
}

export const yamlOf = (value: unknown): string => stringify(value, { lineWidth: 0, nullStr: '~' });

export const createOutput = ({ out, err }: Pick<Io, 'out' | 'err'>, isJson: boolean): Output => {
  const json = (value: unknown): void => out.write(`${JSON.stringify(value, null, 2)}\n`);
  return {
    isJson,
    list: (items, columns, none) => {
      if (isJson) json(items);
      else if (items.length === 0) err.write(`${none}\n`);
      else out.write(renderTable(items, columns, out));
    },
    item: (item) => {
      if (isJson) json(item);
      else out.write(yamlOf(item));
    },
    text: (line) => {
      if (!isJson) out.write(`${line}\n`);
    },
    note: (line) => err.write(`${line}\n`),
  };
};
