import type { ListedFormat } from '../../shared/post-processing/outputs.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import type { Chunks } from '../../shared/storage/object-store.ts';
import { type OutputTarget, type OwnOptions, putOwn } from './outputs.ts';
import { listIn, settle } from './settle.ts';
import { StepError } from './step-error.ts';

/**
 * Objects, and the one that lists them. The objects of each try have names of their own, and the list, which is written last
 * and once, says which count. Until it is there nobody removes the objects of another try: that may be the one to write it.
 */
export class ListedOutput {
  readonly #target: OutputTarget;
  readonly #format: ListedFormat;
  /** Of the list. */
  readonly #key: string;
  #sizeBytes = 0;
  /** Keys of the objects that this try itself has put. */
  #own: string[] = [];
  #mayBeListed = false;

  constructor(target: OutputTarget, format: ListedFormat, key: string) {
    this.#target = target;
    this.#format = format;
    this.#key = key;
  }

  /** How many objects there are to be listed. */
  get count(): number {
    return this.#own.length;
  }

  /** Puts an object that is to be listed. @throws StepError, StorageError */
  async put(key: string, body: Buffer | Chunks, options: OwnOptions): Promise<void> {
    await putOwn(this.#target, key, body, options);
    this.#own.push(key);
    this.#sizeBytes += body.length;
  }

  /** Lets the output appear. @throws StepError, StorageError */
  async finish(list: Buffer, contentType: string): Promise<Artifact> {
    if (this.#own.length === 0) throw new StepError('input-unsuitable', undefined, { final: true });
    if ((await this.#putList(list, contentType)) === 'there') return this.#asListed();
    if (this.#target.attempt > 1) await this.#clearUp();
    return {
      ...{ format: this.#format, key: this.#key, objects: this.#own.length + 1 },
      sizeBytes: this.#sizeBytes + list.length,
      durationSeconds: listIn(this.#format, list)?.durationSeconds ?? 0,
    };
  }

  /** Removes what is not going to be listed. Never rejects. */
  async abandon(): Promise<void> {
    const { store, log } = this.#target;
    if (this.#mayBeListed) return;
    await store.deleteMany(this.#own).catch((cause: unknown) => {
      log.warn('What a step that failed has put could not be removed', { key: this.#key, cause });
    });
  }

  /** The answer may be lost, or come after this try has been given up. */
  async #putList(list: Buffer, contentType: string): Promise<'put' | 'there'> {
    this.#mayBeListed = true;
    try {
      return await putOwn(this.#target, this.#key, list, { contentType });
    } catch (error) {
      if (error instanceof StepError) this.#mayBeListed = false;
      throw error;
    }
  }

  #settle(): Promise<Artifact | undefined> {
    return settle(this.#target.store, this.#format, this.#key);
  }

  /** What counts is the list that is there, whichever try has written it. */
  async #asListed(): Promise<Artifact> {
    const made = await this.#settle();
    // The next try makes it anew.
    if (made === undefined) throw new StepError('output-taken');
    return made;
  }

  /** The output is there: nothing that goes wrong here takes that back. */
  async #clearUp(): Promise<void> {
    await this.#settle().catch((cause: unknown) => {
      this.#target.log.warn('What earlier tries have left could not be removed', { key: this.#key, cause });
    });
  }
}
