import type { Chunks } from '../../shared/storage/object-store.ts';
import type { Overflow, Waiting } from '../storage/overflow.ts';
import type { Taken } from './media-buffer.ts';
import { OrderedWork } from './ordered-work.ts';

/** Media of one file on their way into a storage, one thing after the other; what waits may wait on disk. */
export class UploadLine {
  readonly #overflow: Overflow;
  /** Those that have not had their turn. */
  readonly #waiting = new Set<Waiting>();
  /** Bytes that are being stored now. */
  #storing = 0;
  readonly #work: OrderedWork;

  /** @param onFailure told when nothing more is done; what waited is forgotten by then */
  constructor(overflow: Overflow, onFailure: () => void = () => undefined) {
    this.#overflow = overflow;
    this.#work = new OrderedWork(() => {
      this.#forget();
      onFailure();
    });
  }

  get failed(): boolean {
    return this.#work.failed;
  }

  /** Bytes that are not stored yet. */
  get waitingBytes(): number {
    return this.failed ? 0 : [...this.#waiting].reduce((sum, { length }) => sum + length, this.#storing);
  }

  /** Puts media behind what is there; their memory is given back when `operation` is over. */
  store(
    media: Taken,
    operation: (media: Chunks) => Promise<void>,
    { staysInMemory = false }: { readonly staysInMemory?: boolean } = {},
  ): void {
    if (this.failed) return;
    const waiting = this.#overflow.hold(media, staysInMemory);
    this.#waiting.add(waiting);
    this.#work.add(async () => {
      this.#waiting.delete(waiting);
      this.#storing = waiting.length;
      try {
        await operation(await waiting.load());
      } finally {
        this.#storing = 0;
        waiting.release();
      }
    });
  }

  /** Puts something else behind what is there. */
  add(operation: () => Promise<void>): void {
    this.#work.add(operation);
  }

  fail(error: unknown): void {
    this.#work.fail(error);
  }

  done(): Promise<{ readonly error: unknown } | undefined> {
    return this.#work.done();
  }

  #forget(): void {
    for (const waiting of this.#waiting) waiting.release();
    this.#waiting.clear();
  }
}
