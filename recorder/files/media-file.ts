import { durationMetadata, removeWorkObjects, tailMetadata } from '../../shared/closing/media-journal.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import { CONTENT_TYPES } from '../../shared/storage/content-types.ts';
import { chunksOf, type ObjectStore, type Part } from '../../shared/storage/object-store.ts';
import type { HeadBuilder } from '../containers/container.ts';
import { FencedError, type FileLedger, type JournaledFile } from './ledger.ts';
import { MediaBuffer, type Taken } from './media-buffer.ts';
import { OrderedWork } from './ordered-work.ts';
import { LEAST_PART_BYTES, nextPartBytes } from './part-size.ts';

/**
 * Seconds after which media that fill no part are put as an object of their own. A killed recorder loses at most
 * these, the two seconds of a fragment in ffmpeg, and the time of the put itself: less than 10 s in all.
 */
export const TAIL_SECONDS = 6;

export interface MediaFilePorts {
  readonly store: ObjectStore;
  readonly ledger: FileLedger;
  /** Runs a storage operation with the recorder's patience. */
  persistently<Result>(operation: () => Promise<Result>): Promise<Result>;
}

/**
 * One MP4, FLV or AAC file on its way into the bucket, head last: part 1 stays free for the head while the media
 * go up as parts 2, 3, …; the first media, which part 1 needs to reach S3's least size, wait as the held object.
 *
 * `append` never waits. Storage operations run one after the other, in the order of the media, so that what is
 * stored is a prefix of the file at every moment.
 */
export class MediaFile {
  readonly #ports: MediaFilePorts;
  readonly #head: HeadBuilder;
  readonly #maxSeconds: number;
  #file: JournaledFile;
  #pending = new MediaBuffer();
  #parts: Part[] = [];
  /** Of the next part of media. */
  #partNumber = 2;
  /** Media bytes appended, and of these the bytes that are held. */
  #mediaBytes = 0;
  #heldBytes = 0;
  #waitingBytes = 0;
  #tailBytes = 0;
  #tailUnderWay = false;
  readonly #work = new OrderedWork(() => this.#forget());
  #tailTimer: NodeJS.Timeout;
  #closing = false;

  constructor(file: JournaledFile, head: HeadBuilder, maxSeconds: number, ports: MediaFilePorts) {
    this.#ports = ports;
    this.#head = head;
    this.#maxSeconds = maxSeconds;
    this.#file = file;
    this.#work.add(() => ports.ledger.opened(file));
    this.#tailTimer = setInterval(() => this.#putTail(), TAIL_SECONDS * 1000);
  }

  get fileId(): string {
    return this.#file.fileId;
  }

  /** Whether what is appended goes nowhere any more. */
  get failed(): boolean {
    return this.#work.failed;
  }

  /** Bytes in memory: appended, and not stored yet. */
  get unstoredBytes(): number {
    return this.#pending.length + this.#waitingBytes;
  }

  append(bytes: Buffer): void {
    if (this.#work.failed) return;
    this.#pending.append(bytes);
    this.#mediaBytes += bytes.length;
    if (this.#heldBytes === 0) {
      if (this.#pending.length >= LEAST_PART_BYTES) this.#hold();
      return;
    }
    for (let size = this.#nextSize(); this.#pending.length >= size; size = this.#nextSize())
      this.#upload(size);
  }

  /** Writes the head and closes the file; resolves when it is ready or has failed, and never rejects. */
  async close(reason?: Reason): Promise<void> {
    this.#closing = true;
    clearInterval(this.#tailTimer);
    const complete = this.#heldBytes === 0 ? () => this.#putWhole() : () => this.#completeUpload();
    this.#work.add(async () => {
      const sizeBytes = await complete();
      await this.#ports.ledger.closed({
        ...this.#file,
        sizeBytes,
        durationSeconds: this.#head.durationMs() / 1000,
        ...(reason === undefined ? {} : { reason }),
      });
    });
    const failure = await this.#work.done();
    if (failure !== undefined) return this.#ports.ledger.failed(this.#file, failure.error);
    await this.#ports.ledger.tidied(() => removeWorkObjects(this.#ports.store, this.#file));
  }

  /** Stops at once and leaves the rest to whoever closes the file from its journal. */
  abandon(): void {
    this.#work.fail(new FencedError('The file was abandoned.'));
  }

  #forget(): void {
    clearInterval(this.#tailTimer);
    this.#pending.clear();
    this.#waitingBytes = 0;
  }

  #store(body: Taken, operation: () => Promise<void>): void {
    this.#waitingBytes += body.length;
    this.#work.add(async () => {
      await this.#ports.persistently(operation);
      body.release();
      if (!this.#work.failed) this.#waitingBytes -= body.length;
    });
  }

  /** The first media are complete: stores them as the held object and begins the upload. */
  #hold(): void {
    const held = this.#pending.take(LEAST_PART_BYTES);
    const { store, ledger } = this.#ports;
    this.#heldBytes = held.length;
    this.#restartTail();
    const metadata = this.#tailMetadata(1);
    this.#store(held, async () => {
      await store.put(this.#file.journal.heldKey, held, { metadata });
      const uploadId = await store.createUpload(this.#file.key, CONTENT_TYPES[this.#file.format]);
      this.#file = { ...this.#file, journal: { ...this.#file.journal, uploadId } };
      await ledger.journaled(this.#file);
    });
  }

  #nextSize(): number {
    const seconds = this.#head.durationMs() / 1000;
    return nextPartBytes({
      partNumber: this.#partNumber,
      bytesPerSecond: this.#mediaBytes / Math.max(1, seconds),
      bytesSoFar: this.#mediaBytes,
      remainingSeconds: this.#maxSeconds - seconds,
    });
  }

  #upload(size: number): void {
    const body = this.#pending.take(size);
    const number = this.#partNumber;
    this.#partNumber += 1;
    this.#restartTail();
    this.#store(body, async () => {
      this.#parts.push(await this.#ports.store.uploadPart(this.#file.key, this.#uploadId(), number, body));
    });
  }

  /** A part has made everything durable: the next tail is due a full interval later. */
  #restartTail(): void {
    this.#tailBytes = 0;
    this.#tailTimer.refresh();
  }

  /** Makes what fills no part yet durable, unless it is already. */
  #putTail(): void {
    // A storage that is slow has work enough; the tail would only be late.
    if (this.#closing || this.#tailUnderWay || this.#waitingBytes > 0) return;
    if (this.#pending.length === this.#tailBytes) return;
    const tail = this.#pending.peek();
    const key = this.#heldBytes === 0 ? this.#file.journal.heldKey : this.#file.journal.tailKey;
    const metadata = this.#tailMetadata(this.#heldBytes === 0 ? 1 : this.#partNumber);
    this.#tailBytes = tail.length;
    this.#tailUnderWay = true;
    this.#work.add(async () => {
      await this.#ports.persistently(() => this.#ports.store.put(key, tail, { metadata }));
      this.#tailUnderWay = false;
    });
  }

  #tailMetadata(part: number): Record<string, string> {
    return tailMetadata(part, this.#head.durationMs() / 1000);
  }

  async #putWhole(): Promise<number> {
    const media = this.#pending.take(this.#pending.length);
    const head = this.#head.finalHead(media.length);
    const whole = chunksOf([head, ...media.buffers]);
    const metadata = durationMetadata(this.#head.durationMs() / 1000);
    const options = { contentType: CONTENT_TYPES[this.#file.format], metadata };
    await this.#ports.persistently(() => this.#ports.store.put(this.#file.key, whole, options));
    return whole.length;
  }

  async #completeUpload(): Promise<number> {
    const { store, persistently } = this.#ports;
    const { key, journal } = this.#file;
    const uploadId = this.#uploadId();
    const rest = this.#pending.take(this.#pending.length);
    const uploadRest = async (): Promise<Part[]> =>
      rest.length === 0
        ? []
        : [await persistently(() => store.uploadPart(key, uploadId, this.#partNumber, rest))];
    const uploadFirst = async (): Promise<Part> => {
      const held = await persistently(() => store.get(journal.heldKey));
      if (held === undefined) throw new Error(`The held object ${journal.heldKey} is gone`);
      const first = chunksOf([this.#head.finalHead(this.#mediaBytes), held.body]);
      return persistently(() => store.uploadPart(key, uploadId, 1, first));
    };
    const [first, last] = await Promise.all([uploadFirst(), uploadRest()]);
    const parts = [first, ...this.#parts, ...last];
    await persistently(() => store.completeUpload(key, uploadId, parts));
    return parts.reduce((sum, { size }) => sum + size, 0);
  }

  #uploadId(): string {
    const { uploadId } = this.#file.journal;
    if (uploadId === undefined) throw new Error('The upload has not begun');
    return uploadId;
  }
}
