import {
  playlistSeconds,
  segmentKey,
  segmentMetadata,
  uriInPlaylist,
} from '../../shared/closing/hls-journal.ts';
import type { Segment } from '../../shared/hls/playlist.ts';
import { gapsIn } from '../../shared/manifest/gaps.ts';
import type { Location, RecordingFile } from '../../shared/schemas/recording.ts';
import { SEGMENT_CONTENT_TYPE } from '../../shared/storage/content-types.ts';
import { type ObjectStore, StorageError } from '../../shared/storage/object-store.ts';
import { FencedError } from '../files/ledger.ts';
import type { Taken } from '../files/media-buffer.ts';
import type { MediaFilePorts } from '../files/media-file.ts';
import { UploadLine } from '../files/upload-line.ts';
import { type Detour, detourOf, doubtedAt, movedTo, strayingTo } from '../files/whereabouts.ts';
import type { Rung } from '../storage/rungs.ts';
import { LivePlaylist } from './live-playlist.ts';

/** A live playlist is never further behind than this. */
const PLAYLIST_LAG_SECONDS = 30;
/** What storing a segment and writing the playlist may take of that. */
const STORING_SECONDS = 2;
/** How long the end of a playlist is tried before it is left to others: longer than most faults last. */
const ENDING_PATIENCE_MS = 60_000;

export interface HlsFileStart {
  /** The open file as the table has it. */
  readonly file: RecordingFile;
  /** Whether this capture is the first to write it; otherwise an earlier one has. */
  readonly opened: boolean;
}

/** A segment that is not in the playlist yet: the next capture may begin with the same key frame, and has all of it then. */
export interface Withheld {
  readonly media: Taken;
  readonly about: Omit<Segment, 'uri'>;
  /** Of the key frame that it begins with; absent: others look like it, so that nothing tells whether it comes again. */
  readonly fingerprint?: string;
}

export interface HlsFilePorts extends MediaFilePorts {
  /** Monotonic, in milliseconds. */
  monotonicNow(): number;
}

/**
 * One playlist and its segments on their way into a bucket. Segments go up one after the other and are listed only when
 * they are there. Each may go into another storage than the one before, when that does not answer; every storage has a
 * playlist of what is in it, and they become one when the segments are brought home.
 */
export class HlsFile {
  readonly #ports: HlsFilePorts;
  #capture: number;
  readonly #segmentSeconds: number;
  readonly #opened: boolean;
  #file: RecordingFile;
  /** Other storages that hold segments of it. */
  readonly #places: Set<Location>;
  readonly #playlists = new Map<Rung, LivePlaylist>();
  #sequence = 0;
  /** Media handed over here. */
  #seconds = 0;
  /** Bytes stored here. */
  #bytes = 0;
  #longestSeconds: number;
  readonly #line: UploadLine;
  #withheld: Withheld | undefined;

  constructor(start: HlsFileStart, capture: number, segmentSeconds: number, ports: HlsFilePorts) {
    this.#ports = ports;
    this.#capture = capture;
    this.#file = start.file;
    this.#places = new Set(start.file.away?.places);
    this.#opened = start.opened;
    this.#segmentSeconds = segmentSeconds;
    this.#longestSeconds = segmentSeconds;
    this.#line = new UploadLine(ports.overflow);
    if (start.opened) this.#line.add(() => ports.ledger.opened(start.file));
  }

  get fileId(): string {
    return this.#file.fileId;
  }

  /**
   * Of all that was handed over, here and by earlier captures. What a recorder wrote that was killed is not known
   * before its playlist has been read, which is when the first segment here is stored.
   */
  get durationSeconds(): number {
    const read = [...this.#playlists.values()].reduce((sum, { secondsBefore }) => sum + secondsBefore, 0);
    return Math.max(this.#file.durationSeconds, read) + this.#seconds;
  }

  get failed(): boolean {
    return this.#line.failed;
  }

  /** Whether nothing was handed over here. */
  get isUntouched(): boolean {
    return this.#seconds === 0 && !this.withholds;
  }

  /** What comes from now on is of another capture, by the same recorder. */
  continueAs(capture: number): void {
    this.#capture = capture;
    this.#sequence = 0;
  }

  get unstoredBytes(): number {
    return this.#line.waitingBytes;
  }

  append(body: Taken, about: Omit<Segment, 'uri'>): void {
    if (this.#line.failed) return;
    this.#sequence += 1;
    this.#seconds += about.durationSeconds;
    const [capture, sequence] = [this.#capture, this.#sequence];
    this.#line.store(body, async (media) => {
      const options = { contentType: SEGMENT_CONTENT_TYPE, metadata: segmentMetadata(about) };
      const keyAt = (rung: Rung): string => segmentKey(rung.keyOf(this.#file), capture, sequence);
      const ways = this.#ports.ladder.rungs.map((rung) => ({
        rung,
        run: (store: ObjectStore) => store.put(keyAt(rung), media, options),
      }));
      const { rung, doubtful } = await this.#ports.ladder.first(ways, media.length);
      await this.#become(doubtedAt(this.#file, doubtful, this.#detour()));
      await this.#stored(
        rung,
        { uri: uriInPlaylist(rung.keyOf(this.#file), keyAt(rung)), ...about },
        media.length,
      );
    });
  }

  /** Keeps the last segment of a capture back, until `settle`. */
  withhold(segment: Withheld): void {
    this.#withheld = segment;
  }

  /** Whether a segment is kept back. */
  get withholds(): boolean {
    return this.#withheld !== undefined;
  }

  /** Of the key frame that it begins with, when that is told from others. */
  get withheld(): string | undefined {
    return this.#withheld?.fingerprint;
  }

  /** Puts what is kept back into the playlist, unless the next capture begins with the key frame of this fingerprint too. */
  settle(begins?: string): void {
    const withheld = this.#withheld;
    this.#withheld = undefined;
    if (withheld === undefined) return;
    if (begins !== undefined && withheld.fingerprint === begins) withheld.media.release();
    else this.append(withheld.media, withheld.about);
  }

  /** Ends the playlist. Never rejects. */
  async close(): Promise<void> {
    this.settle();
    this.#line.add(async () => {
      const written = await this.#writeAll(true);
      const file = this.#measured();
      if (written) await this.#ports.ledger.closed(file);
      else await this.#ports.ledger.waiting(strayingTo(file, { location: 'primary' }, this.#detour()));
    });
    await this.#settled();
  }

  /** Brings the playlist and its item up to date and leaves it open for the next capture. Never rejects. */
  async leave(): Promise<void> {
    this.#line.add(async () => {
      await this.#writeAll(false);
      await this.#ports.ledger.journaled(this.#measured());
    });
    await this.#settled();
  }

  abandon(): void {
    this.#line.fail(new FencedError('The file was abandoned.'));
  }

  async #settled(): Promise<void> {
    const failure = await this.#line.done();
    if (failure !== undefined) await this.#ports.ledger.failed(this.#file, failure.error);
  }

  /** What is known of all of it: playlists that were read know best. */
  #measured(): RecordingFile {
    const loaded = [...this.#playlists.values()].filter((playlist) => playlist.isLoaded);
    const seconds = loaded.reduce((sum, playlist) => sum + playlistSeconds(playlist), 0);
    const bytes = loaded.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const gaps = gapsIn(loaded.flatMap(({ segments }) => segments));
    return {
      ...this.#file,
      durationSeconds: Math.max(this.durationSeconds, seconds),
      sizeBytes: Math.max(this.#file.sizeBytes + this.#bytes, bytes),
      ...(gaps.length === 0 ? {} : { gaps }),
    };
  }

  async #stored(rung: Rung, segment: Segment, bytes: number): Promise<void> {
    this.#bytes += bytes;
    await this.#strayed(rung);
    const playlist = this.#playlistAt(rung);
    playlist.add(segment, bytes);
    const age = (this.#ports.monotonicNow() - playlist.writtenAt) / 1000;
    // The next chance to write comes with the next segment, which may be as long as any before.
    this.#longestSeconds = Math.max(this.#longestSeconds, segment.durationSeconds);
    const isDue = age + this.#longestSeconds + STORING_SECONDS >= PLAYLIST_LAG_SECONDS;
    if (isDue) await this.#write(rung, playlist, false);
  }

  /** A segment is in another storage than its playlist: the file says so, until all of it is at home. */
  async #strayed(rung: Rung): Promise<void> {
    if (rung.location === 'primary' || this.#places.has(rung.location)) return;
    this.#places.add(rung.location);
    await this.#become(movedTo(this.#file, rung, this.#detour()));
  }

  async #become(file: RecordingFile): Promise<void> {
    if (file === this.#file) return;
    this.#file = file;
    await this.#ports.ledger.journaled(file);
  }

  #detour(): Detour {
    return detourOf(this.#ports.ladder, this.#ports.now());
  }

  #playlistAt(rung: Rung): LivePlaylist {
    const known = this.#playlists.get(rung);
    if (known !== undefined) return known;
    const isNew = this.#opened && rung.location === 'primary';
    const made = new LivePlaylist(rung.keyOf(this.#file), this.#segmentSeconds, isNew);
    this.#playlists.set(rung, made);
    return made;
  }

  /** @returns whether it stands there now; when it does not, it is rebuilt from the segments later */
  async #write(rung: Rung, playlist: LivePlaylist, ended: boolean): Promise<boolean> {
    const { ladder, monotonicNow } = this.#ports;
    try {
      const run = (store: ObjectStore) => playlist.write(store, ended, monotonicNow());
      await ladder.at({ rung, run }, ended ? ENDING_PATIENCE_MS : undefined);
      return true;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return false;
    }
  }

  /**
   * Brings every playlist up to date.
   * @returns whether the file can be played as it is; a playlist that is missing is rebuilt from the segments later
   */
  async #writeAll(ended: boolean): Promise<boolean> {
    const [best] = this.#ports.ladder.rungs;
    // What earlier captures have written there must be ended too, although nothing new came to it.
    if (best !== undefined && !this.#opened) this.#playlistAt(best);
    const written = await Promise.all(
      [...this.#playlists].map(async ([rung, playlist]) => ({
        location: rung.location,
        isThere: await this.#write(rung, playlist, ended),
      })),
    );
    const missing = written.filter(({ isThere }) => !isThere);
    return missing.every(
      ({ location }) => location === 'primary' && (this.#file.away?.places.length ?? 0) > 0,
    );
  }
}
