import { type Chunks, chunksOf } from '../../shared/storage/object-store.ts';

/** Media that are in no part yet, in the buffers they came in. Nothing is copied. */
export class MediaBuffer {
  #buffers: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(bytes: Buffer): void {
    this.#buffers.push(bytes);
    this.#length += bytes.length;
  }

  /** What is there now, left in place. */
  peek(): Chunks {
    return { buffers: this.#buffers.slice(), length: this.#length };
  }

  /** Takes the first `length` bytes away. */
  take(length: number): Chunks {
    const taken: Buffer[] = [];
    let missing = Math.min(length, this.#length);
    let whole = 0;
    for (const buffer of this.#buffers) {
      if (missing < buffer.length) break;
      taken.push(buffer);
      missing -= buffer.length;
      whole += 1;
    }
    this.#buffers.splice(0, whole);
    const split = this.#buffers[0];
    if (missing > 0 && split !== undefined) {
      taken.push(split.subarray(0, missing));
      this.#buffers[0] = split.subarray(missing);
    }
    const chunks = chunksOf(taken);
    this.#length -= chunks.length;
    return chunks;
  }
}
