import { once } from 'node:events';
import type { Writable } from 'node:stream';

/**
 * What the first ffmpeg of a capture has read, on its way to the second one. It waits in memory: the first one, and with it
 * the source, must never wait for an encoder.
 */
export class Feed {
  #chunks: Buffer[] = [];
  #waiting = 0;
  #ended = false;
  #dropped = false;
  #wake = (): void => undefined;

  /** Bytes that the second ffmpeg has not taken yet. */
  get waitingBytes(): number {
    return this.#waiting;
  }

  /** Nothing more comes. */
  get ended(): boolean {
    return this.#ended;
  }

  push(chunk: Buffer): void {
    if (this.#dropped) return;
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Nobody is going to take it. */
  drop(): void {
    this.#dropped = true;
    this.#chunks = [];
    this.#waiting = 0;
    this.#wake();
  }

  /** Writes all that comes, as fast as it is taken, and ends `target`. Resolves then, or when `target` is gone. */
  async pumpTo(target: Writable): Promise<void> {
    const closed = once(target, 'close').catch(() => undefined);
    while (!target.destroyed && !this.#dropped) {
      const chunk = this.#chunks.shift();
      if (chunk === undefined) {
        if (this.#ended) break;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await Promise.race([promise, closed]);
        continue;
      }
      this.#waiting -= chunk.length;
      if (!target.write(chunk)) await Promise.race([once(target, 'drain').catch(() => undefined), closed]);
    }
    target.end();
  }
}
