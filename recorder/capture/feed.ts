import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** Minutes of a stream. With more the memory of this machine would go, and with it every other recording. */
const MOST_BYTES = 128 * 1024 * 1024;

/**
 * What the first ffmpeg of a capture has read, on its way to the second one. It waits in memory: the first one, and with it
 * the source, must not wait for an encoder before there is no other way.
 */
export class Feed {
  #chunks: { readonly bytes: Buffer; readonly at: number }[] = [];
  #bytes = 0;
  #onRoom = (): void => undefined;
  readonly #mostBytes: number;
  #ended = false;
  #dropped = false;
  #wake = (): void => undefined;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** For how long what comes next has been waiting for the second ffmpeg. */
  lagMs(now: number): number {
    const [first] = this.#chunks;
    return first === undefined ? 0 : now - first.at;
  }

  /** Nothing more comes. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Its source is held up. */
  get isFull(): boolean {
    return this.#bytes >= this.#mostBytes;
  }

  /** Takes what comes from `source`, until nothing more does; and holds it up while more waits than there may. */
  takeFrom(source: Readable): void {
    source.on('data', (chunk: Buffer) => {
      if (this.#dropped) return;
      this.#chunks.push({ bytes: chunk, at: performance.now() });
      this.#bytes += chunk.length;
      this.#wake();
      if (this.#bytes < this.#mostBytes) return;
      source.pause();
      this.#onRoom = () => source.resume();
    });
    source.on('close', () => this.end());
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Nobody is going to take it. */
  drop(): void {
    this.#dropped = true;
    this.#chunks = [];
    this.#bytes = 0;
    this.#wake();
    this.#onRoom();
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
      this.#bytes -= chunk.bytes.length;
      if (this.#bytes < this.#mostBytes) this.#onRoom();
      if (!target.write(chunk.bytes))
        await Promise.race([once(target, 'drain').catch(() => undefined), closed]);
    }
    target.end();
  }
}
