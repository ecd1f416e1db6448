import {
  playlistSeconds,
  segmentKey,
  segmentMetadata,
  uriInPlaylist,
} from '../../shared/closing/hls-journal.ts';
import { type Playlist, renderPlaylist, type Segment } from '../../shared/hls/playlist.ts';
import type { RecordingFile } from '../../shared/schemas/recording.ts';
import { CONTENT_TYPES, SEGMENT_CONTENT_TYPE } from '../../shared/storage/content-types.ts';
import { type Chunks, StorageError } from '../../shared/storage/object-store.ts';
import { FencedError } from '../files/ledger.ts';
import type { Taken } from '../files/media-buffer.ts';
import type { MediaFilePorts } from '../files/media-file.ts';
import { OrderedWork } from '../files/ordered-work.ts';

/** A live playlist is never further behind than this. */
const PLAYLIST_LAG_SECONDS = 30;

export interface HlsFileStart {
  /** The open file as the table has it; `opened` when this capture is the first to write it. */
  readonly file: RecordingFile;
  readonly opened: boolean;
  readonly playlist: Playlist;
  readonly etag: string | undefined;
  readonly sizeBytes: number;
}

export interface HlsFilePorts extends MediaFilePorts {
  /** Monotonic, in milliseconds. */
  monotonicNow(): number;
}

/**
 * One playlist and its segments on their way into the bucket. Segments go up one after the other and are listed
 * only when they are there. The playlist is written conditionally on what was read or written last, so that a
 * recorder that was taken for dead cannot overwrite its successor's.
 */
export class HlsFile {
  readonly #ports: HlsFilePorts;
  readonly #capture: number;
  readonly #file: RecordingFile;
  #segments: Segment[];
  #targetDuration: number;
  #etag: string | undefined;
  #sizeBytes: number;
  #sequence = 0;
  #unstoredBytes = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #longestSeconds: number;
  readonly #work = new OrderedWork();

  constructor(start: HlsFileStart, capture: number, segmentSeconds: number, ports: HlsFilePorts) {
    this.#ports = ports;
    this.#capture = capture;
    this.#file = start.file;
    this.#segments = [...start.playlist.segments];
    this.#targetDuration = Math.max(start.playlist.targetDuration, segmentSeconds);
    this.#longestSeconds = segmentSeconds;
    this.#etag = start.etag;
    this.#sizeBytes = start.sizeBytes;
    if (start.opened) this.#work.add(() => ports.ledger.opened(start.file));
  }

  get durationSeconds(): number {
    return playlistSeconds(this.#playlist(false));
  }

  get failed(): boolean {
    return this.#work.failed;
  }

  get unstoredBytes(): number {
    return this.failed ? 0 : this.#unstoredBytes;
  }

  append(body: Taken, about: Omit<Segment, 'uri'>): void {
    if (this.#work.failed) return;
    this.#sequence += 1;
    const key = segmentKey(this.#file.key, this.#capture, this.#sequence);
    this.#unstoredBytes += body.length;
    this.#work.add(async () => {
      await this.#putSegment(key, body, about);
      body.release();
      this.#segments.push({ uri: uriInPlaylist(this.#file.key, key), ...about });
      this.#sizeBytes += body.length;
      this.#unstoredBytes -= body.length;
      const age = (this.#ports.monotonicNow() - this.#writtenAt) / 1000;
      // The next chance to write comes with the next segment, which may be as long as any before.
      this.#longestSeconds = Math.max(this.#longestSeconds, about.durationSeconds);
      if (age + this.#longestSeconds >= PLAYLIST_LAG_SECONDS) await this.#writePlaylist(false);
    });
  }

  /** Ends the playlist. Never rejects. */
  async close(): Promise<void> {
    this.#work.add(async () => {
      await this.#writePlaylist(true);
      await this.#ports.ledger.closed(this.#measured());
    });
    await this.#settled();
  }

  /** Brings the playlist and its item up to date and leaves it open for the next capture. Never rejects. */
  async leave(): Promise<void> {
    this.#work.add(async () => {
      await this.#writePlaylist(false);
      await this.#ports.ledger.journaled(this.#measured());
    });
    await this.#settled();
  }

  abandon(): void {
    this.#work.fail(new FencedError('The file was abandoned.'));
  }

  #measured(): RecordingFile {
    return { ...this.#file, sizeBytes: this.#sizeBytes, durationSeconds: this.durationSeconds };
  }

  async #settled(): Promise<void> {
    const failure = await this.#work.done();
    if (failure !== undefined) await this.#ports.ledger.failed(this.#file, failure.error);
  }

  async #putSegment(key: string, body: Chunks, about: Omit<Segment, 'uri'>): Promise<void> {
    const options = { contentType: SEGMENT_CONTENT_TYPE, metadata: segmentMetadata(about) };
    await this.#ports.persistently(() => this.#ports.store.put(key, body, options));
  }

  async #writePlaylist(ended: boolean): Promise<void> {
    const text = Buffer.from(renderPlaylist(this.#playlist(ended)));
    const condition = this.#etag === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: this.#etag };
    const options = { contentType: CONTENT_TYPES.hls, cacheControl: 'no-cache', ...condition };
    try {
      this.#etag = await this.#ports.persistently(() => this.#ports.store.put(this.#file.key, text, options));
    } catch (error) {
      if (error instanceof StorageError && error.kind === 'conflict') {
        // A write of ours may have arrived although its answer was lost; then this is no conflict.
        const stored = await this.#ports.persistently(() => this.#ports.store.get(this.#file.key));
        if (stored === undefined || !stored.body.equals(text)) {
          throw new FencedError('The playlist was written by somebody else', { cause: error });
        }
        this.#etag = stored.etag;
      } else throw error;
    }
    this.#writtenAt = this.#ports.monotonicNow();
  }

  #playlist(ended: boolean): Playlist {
    return { targetDuration: this.#targetDuration, segments: this.#segments, ended };
  }
}
