import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { S3Error } from '../errors.ts';
import { Blobs } from './blobs.ts';
import { Journal, replayJournal } from './journal.ts';
import type { BucketSettings, JournalRecord, Part, StoredObject, UploadSettings } from './records.ts';
import { type Bucket, State, type Upload } from './state.ts';

/** When a write may happen, from `If-None-Match: *` and `If-Match: ETag`. */
export type WriteCondition = { readonly absent?: boolean; readonly etag?: string };

/**
 * The state on disk. A change is checked and made in memory in one synchronous step, so that of two racing conditional
 * writes one wins, and its promise resolves when it is in the journal.
 */
export class Store {
  readonly blobs: Blobs;
  readonly #state: State;
  readonly #journal: Journal;

  private constructor(blobs: Blobs, state: State, journal: Journal) {
    this.blobs = blobs;
    this.#state = state;
    this.#journal = journal;
  }

  static async open(dir: string): Promise<Store> {
    const path = join(dir, 'journal.jsonl');
    mkdirSync(dir, { recursive: true });
    const blobs = new Blobs(join(dir, 'blobs'));
    const state = new State();
    if (existsSync(path)) {
      await replayJournal(path, (record) => {
        const { added, dropped } = state.apply(record);
        blobs.retain(added);
        blobs.forget(dropped);
      });
    }
    await blobs.sweep();
    return new Store(blobs, state, await Journal.open(path, () => state.records()));
  }

  buckets(): Bucket[] {
    return [...this.#state.buckets.values()];
  }

  findBucket(name: string): Bucket | undefined {
    return this.#state.buckets.get(name);
  }

  /** @throws S3Error NoSuchBucket */
  bucket(name: string): Bucket {
    const bucket = this.#state.buckets.get(name);
    if (!bucket) throw new S3Error('NoSuchBucket', undefined, { BucketName: name });
    return bucket;
  }

  /** @throws S3Error NoSuchKey */
  object(bucket: string, key: string): StoredObject {
    const object = this.bucket(bucket).objects.get(key);
    if (!object) throw new S3Error('NoSuchKey', undefined, { Key: key });
    return object;
  }

  /** @throws S3Error NoSuchUpload */
  upload(bucket: string, key: string, id: string): Upload {
    const upload = this.bucket(bucket).uploads.get(id);
    if (upload?.key !== key) throw new S3Error('NoSuchUpload', undefined, { UploadId: id });
    return upload;
  }

  /** Creates a bucket or changes its settings. */
  putBucket(settings: BucketSettings): Promise<void> {
    return this.#commit({ type: 'bucket', bucket: settings });
  }

  async deleteBucket(name: string): Promise<void> {
    if (this.bucket(name).objects.size > 0) {
      throw new S3Error('BucketNotEmpty', undefined, { BucketName: name });
    }
    await this.#commit({ type: 'bucket-deleted', name });
  }

  async putObject(bucket: string, object: StoredObject, condition: WriteCondition): Promise<void> {
    this.checkCondition(bucket, object.key, condition);
    await this.#commit({ type: 'object', bucket, object });
  }

  /** Deletes the objects that exist. */
  async deleteObjects(bucket: string, keys: readonly string[]): Promise<void> {
    const { objects } = this.bucket(bucket);
    const existing = keys.filter((key) => objects.has(key));
    if (existing.length > 0) await this.#commit({ type: 'objects-deleted', bucket, keys: existing });
  }

  async createUpload(bucket: string, settings: Omit<UploadSettings, 'id'>): Promise<string> {
    this.bucket(bucket);
    const id = randomBytes(24).toString('base64url');
    await this.#commit({ type: 'upload', bucket, upload: { ...settings, id } });
    return id;
  }

  async putPart(bucket: string, key: string, uploadId: string, part: Part): Promise<void> {
    this.upload(bucket, key, uploadId);
    await this.#commit({ type: 'part', bucket, uploadId, part });
  }

  async abortUpload(bucket: string, key: string, uploadId: string): Promise<void> {
    this.upload(bucket, key, uploadId);
    await this.#commit({ type: 'upload-aborted', bucket, uploadId });
  }

  /** Makes an object of the upload's parts; their bytes stay where they are. */
  async completeUpload(
    bucket: string,
    uploadId: string,
    object: StoredObject,
    condition: WriteCondition,
  ): Promise<void> {
    this.checkCondition(bucket, object.key, condition);
    this.upload(bucket, object.key, uploadId);
    await this.#commit({ type: 'upload-completed', bucket, uploadId, object });
  }

  /** @throws S3Error PreconditionFailed, NoSuchKey */
  checkCondition(bucket: string, key: string, { absent, etag }: WriteCondition): void {
    const object = this.bucket(bucket).objects.get(key);
    if (absent && object) {
      throw new S3Error('PreconditionFailed', undefined, { Condition: 'If-None-Match' });
    }
    if (etag === undefined) return;
    if (!object) throw new S3Error('NoSuchKey', undefined, { Key: key });
    if (etag !== object.etag && etag !== '*') {
      throw new S3Error('PreconditionFailed', undefined, { Condition: 'If-Match' });
    }
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  // What a change drops is deleted only when the journal says so: after a crash nothing may be named and missing.
  async #commit(record: JournalRecord): Promise<void> {
    const { added, dropped } = this.#state.apply(record);
    this.blobs.retain(added);
    await this.#journal.append(record);
    await this.blobs.release(dropped);
  }
}
