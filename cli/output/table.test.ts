import { describe, expect, it } from 'vitest';
import { fitWidths } from './columns.ts';
import { type Column, renderTable } from './table.ts';

interface Item {
  readonly name: string | null;
  readonly size: number;
}
const COLUMNS: readonly Column<Item>[] = [
  ['NAME', ({ name }) => name],
  ['SIZE', ({ size }) => size, 'right'],
];
const WIDE = { columns: undefined, colors: false };

describe('A table', () => {
  it('has columns as wide as what is in them, without lines', () => {
    const items = [
      { name: 'a', size: 1 },
      { name: 'longer', size: 20_000 },
      { name: null, size: 3 },
    ];
    expect(renderTable(items, COLUMNS, WIDE).split('\n')).toEqual([
      ...['NAME     SIZE', 'a           1', 'longer  20000', '            3', ''],
    ]);
  });

  it('fits a terminal, and says what is cut off', () => {
    const items = [{ name: 'x'.repeat(50), size: 1 }];
    const [, row = ''] = renderTable(items, COLUMNS, { columns: 30, colors: false }).split('\n');
    expect(row).toMatch(/^x+… +1$/);
    expect(row.length).toBe(30);
  });

  it('aligns wide characters, and prints no control characters', () => {
    const items = [
      { name: '演示', size: 1 },
      { name: 'a\u001b[31mb\u0007\nc', size: 2 },
    ];
    expect(renderTable(items, COLUMNS, WIDE).split('\n')).toEqual([
      ...['NAME  SIZE', '演示     1', 'ab c     2', ''],
    ]);
  });

  it('has a bold head where there are colours', () => {
    const table = renderTable([], COLUMNS, { columns: 80, colors: true });
    expect(table).toBe('\u001b[1mNAME  SIZE\u001b[22m\n');
  });
});

describe('Widths', () => {
  it('stay when there is room', () => {
    expect(fitWidths([5, 20, 8], 33)).toEqual([5, 20, 8]);
  });

  it('shrink at the widest first, down to a least', () => {
    expect(fitWidths([5, 20, 10], 30)).toEqual([5, 15, 10]);
    expect(fitWidths([5, 20, 10], 21)).toEqual([5, 8, 8]);
    expect(fitWidths([30, 30], 51)).toEqual([25, 26]);
    expect(fitWidths([30, 30], 4)).toEqual([8, 8]);
  });
});
