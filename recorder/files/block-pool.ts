/** Parts are whole MiB, so blocks of this size never have to be split between two of them. */
export const BLOCK_BYTES = 1024 * 1024;

/**
 * Blocks of memory for media on their way into the storage. Socket buffers that wait ten seconds for their part to
 * fill outlive the cheap garbage collections, and then hundreds of megabytes of them wait for an expensive one. One
 * copy into a block that is used again keeps a recorder's memory flat.
 */
export interface BlockPool {
  take(): Buffer;
  /** Nobody may read the block any more. */
  give(block: Buffer): void;
}

/** @param mostFree blocks kept for later; more than that are left to the garbage collector */
export const createBlockPool = (mostFree: number): BlockPool => {
  const free: Buffer[] = [];
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES),
    give: (block) => {
      if (free.length < mostFree) free.push(block);
    },
  };
};

// One pool for all files of this recorder: what one has stored, the next one fills.
export const recorderBlocks = createBlockPool(64);
