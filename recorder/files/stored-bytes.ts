interface Waiting {
  readonly bytes: number;
  readonly resolve: (isStored: boolean) => void;
}

/** How much of a file would be there if its recorder died now. */
export class StoredBytes {
  #bytes = 0;
  #isOver = false;
  #waiting: Waiting[] = [];

  /** The first so many bytes are stored. */
  reach(bytes: number): void {
    this.#bytes = Math.max(this.#bytes, bytes);
    this.#waiting = this.#waiting.filter((each) => {
      if (each.bytes > this.#bytes) return true;
      each.resolve(true);
      return false;
    });
  }

  /** Nothing more is stored. */
  end(): void {
    this.#isOver = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve(false);
  }

  /** Resolves when the first so many bytes are stored; with false when they will not be. */
  until(bytes: number): Promise<boolean> {
    if (bytes <= this.#bytes || this.#isOver) return Promise.resolve(bytes <= this.#bytes);
    return new Promise((resolve) => this.#waiting.push({ bytes, resolve }));
  }
}
