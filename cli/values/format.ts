const scaled = (value: number, base: number, units: readonly string[]): string => {
  let rest = value;
  let unit = 0;
  while (rest >= base && unit < units.length - 1) {
    rest /= base;
    unit += 1;
  }
  return `${unit === 0 || rest >= 100 ? Math.round(rest) : rest.toFixed(1)} ${units[unit]}`;
};

/** Such as `14.3 MB`. */
export const formatBytes = (bytes: number): string => scaled(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB']);

/** Such as `2.4 Mb/s`. */
export const formatBitrate = (bitsPerSecond: number): string =>
  scaled(bitsPerSecond, 1000, ['b/s', 'kb/s', 'Mb/s', 'Gb/s']);

/** Down to the second, in UTC: `2026-11-22 10:00:00Z`. */
export const formatTime = (time: string | null): string =>
  time === null ? '' : time.replace('T', ' ').replace(/(\.\d+)?Z$/, 'Z');
