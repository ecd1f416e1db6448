/** Columns become no narrower than this; a terminal that is too narrow even so wraps lines. */
const LEAST_WIDTH = 8;

/**
 * Widths with which columns fit into `most` characters: the widest give way first.
 * @param natural as wide as what is in them
 */
export const fitWidths = (natural: readonly number[], most: number): number[] => {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - most;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= LEAST_WIDTH) break;
    const atWidest = widths.flatMap((width, index) => (width === widest ? [index] : []));
    const next = Math.max(LEAST_WIDTH, ...widths.filter((width) => width < widest));
    const cut = Math.min(widest - next, Math.ceil(excess / atWidest.length));
    for (const index of atWidest) {
      const by = Math.min(cut, excess);
      widths[index] = widest - by;
      excess -= by;
      if (excess <= 0) break;
    }
  }
  return widths;
};
