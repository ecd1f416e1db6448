/** Bytes that have arrived and are not handed out yet. Holds references to the chunks and never joins them. */
export class ByteQueue {
  #chunks: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** `size` bytes at `position`, which must have arrived: a view where they lie in one chunk, else a copy. */
  peek(position: number, size: number): Buffer {
    let { index, offset } = this.#locate(position);
    const first = this.#chunk(index);
    if (offset + size <= first.length) return first.subarray(offset, offset + size);
    const copy = Buffer.allocUnsafe(size);
    for (let filled = 0; filled < size; index++, offset = 0) {
      filled += this.#chunk(index).copy(copy, filled, offset, offset + size - filled);
    }
    return copy;
  }

  /** Overwrites one byte in the chunk that holds it. */
  write(position: number, byte: number): void {
    const { index, offset } = this.#locate(position);
    this.#chunk(index)[offset] = byte;
  }

  /** Removes the first `size` bytes and returns them as views. */
  take(size: number): Buffer[] {
    if (size === 0) return [];
    const { index, offset } = this.#locate(size - 1);
    const taken = this.#chunks.splice(0, index + 1);
    const last = taken.pop() as Buffer;
    taken.push(last.subarray(0, offset + 1));
    if (offset + 1 < last.length) this.#chunks.unshift(last.subarray(offset + 1));
    this.#length -= size;
    return taken;
  }

  #locate(position: number): { index: number; offset: number } {
    let offset = position;
    let index = 0;
    for (let size = this.#chunk(0).length; offset >= size; size = this.#chunk(index).length) {
      offset -= size;
      index++;
    }
    return { index, offset };
  }

  #chunk(index: number): Buffer {
    const chunk = this.#chunks[index];
    if (chunk === undefined) throw new RangeError('bytes beyond the end of the queue');
    return chunk;
  }
}
