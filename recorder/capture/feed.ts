import { once } from 'node:events';
import type { Writable } from 'node:stream';

/**
 * What the first ffmpeg of a capture has read, on its way to the second one. It waits in memory: the first one, and with it
 * the source, must never wait for an encoder.
 */
export class Feed {
  #chunks: { readonly bytes: Buffer; readonly at: number }[] = [];
  #ended = false;
  #dropped = false;
  #wake = (): void => undefined;

  /** For how long what comes next has been waiting for the second ffmpeg. */
  lagMs(now: number): number {
    const [first] = this.#chunks;
    return first === undefined ? 0 : now - first.at;
  }

  /** Nothing more comes. */
  get ended(): boolean {
    return this.#ended;
  }

  push(chunk: Buffer): void {
    if (this.#dropped) return;
    this.#chunks.push({ bytes: chunk, at: performance.now() });
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
      if (!target.write(chunk.bytes))
        await Promise.race([once(target, 'drain').catch(() => undefined), closed]);
    }
    target.end();
  }
}
