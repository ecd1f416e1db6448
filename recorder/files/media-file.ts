import { durationMetadata, strayPartKey, tailMetadata } from '../../shared/closing/media-journal.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import { CONTENT_TYPES } from '../../shared/storage/content-types.ts';
import { type Chunks, chunksOf, type ObjectStore, type Part } from '../../shared/storage/object-store.ts';
import type { HeadBuilder } from '../containers/container.ts';
import type { Repetition } from '../containers/groups.ts';
import type { Done, Ladder, Way } from '../storage/ladder.ts';
import type { Overflow } from '../storage/overflow.ts';
import type { Rung } from '../storage/rungs.ts';
import { type CompletedUpload, completing, strayingEnd, uploadingPart } from './closing-upload.ts';
import { FencedError, type FileLedger, type JournaledFile } from './ledger.ts';
import { MediaBuffer, type Taken } from './media-buffer.ts';
import { LEAST_PART_BYTES, nextPartBytes } from './part-size.ts';
import { StoredBytes } from './stored-bytes.ts';
import { TailTimer } from './tail-timer.ts';
import { UploadLine } from './upload-line.ts';
import { type Detour, detourOf, doubtedAt, movedTo, strayingTo } from './whereabouts.ts';

/** Media are cut at units that are not complete only when they are so many times as large as a part. */
const MOST_UNITS = 4;

/** Media are cut within a group of pictures only when there is enough for so many parts. */
const MOST_PARTS_OF_A_GROUP = 2;

/** A tail that nobody needs any more. */
class SupersededError extends Error {}

export interface MediaFilePorts {
  readonly ladder: Ladder;
  readonly overflow: Overflow;
  readonly ledger: FileLedger;
  now(): Date;
}

/**
 * One MP4, FLV or AAC file on its way into a bucket, head last: part 1 stays free for the head while the media
 * go up as parts 2, 3, …; the first media, which part 1 needs to reach S3's least size, wait as the held object.
 *
 * `append` never waits. Storage operations run one after the other, in the order of the media, so that what is
 * stored is a prefix of the file at every moment.
 *
 * A file that is not in parts yet moves to another storage as a whole when its own does not answer. One that is cannot:
 * what is still to come of it is put into another storage, where it waits for its upload, and the next file begins
 * there at the next key frame.
 */
export class MediaFile {
  readonly #ports: MediaFilePorts;
  readonly #head: HeadBuilder;
  readonly #maxSeconds: number;
  #file: JournaledFile;
  /** Where its upload is, or would be begun. */
  #rung: Rung;
  /** Media of it are in another storage than its upload. */
  #strays = false;
  #pending = new MediaBuffer();
  #parts: Part[] = [];
  /** Of the next part of media. */
  #partNumber = 2;
  /** Media bytes appended, and of these the bytes that are held. */
  #mediaBytes = 0;
  #heldBytes = 0;
  /** Pending bytes up to the last mark. */
  #markedBytes = 0;
  #tailBytes = 0;
  /** What of the pending bytes belongs to it when it is closed; absent: all. */
  #rest: readonly { readonly start: number; readonly end: number }[] | undefined;
  /** Of the held object and the tail, what was ever put. */
  readonly #workKeys = new Set<string>();
  #tailUnderWay = false;
  readonly #line: UploadLine;
  readonly #tailTimer: TailTimer;
  readonly #stored = new StoredBytes();
  #closing = false;

  constructor(file: JournaledFile, head: HeadBuilder, maxSeconds: number, ports: MediaFilePorts) {
    this.#ports = ports;
    this.#head = head;
    this.#maxSeconds = maxSeconds;
    this.#rung = ports.ladder.current();
    this.#file = movedTo(file, this.#rung, this.#detour());
    this.#line = new UploadLine(ports.overflow, () => this.#forget());
    this.#line.add(() => ports.ledger.opened(this.#file));
    this.#tailTimer = new TailTimer(
      () => !head.ignoresUnnamedMedia && this.#pending.length >= this.#nextSize(),
      () => this.#putTail(),
    );
  }

  get fileId(): string {
    return this.#file.fileId;
  }

  /** Whether the next media had better begin a file of their own: these go nowhere, or cannot be played for long. */
  get isSpent(): boolean {
    return this.#line.failed || this.#strays;
  }

  /** Bytes appended, and not stored yet. */
  get unstoredBytes(): number {
    return this.#pending.length + this.#line.waitingBytes;
  }

  /**
   * Resolves when what was appended so far is stored, wherever, so that it is not lost with this recorder; with false
   * when it will not be.
   */
  whenStored(): Promise<boolean> {
    return this.#stored.until(this.#mediaBytes);
  }

  append(bytes: Buffer): void {
    if (this.#line.failed) return;
    this.#pending.append(bytes);
    this.#mediaBytes += bytes.length;
    // A unit that does not end must not pile up in memory.
    if (this.#pending.length >= MOST_UNITS * this.#nextSize()) this.#cut(this.#pending.length);
  }

  /**
   * What was appended so far ends with a whole unit, and the next one begins. What is stored of a file ends at a mark, so
   * that a file plays to its end whoever closes it.
   * @param beginsGroup whether a group of pictures begins with the next one
   */
  mark(beginsGroup = false): void {
    this.#markedBytes = this.#pending.length;
    // What may have to be left out in the end had better be in no part then.
    const mayWait = !beginsGroup && !this.#head.ignoresUnnamedMedia;
    const dueAt = this.#nextSize() * (mayWait ? MOST_PARTS_OF_A_GROUP : 1);
    if (this.#pending.length >= dueAt) this.#cut(this.#pending.length);
  }

  /**
   * Writes the head and closes the file; resolves when it is ready, waits for its storage or has failed, and never rejects.
   * @param repetition how what follows begins with the last group of pictures too: it is left out if it can be
   */
  async close(reason?: Reason, repetition?: Repetition): Promise<void> {
    this.#closing = true;
    this.#tailTimer.stop();
    if (repetition !== undefined) this.#dropLastGroup(repetition);
    const complete = this.#heldBytes === 0 ? () => this.#putWhole() : () => this.#completeUpload();
    this.#line.add(async () => {
      const completed = await complete();
      this.#stored.reach(Number.POSITIVE_INFINITY);
      const file = {
        ...this.#file,
        ...completed,
        durationSeconds: this.#head.durationMs() / 1000,
        ...(reason === undefined ? {} : { reason }),
      };
      if (completed === undefined) await this.#ports.ledger.waiting(file);
      else await this.#ports.ledger.closed(file);
    });
    const failure = await this.#line.done();
    if (failure !== undefined) return this.#ports.ledger.failed(this.#file, failure.error);
    // Of one that is away, or waits, what its journal names is still of use, or is cleared away with the rest.
    if (this.#file.away !== undefined) return;
    const { store } = this.#rung;
    await this.#ports.ledger.tidied(async () => {
      await Promise.all([...this.#workKeys].map((key) => store.delete(key)));
    });
  }

  /** Stops at once and leaves the rest to whoever closes the file from its journal. */
  abandon(): void {
    this.#line.fail(new FencedError('The file was abandoned.'));
  }

  #dropLastGroup(repetition: Repetition): void {
    const { last } = this.#head.groups;
    if (last === undefined) return;
    const cutBytes = this.#mediaBytes - this.#pending.length;
    // Some of it is in a part already.
    if (last.position < cutBytes && !this.#head.ignoresUnnamedMedia) return;
    const kept = this.#head.dropLastGroup(repetition).map((span) => ({
      start: Math.max(0, span.position - cutBytes),
      end: Math.max(0, span.position + span.bytes - cutBytes),
    }));
    this.#rest = [{ start: 0, end: Math.max(0, last.position - cutBytes) }, ...kept];
    this.#mediaBytes = this.#rest.reduce((sum, { start, end }) => sum + end - start, cutBytes);
  }

  #forget(): void {
    this.#tailTimer.stop();
    this.#stored.end();
    this.#pending.clear();
  }

  #detour(): Detour {
    return detourOf(this.#ports.ladder, this.#ports.now());
  }

  async #first<Result>(ways: readonly Way<Result>[], bytes: number): Promise<Done<Result>> {
    const done = await this.#ports.ladder.first(ways, bytes);
    const file = doubtedAt(this.#file, done.doubtful, this.#detour());
    if (file !== this.#file) {
      this.#file = file;
      await this.#ports.ledger.journaled(file);
    }
    return done;
  }

  /** The storage that it is in first, then the others. */
  #rungs(): Rung[] {
    return [this.#rung, ...this.#ports.ladder.rungs.filter((rung) => rung !== this.#rung)];
  }

  /** All that is stored of it is at `rung` now. */
  async #moved(rung: Rung): Promise<void> {
    if (rung === this.#rung) return;
    this.#rung = rung;
    this.#file = movedTo(this.#file, rung, this.#detour());
    await this.#ports.ledger.journaled(this.#file);
  }

  /** Some of it is at `rung`, and its upload elsewhere. */
  async #strayed(rung: Rung): Promise<void> {
    if (rung === this.#rung) return;
    this.#strays = true;
    const file = strayingTo(this.#file, rung, this.#detour());
    if (file === this.#file) return;
    this.#file = file;
    await this.#ports.ledger.journaled(file);
  }

  /** Stores the next media: the first ones as the held object, others as a part. */
  #cut(size: number): void {
    const media = this.#pending.take(size);
    this.#markedBytes = 0;
    this.#tailBytes = 0;
    this.#tailTimer.restart();
    if (this.#heldBytes === 0) this.#hold(media);
    else this.#upload(media);
  }

  /** The first media are complete: stores them as the held object and begins the upload. */
  #hold(held: Taken): void {
    this.#heldBytes = held.length;
    const metadata = this.#tailMetadata(1);
    this.#store(held, async (media) => {
      const { heldKey } = this.#file.journal;
      this.#workKeys.add(heldKey);
      const begin = async (store: ObjectStore, rung: Rung): Promise<string> => {
        await store.put(heldKey, media, { metadata });
        return store.createUpload(rung.keyOf(this.#file), CONTENT_TYPES[this.#file.format]);
      };
      const ways = this.#rungs().map((rung) => ({ rung, run: (store: ObjectStore) => begin(store, rung) }));
      const { rung, result: uploadId } = await this.#first(ways, media.length);
      this.#file = { ...this.#file, journal: { ...this.#file.journal, uploadId } };
      if (rung === this.#rung) await this.#ports.ledger.journaled(this.#file);
      else await this.#moved(rung);
    });
  }

  #nextSize(): number {
    if (this.#heldBytes === 0) return LEAST_PART_BYTES;
    const seconds = this.#head.durationMs() / 1000;
    return nextPartBytes({
      partNumber: this.#partNumber,
      bytesPerSecond: this.#mediaBytes / Math.max(1, seconds),
      bytesSoFar: this.#mediaBytes,
      remainingSeconds: this.#maxSeconds - seconds,
    });
  }

  #upload(body: Taken): void {
    const number = this.#partNumber;
    this.#partNumber += 1;
    this.#store(body, (media) => this.#storePart(number, media));
  }

  #store(body: Taken, operation: (media: Chunks) => Promise<void>): void {
    // A tail that is under way reads the same memory.
    const staysInMemory = this.#tailUnderWay;
    const end = this.#mediaBytes - this.#pending.length;
    const store = async (media: Chunks): Promise<void> => {
      await operation(media);
      this.#stored.reach(end);
    };
    this.#line.store(body, store, { staysInMemory });
  }

  async #storePart(number: number, media: Chunks): Promise<void> {
    const upload = { key: this.#rung.keyOf(this.#file), uploadId: this.#uploadId() };
    const ways = this.#rungs().map((rung): Way<Part | undefined> => {
      if (rung === this.#rung) return { rung, run: (store) => uploadingPart(store, upload, number, media) };
      const key = strayPartKey(this.#file.journal, number);
      return { rung, run: (store) => store.put(key, media).then(() => undefined) };
    });
    const { rung, result } = await this.#first(ways, media.length);
    if (result !== undefined) this.#parts.push(result);
    await this.#strayed(rung);
  }

  /** Makes what fills no part yet durable, unless it is already. */
  #putTail(): void {
    // A storage that is slow has work enough; the tail would only be late.
    if (this.#closing || this.#tailUnderWay || this.#line.waitingBytes > 0) return;
    if (this.#markedBytes === this.#tailBytes) return;
    const tail = this.#pending.peek(this.#markedBytes);
    const end = this.#mediaBytes - this.#pending.length + tail.length;
    const isWhole = this.#heldBytes === 0;
    const key = isWhole ? this.#file.journal.heldKey : this.#file.journal.tailKey;
    const metadata = this.#tailMetadata(isWhole ? 1 : this.#partNumber);
    this.#tailBytes = tail.length;
    this.#tailUnderWay = true;
    const put = async (store: ObjectStore): Promise<void> => {
      // By now it is part of what waits behind it.
      if (this.#tailBytes !== tail.length) throw new SupersededError();
      this.#workKeys.add(key);
      await store.put(key, tail, { metadata });
    };
    this.#line.add(async () => {
      try {
        const ways = this.#rungs().map((rung) => ({ rung, run: put }));
        const { rung } = await this.#first(ways, tail.length);
        await (isWhole ? this.#moved(rung) : this.#strayed(rung));
        this.#stored.reach(end);
      } catch (error) {
        if (!(error instanceof SupersededError)) throw error;
      } finally {
        this.#tailUnderWay = false;
      }
    });
  }

  #tailMetadata(part: number): Record<string, string> {
    return tailMetadata(part, this.#head.durationMs() / 1000);
  }

  async #putWhole(): Promise<CompletedUpload> {
    const media = this.#takeRest();
    const head = this.#head.finalHead(media.length);
    const whole = chunksOf([head, ...media.buffers]);
    const metadata = durationMetadata(this.#head.durationMs() / 1000);
    const options = { contentType: CONTENT_TYPES[this.#file.format], metadata };
    const ways = this.#rungs().map((rung) => ({
      rung,
      run: (store: ObjectStore) => store.put(rung.keyOf(this.#file), whole, options),
    }));
    const { rung, result: etag } = await this.#first(ways, whole.length);
    await this.#moved(rung);
    return { sizeBytes: whole.length, checksum: { etag } };
  }

  #takeRest(): Chunks {
    const media = this.#pending.take(this.#pending.length);
    if (this.#rest === undefined) return media;
    const all = Buffer.concat(media.buffers);
    return chunksOf(this.#rest.map(({ start, end }) => all.subarray(start, end)));
  }

  /** @returns undefined when it must wait for the storage that its upload is in */
  async #completeUpload(): Promise<CompletedUpload | undefined> {
    const { journal } = this.#file;
    const rest = this.#takeRest();
    const head = this.#head.finalHead(this.#mediaBytes);
    const end = { journal, head, heldBytes: this.#heldBytes, rest, number: this.#partNumber };
    const about = { mediaBytes: this.#mediaBytes, durationSeconds: this.#head.durationMs() / 1000 };
    const [, ...others] = this.#rungs();
    const elsewhere = others.map(
      (rung): Way<undefined> => ({ rung, run: (store) => strayingEnd(store, end, about) }),
    );
    const key = this.#rung.keyOf(this.#file);
    const here = completing(end, { key, uploadId: this.#uploadId(), parts: this.#parts });
    const ways: Way<CompletedUpload | undefined>[] = this.#strays
      ? elsewhere
      : [{ rung: this.#rung, run: here }, ...elsewhere];
    const { rung, result } = await this.#first(ways, LEAST_PART_BYTES + rest.length);
    if (result === undefined) this.#file = strayingTo(this.#file, rung, this.#detour());
    return result;
  }

  #uploadId(): string {
    const { uploadId } = this.#file.journal;
    if (uploadId === undefined) throw new Error('The upload has not begun');
    return uploadId;
  }
}
