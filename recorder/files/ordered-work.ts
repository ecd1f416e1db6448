/** Operations that run one after the other. After the first that fails nothing runs any more. */
export class OrderedWork {
  readonly #onFailure: () => void;
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(onFailure: () => void = () => undefined) {
    this.#onFailure = onFailure;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Puts an operation behind those before it. */
  add(operation: () => Promise<void>): void {
    this.#last = this.#last.then(async () => {
      if (this.failed) return;
      try {
        await operation();
      } catch (error) {
        this.fail(error);
      }
    });
  }

  /** Ends it from outside; the first failure counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#onFailure();
  }

  /** Resolves with what failed when everything that was added is over; undefined when nothing did. */
  async done(): Promise<{ readonly error: unknown } | undefined> {
    await this.#last;
    return this.#failure;
  }
}
