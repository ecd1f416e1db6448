import { createHash } from 'node:crypto';
import { loadHls, playlistSeconds } from '../../shared/closing/hls-journal.ts';
import { renderPlaylist, type Segment } from '../../shared/hls/playlist.ts';
import { CONTENT_TYPES } from '../../shared/storage/content-types.ts';
import { type ObjectStore, type PutOptions, StorageError } from '../../shared/storage/object-store.ts';
import { FencedError } from '../files/ledger.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/**
 * The playlist of what one storage holds of an HLS file. It is written conditionally on what was read or written last,
 * so that a recorder that was taken for dead cannot overwrite its successor's.
 */
export class LivePlaylist {
  readonly #key: string;
  /** Added by this capture. */
  #added: Segment[] = [];
  /** Of earlier captures. */
  #before: readonly Segment[] = [];
  #isLoaded: boolean;
  #targetDuration: number;
  #etag: string | undefined;
  #written: string | undefined;
  /** Digests of what may have arrived since then although no answer came. */
  readonly #sent = new Set<string>();
  #sizeBytes = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /** @param isNew nobody has written it before */
  constructor(key: string, segmentSeconds: number, isNew: boolean) {
    this.#key = key;
    this.#targetDuration = segmentSeconds;
    this.#isLoaded = isNew;
  }

  /** Whether what earlier captures wrote is known. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get segments(): readonly Segment[] {
    return [...this.#before, ...this.#added];
  }

  /** Media of earlier captures, as far as that is known. */
  get secondsBefore(): number {
    return playlistSeconds({ segments: this.#before });
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Monotonic, in milliseconds. */
  get writtenAt(): number {
    return this.#writtenAt;
  }

  /** A segment that is stored. */
  add(segment: Segment, bytes: number): void {
    this.#added.push(segment);
    this.#sizeBytes += bytes;
  }

  /** @throws StorageError; FencedError when somebody else has written it */
  async write(store: ObjectStore, ended: boolean, now: number): Promise<void> {
    if (!this.#isLoaded) await this.#load(store);
    const text = renderPlaylist({ targetDuration: this.#targetDuration, segments: this.segments, ended });
    if (text !== this.#written) await this.#put(store, text);
    this.#writtenAt = now;
  }

  async #load(store: ObjectStore): Promise<void> {
    const { playlist, etag, sizeBytes } = await loadHls(store, this.#key);
    const own = new Set(this.#added.map(({ uri }) => uri));
    this.#before = playlist.segments.filter(({ uri }) => !own.has(uri));
    this.#targetDuration = Math.max(playlist.targetDuration, this.#targetDuration);
    this.#etag = etag;
    // What this capture has stored is listed there too.
    this.#sizeBytes = sizeBytes;
    this.#isLoaded = true;
  }

  async #put(store: ObjectStore, text: string): Promise<void> {
    const put = (condition: Pick<PutOptions, 'ifMatch' | 'ifNoneMatch'>): Promise<string> =>
      store.put(this.#key, Buffer.from(text), {
        contentType: CONTENT_TYPES.hls,
        cacheControl: 'no-cache',
        ...condition,
      });
    this.#sent.add(digestOf(text));
    try {
      this.#etag = await put(this.#etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: this.#etag });
    } catch (error) {
      if (!(error instanceof StorageError && error.kind === 'conflict')) throw error;
      const stored = await store.get(this.#key);
      const found = stored?.body.toString();
      // A write of ours may have arrived although its answer was lost, or was answered with a wrong ETag.
      const isOurs = found !== undefined && (found === this.#written || this.#sent.has(digestOf(found)));
      if (stored === undefined || !isOurs) {
        throw new FencedError('The playlist was written by somebody else', { cause: error });
      }
      this.#etag = found === text ? stored.etag : await put({ ifMatch: stored.etag });
    }
    this.#written = text;
    this.#sent.clear();
  }
}
