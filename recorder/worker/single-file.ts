import { isOwn, MARK } from '../../shared/post-processing/outputs.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import { abortUploads } from '../../shared/storage/abort-uploads.ts';
import { CONTENT_TYPES, EXTENSIONS } from '../../shared/storage/content-types.ts';
import { chunksOf, type Part, StorageError } from '../../shared/storage/object-store.ts';
import type { HeadBuilder } from '../containers/container.ts';
import { openContainer } from '../containers/open.ts';
import { createBlockPool } from '../files/block-pool.ts';
import { MediaBuffer, type Taken } from '../files/media-buffer.ts';
import { LEAST_PART_BYTES, nextPartBytes } from '../files/part-size.ts';
import type { OutputTarget, OutputWriter } from './outputs.ts';
import { patiently } from './patiently.ts';
import { StepError } from './step-error.ts';

/** Parts on their way at once: enough to hide a round trip, few enough for little memory. */
const PARALLEL_PARTS = 4;

/**
 * An MP4 or AAC file, written head last like those of recordings: the first media stay in memory, further ones go up as
 * parts 2, 3, …, and part 1 is the head with the first media. Its memory grows with its length by the sample tables alone.
 */
export class SingleFile implements OutputWriter {
  readonly #target: OutputTarget;
  readonly #format: 'mp4' | 'aac';
  readonly #key: string;
  readonly #seconds: number;
  readonly #parser;
  readonly #pending = new MediaBuffer(createBlockPool(32));
  #head: HeadBuilder | undefined;
  #held: Taken | undefined;
  #uploadId: string | undefined;
  #mediaBytes = 0;
  #partNumber = 2;
  #parts: Part[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** @param seconds that it will be long at most */
  constructor(target: OutputTarget, format: 'mp4' | 'aac', seconds: number) {
    this.#target = target;
    this.#format = format;
    this.#seconds = seconds;
    this.#key = `${target.key}${EXTENSIONS[format]}`;
    this.#parser = openContainer(format);
  }

  async take(chunk: Buffer): Promise<void> {
    for (const event of this.#parser.push(chunk)) {
      if (event.type === 'unit') this.#head ??= this.#parser.startFile();
      if (event.type === 'media') {
        this.#mediaBytes += event.bytes.length;
        this.#pending.append(event.bytes);
      }
    }
    while (this.#pending.length >= this.#nextBytes()) await this.#cut(this.#nextBytes());
  }

  async finish(): Promise<Artifact> {
    this.#parser.end();
    const head = this.#head;
    if (head === undefined) throw new StepError('input-unsuitable', undefined, { final: true });
    const { signal } = this.#target;
    const durationSeconds = head.durationMs() / 1000;
    const first = chunksOf([
      head.finalHead(this.#mediaBytes),
      ...(this.#held ?? this.#pending.take(this.#pending.length)).buffers,
    ]);
    if (this.#uploadId !== undefined && this.#pending.length > 0) await this.#cut(this.#pending.length);
    await Promise.all(this.#underWay);
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      await patiently(signal, () => this.#appear(first));
    } catch (error) {
      // An earlier try, or this one, whose answer was lost, has made it already.
      const mayBeThere = error instanceof StorageError && ['conflict', 'missing'].includes(error.kind);
      if (!mayBeThere) throw error;
      if (!(await isOwn(this.#target, this.#key))) {
        throw error.kind === 'conflict' ? new StepError('output-taken', undefined, { final: true }) : error;
      }
    }
    // What else was begun under its key can become nothing any more.
    if (this.#uploadId !== undefined) {
      await patiently(signal, () => abortUploads(this.#target.store, this.#key));
    }
    const parts = this.#parts.filter(({ number }) => number > 1).reduce((sum, { size }) => sum + size, 0);
    const sizeBytes = first.length + parts;
    return { format: this.#format, key: this.#key, sizeBytes, objects: 1, durationSeconds };
  }

  async abandon(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#uploadId === undefined) return;
    await this.#target.store.abortUpload(this.#key, this.#uploadId).catch(() => undefined);
  }

  async #appear(first: ReturnType<typeof chunksOf>): Promise<void> {
    const { store, mark } = this.#target;
    const about = { contentType: CONTENT_TYPES[this.#format], metadata: { [MARK]: mark } };
    if (this.#uploadId === undefined) {
      await store.put(this.#key, first, { ...about, ifNoneMatch: '*' });
      return;
    }
    const part = await store.uploadPart(this.#key, this.#uploadId, 1, first);
    await store.completeUpload(this.#key, this.#uploadId, [part, ...this.#parts], { ifNoneMatch: '*' });
  }

  #nextBytes(): number {
    if (this.#held === undefined) return LEAST_PART_BYTES;
    const seconds = (this.#head?.durationMs() ?? 0) / 1000;
    return nextPartBytes({
      partNumber: this.#partNumber,
      bytesPerSecond: this.#mediaBytes / Math.max(1, seconds),
      bytesSoFar: this.#mediaBytes,
      remainingSeconds: this.#seconds - seconds,
    });
  }

  async #cut(bytes: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const media = this.#pending.take(bytes);
    const { store, mark, signal } = this.#target;
    if (this.#held === undefined) {
      this.#held = media;
      const metadata = { [MARK]: mark };
      this.#uploadId = await patiently(signal, () =>
        store.createUpload(this.#key, CONTENT_TYPES[this.#format], { metadata }),
      );
      return;
    }
    const [number, uploadId] = [this.#partNumber, this.#uploadId as string];
    this.#partNumber += 1;
    const sent = patiently(signal, () => store.uploadPart(this.#key, uploadId, number, media))
      .then((part) => {
        this.#parts = [...this.#parts, part].sort((one, other) => one.number - other.number);
      })
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        media.release();
        this.#underWay.delete(sent);
      });
    this.#underWay.add(sent);
    while (this.#underWay.size >= PARALLEL_PARTS) await Promise.race(this.#underWay);
  }
}
