import { UsageError } from '../exit.ts';
import { parseDuration } from './duration.ts';

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/;

/** A moment as RFC 3339 in UTC, of a time or of a span from `now`: `+10m`, `-2h`. @throws UsageError */
export const parseTime = (text: string, now: Date): string => {
  const [, sign, span] = /^([+-])(\d.*[smhd])$/.exec(text) ?? [];
  if (span !== undefined) {
    const milliseconds = parseDuration(span) * 1000;
    return new Date(now.getTime() + (sign === '+' ? milliseconds : -milliseconds)).toISOString();
  }
  if (text === 'now') return now.toISOString();
  const at = RFC_3339.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new UsageError(`'${text}' is no time; give it as 2026-11-22T10:00:00Z, or from now as +10m or -2h`);
  }
  return new Date(at).toISOString();
};
