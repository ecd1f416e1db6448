const MIB = 1024 * 1024;

/** S3's least size of a part that is not the last. */
export const LEAST_PART_BYTES = 5 * MIB;
/** S3's most parts of an upload. */
export const MOST_PARTS = 10_000;
/** S3's greatest part. */
export const GREATEST_PART_BYTES = 5 * 1024 * MIB;

// Bitrates change; room for three times what has been seen so far keeps the plan safe without large parts.
const HEADROOM = 3;
// And where it rises late, parts that grow with the file catch up before they run out.
const LEAST_SHARE = 1 / 3000;

/**
 * Size of the next part: as small as S3 allows, and just so large that the parts left suffice for the rest of
 * the file at the bitrate seen so far. Small parts mean little memory and little to lose.
 */
export const nextPartBytes = (next: {
  /** Number the part will have, from 2. */
  partNumber: number;
  bytesPerSecond: number;
  /** Bytes that are in parts already. */
  bytesSoFar: number;
  /** Most seconds of media that may still come. */
  remainingSeconds: number;
}): number => {
  const partsLeft = Math.max(1, MOST_PARTS - next.partNumber + 1);
  const bytesLeft = next.bytesPerSecond * Math.max(0, next.remainingSeconds) * HEADROOM;
  const size = Math.max(bytesLeft / partsLeft, next.bytesSoFar * LEAST_SHARE);
  const even = Math.ceil(size / MIB) * MIB;
  return Math.min(GREATEST_PART_BYTES, Math.max(LEAST_PART_BYTES, even));
};
