import { structuredPatch } from 'diff';
import type { Sink } from '../io.ts';
import { yamlOf } from '../output/output.ts';
import { paint, type Style } from '../output/paint.ts';
import { manifestAfter, manifestBefore, type Step } from './plan.ts';

const SIGNS = { create: '+', update: '~', delete: '-', unchanged: ' ' } as const;
const STYLES: Readonly<Record<string, Style>> = { '+': 'green', '-': 'red', '~': 'yellow', '@': 'cyan' };

const painted = (line: string, sink: Pick<Sink, 'colors'>): string => {
  const style = STYLES[line[0] ?? ''];
  return style === undefined ? line : paint(sink, style, line);
};

const yamlOrNothing = (value: object | undefined): string => (value === undefined ? '' : yamlOf(value));

/** The lines of a unified diff of what there is and what there is to be, without the names of files. */
export const diffLines = (step: Step): string[] => {
  const before = yamlOrNothing(manifestBefore(step));
  const after = yamlOrNothing(manifestAfter(step));
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 3 });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    ...(step.type === 'update' ? [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`] : []),
    ...lines,
  ]);
};

/** What a step is about, and its difference. */
export const renderStep = (step: Step, sink: Pick<Sink, 'colors'>): string => {
  const head = `${SIGNS[step.type]} ${step.kind.kind} ${step.name}`;
  const lines = diffLines(step).map((line) => `  ${painted(line, sink)}`);
  return `${[painted(head, sink), ...lines].join('\n')}\n`;
};

const count = (steps: readonly Step[], type: Step['type']): number =>
  steps.filter((step) => step.type === type).length;

/** Such as `1 to create, 2 to change, 0 to delete, 7 unchanged`. */
export const summaryOf = (steps: readonly Step[]): string =>
  [
    `${count(steps, 'create')} to create`,
    `${count(steps, 'update')} to change`,
    `${count(steps, 'delete')} to delete`,
    `${count(steps, 'unchanged')} unchanged`,
  ].join(', ');
