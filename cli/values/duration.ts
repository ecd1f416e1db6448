import { UsageError } from '../exit.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of `90s`, `10m`, `2h`, `1h30m`. @throws UsageError */
export const parseDuration = (text: string): number => {
  if (!/^(\d+(\.\d+)?[smhd])+$/.test(text)) {
    throw new UsageError(`'${text}' is no duration; give it as 90s, 10m, 2h or 1h30m`);
  }
  const parts = text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g);
  return [...parts].reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_SECONDS[unit] ?? 0), 0);
};

/** A duration in whole units of `unitSeconds`. @throws UsageError when it is in between */
export const parseWhole = (text: string, unitSeconds: number, unit: string): number => {
  const units = parseDuration(text) / unitSeconds;
  if (Number.isInteger(units)) return units;
  throw new UsageError(`'${text}' must be a whole number of ${unit}`);
};

const two = (value: number): string => String(value).padStart(2, '0');

/** Such as `0:07`, `12:05`, `3:07:12`. */
export const formatDuration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};
