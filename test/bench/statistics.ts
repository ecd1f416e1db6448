/** The value that `percent` of all do not exceed; NaN of none. */
export const percentile = (values: readonly number[], percent: number): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
};

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
