import type { Probe } from './probe.ts';

/** Seconds by which the durations of picture and tone may differ from what was pushed. */
const TOLERANCE_SECONDS = 0.5;

/** What is wrong with a recording of a stream of known length; empty when nothing is. */
export const faultsOf = (
  format: string,
  probe: Probe,
  pushed: { frames: number; seconds: number },
): string[] => {
  const faults: string[] = [];
  if (probe.complaints !== '') faults.push(`${format} does not decode cleanly: ${probe.complaints}`);
  if (format !== 'aac' && probe.frames !== pushed.frames) {
    faults.push(`${format} has ${probe.frames} frames of ${pushed.frames}`);
  }
  if (Math.abs(probe.durationSeconds - pushed.seconds) > TOLERANCE_SECONDS) {
    faults.push(`${format} lasts ${probe.durationSeconds} s instead of ${pushed.seconds} s`);
  }
  return faults;
};

/** Rows as a table, each column as wide as its widest cell. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
