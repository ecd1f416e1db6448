/** The version in what `ffmpeg -version` prints; undefined for builds without a number (`N-109...`, a date). */
export const versionOf = (output: string): string | undefined =>
  /^ff\w+ version n?(\d+(?:\.\d+)*)/.exec(output)?.[1];

/** Whether one dotted version is lower than another. */
export const olderThan = (version: string, least: string): boolean => {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number));
  for (const [index, wanted] of (b ?? []).entries()) {
    const given = a?.[index] ?? 0;
    if (given !== wanted) return given < wanted;
  }
  return false;
};
