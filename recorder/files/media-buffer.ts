import { type Chunks, chunksOf } from '../../shared/storage/object-store.ts';
import { BLOCK_BYTES, type BlockPool, recorderBlocks } from './block-pool.ts';

/** Media taken out of a buffer. */
export interface Taken extends Chunks {
  /** They are stored, and nobody reads them any more: their memory may be used again. */
  release(): void;
}

/** Media that are in no part yet. */
export class MediaBuffer {
  readonly #pool: BlockPool;
  #blocks: Buffer[] = [];
  /** Bytes of the first block that are taken already, and of the last one that are filled. */
  #start = 0;
  #end = BLOCK_BYTES;
  #length = 0;

  constructor(pool: BlockPool = recorderBlocks) {
    this.#pool = pool;
  }

  get length(): number {
    return this.#length;
  }

  append(bytes: Buffer): void {
    for (let copied = 0; copied < bytes.length; ) {
      if (this.#end === BLOCK_BYTES) {
        this.#blocks.push(this.#pool.take());
        this.#end = 0;
      }
      const last = this.#blocks.at(-1) as Buffer;
      const count = bytes.copy(last, this.#end, copied);
      this.#end += count;
      copied += count;
    }
    this.#length += bytes.length;
  }

  /** The first `length` bytes, left in place. To be read before they are taken and released. */
  peek(length = this.#length): Chunks {
    const buffers: Buffer[] = [];
    let missing = Math.min(length, this.#length);
    for (const [index, block] of this.#blocks.entries()) {
      if (missing === 0) break;
      const start = index === 0 ? this.#start : 0;
      const count = Math.min(missing, BLOCK_BYTES - start);
      buffers.push(block.subarray(start, start + count));
      missing -= count;
    }
    return chunksOf(buffers);
  }

  /** Takes the first `length` bytes away. */
  take(length: number): Taken {
    const buffers: Buffer[] = [];
    const emptied: Buffer[] = [];
    let missing = Math.min(length, this.#length);
    const taken = missing;
    while (missing > 0) {
      const [block] = this.#blocks as [Buffer];
      const end = this.#blocks.length === 1 ? this.#end : BLOCK_BYTES;
      const count = Math.min(missing, end - this.#start);
      buffers.push(block.subarray(this.#start, this.#start + count));
      this.#start += count;
      missing -= count;
      if (this.#start < end) break;
      this.#start = 0;
      this.#blocks.shift();
      emptied.push(block);
    }
    this.#length -= taken;
    if (this.#blocks.length === 0) this.#end = BLOCK_BYTES;
    return {
      buffers,
      length: taken,
      release: () => {
        for (const block of emptied.splice(0)) this.#pool.give(block);
      },
    };
  }

  /** Forgets everything. The memory is not used again: somebody may still be reading a peek. */
  clear(): void {
    this.#blocks = [];
    this.#start = 0;
    this.#end = BLOCK_BYTES;
    this.#length = 0;
  }
}
