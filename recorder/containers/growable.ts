/** 32-bit numbers, appended in amortised constant time, written out big-endian as MP4 tables want them. */
export class GrowableUint32 {
  #items = new Uint32Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#items.length) {
      const larger = new Uint32Array(Math.ceil(this.#items.length * 1.5));
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.#length++] = value;
  }

  at(index: number): number {
    const value = index < this.#length ? this.#items[index] : undefined;
    if (value === undefined) throw new RangeError(`no item ${index} of ${this.#length}`);
    return value;
  }

  set(index: number, value: number): void {
    this.#items[index] = value;
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  toBigEndian(): Buffer {
    const bytes = Buffer.from(this.#items.slice(0, this.#length).buffer);
    return bytes.swap32();
  }
}

/** A sequence of 32-bit numbers kept as runs (count, value): constant frame rates cost next to nothing. */
export class RunLengths {
  /** Count and value of each run in turn. */
  readonly #pairs = new GrowableUint32();

  /** Number of runs. */
  get runs(): number {
    return this.#pairs.length / 2;
  }

  count(run: number): number {
    return this.#pairs.at(run * 2);
  }

  value(run: number): number {
    return this.#pairs.at(run * 2 + 1);
  }

  push(value: number): void {
    const run = this.runs - 1;
    const unsigned = value >>> 0;
    if (run >= 0 && this.value(run) === unsigned) {
      this.#pairs.set(run * 2, this.count(run) + 1);
    } else {
      this.#pairs.push(1);
      this.#pairs.push(unsigned);
    }
  }

  /** Removes and returns the last number. */
  pop(): number {
    const run = this.runs - 1;
    const value = this.value(run);
    const count = this.count(run);
    if (count > 1) this.#pairs.set(run * 2, count - 1);
    else this.#pairs.truncate(run * 2);
    return value;
  }

  /** Each run as count and value, with `increment` added to every value. */
  toBigEndian(increment = 0): Buffer {
    const bytes = this.#pairs.toBigEndian();
    if (increment === 0) return bytes;
    for (let position = 4; position < bytes.length; position += 8) {
      bytes.writeUInt32BE((bytes.readUInt32BE(position) + increment) >>> 0, position);
    }
    return bytes;
  }

  /** All the numbers, one by one. */
  *values(): Generator<number> {
    for (let run = 0; run < this.runs; run++) {
      const value = this.value(run);
      for (let left = this.count(run); left > 0; left--) yield value;
    }
  }
}
