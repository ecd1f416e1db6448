import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type { Sink } from '../io.ts';
import { fitWidths } from './columns.ts';
import { paint } from './paint.ts';

export type Cell = string | number | boolean | null | undefined;

/** What stands at the head of a column, and what in it. */
export type Column<Item> = readonly [head: string, of: (item: Item) => Cell, align?: 'right'];

const GAP = 2;
const NO_LINES = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((name) => [name, '']),
);

const segmenter = new Intl.Segmenter();
const WIDE =
  /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Emoji_Presentation}/u;
const widthOf = (text: string): number =>
  [...segmenter.segment(text)].reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);

// Names are publishers' own: what is not to be printed must not reach a terminal.
const printable = (cell: Cell): string =>
  cell === null || cell === undefined
    ? ''
    : stripVTControlCharacters(String(cell)).replaceAll(/\p{Cc}+/gu, ' ');

/** A table without lines, one item a row; on a terminal as wide as that at most. Ends with a line end. */
export const renderTable = <Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  sink: Pick<Sink, 'columns' | 'colors'>,
): string => {
  const heads = columns.map(([head]) => head);
  const rows = items.map((item) => columns.map(([, of]) => printable(of(item))));
  const natural = heads.map((head, index) =>
    Math.max(widthOf(head), ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  const gaps = GAP * (columns.length - 1);
  const widths = sink.columns === undefined ? natural : fitWidths(natural, sink.columns - gaps);
  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
    colWidths: widths.map((width) => width + GAP),
    colAligns: columns.map(([, , align]) => align ?? 'left'),
    truncate: '…',
  });
  table.push(...rows);
  const body = rows.length === 0 ? [] : table.toString().split('\n');
  const headTable = new Table({ ...table.options });
  headTable.push(heads);
  const lines = [paint(sink, 'bold', headTable.toString().trimEnd()), ...body.map((line) => line.trimEnd())];
  return `${lines.join('\n')}\n`;
};
