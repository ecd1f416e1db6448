import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import type { Taken } from '../files/media-buffer.ts';
import type { HlsFile } from './hls-file.ts';

export interface HlsOutputOptions {
  /** The HLS file that goes on from an earlier capture. */
  readonly adopted?: HlsFile;
  /** Until then nothing is published; it brings the file that goes on from an earlier recorder, if there is one. */
  readonly begins?: Promise<{ readonly adopted?: HlsFile | undefined }>;
  /** Longest playlist; Infinity: one playlist for the whole recording. */
  readonly maxSeconds: number;
  /** Opens the next file. `startSeconds` is its beginning in the capture's timeline. */
  openFile(startSeconds: number): HlsFile;
  /** When the capture's media began. */
  startedAt(): Date;
}

const SHORTEST_SECONDS = 0.001;

/**
 * HLS of one capture. ffmpeg sends a segment when it is complete, and then a short playlist that says how long it
 * is; the two may arrive in either order.
 */
export class HlsOutput {
  readonly #options: HlsOutputOptions;
  readonly #segments = new Map<string, Taken>();
  /** Listed by ffmpeg and not published yet, in order. */
  readonly #listed: { name: string; durationSeconds: number }[] = [];
  #newest = '';
  #waitingBytes = 0;
  #file: HlsFile | undefined;
  #fileSeconds = 0;
  #captureSeconds = 0;
  #isFirst = true;
  #closing: Promise<void>[] = [];
  #abandoned = false;
  #isHeld: boolean;
  readonly #begun: Promise<void> | undefined;

  constructor(options: HlsOutputOptions) {
    this.#options = options;
    this.#file = options.adopted;
    this.#fileSeconds = options.adopted?.durationSeconds ?? 0;
    this.#isHeld = options.begins !== undefined;
    this.#begun = options.begins?.then(({ adopted }) => {
      this.#isHeld = false;
      this.#file = adopted;
      this.#fileSeconds = adopted?.durationSeconds ?? 0;
      this.#publishInOrder();
    });
  }

  /** Media recorded so far by this capture. */
  get recordedSeconds(): number {
    return this.#captureSeconds;
  }

  get unstoredBytes(): number {
    return this.#waitingBytes + (this.#file?.unstoredBytes ?? 0);
  }

  /** A complete segment, under ffmpeg's name for it. */
  segment(name: string, media: Taken): void {
    this.#segments.set(name, media);
    this.#waitingBytes += media.length;
    this.#publishInOrder();
  }

  /** ffmpeg's own playlist: its newest entries. */
  playlist(text: string): void {
    for (const { uri, durationSeconds } of parsePlaylist(text)?.segments ?? []) {
      const name = uri.slice(uri.lastIndexOf('/') + 1);
      // Names are numbers of one width: they sort as they come.
      if (name <= this.#newest) continue;
      this.#newest = name;
      this.#listed.push({ name, durationSeconds });
    }
    this.#publishInOrder();
  }

  /** Ends the playlist, or leaves it open for the capture that goes on with it. */
  async close(staysOpen: boolean): Promise<void> {
    await this.#begun;
    // What still misses a segment now never gets it: ffmpeg was killed while it sent it.
    for (const listed of this.#listed.splice(0)) this.#publish(listed);
    if (this.#file !== undefined) this.#closing.push(staysOpen ? this.#file.leave() : this.#file.close());
    this.#file = undefined;
    await Promise.all(this.#closing);
  }

  abandon(): void {
    this.#abandoned = true;
    this.#file?.abandon();
  }

  /** A small segment may be here before a large one that ffmpeg sent earlier. */
  #publishInOrder(): void {
    for (
      let [first] = this.#listed;
      !this.#isHeld && first !== undefined && this.#segments.has(first.name);
      [first] = this.#listed
    ) {
      this.#listed.shift();
      this.#publish(first);
    }
  }

  #publish(listed: { name: string; durationSeconds: number }): void {
    const media = this.#segments.get(listed.name);
    if (media === undefined || this.#abandoned) return;
    this.#segments.delete(listed.name);
    this.#waitingBytes -= media.length;
    // ffmpeg lists a single frame whose duration it does not know with 0.
    const durationSeconds = Math.max(listed.durationSeconds, SHORTEST_SECONDS);
    if (this.#file !== undefined && (this.#file.failed || this.#fileSeconds >= this.#options.maxSeconds)) {
      this.#closing.push(this.#file.close());
      this.#file = undefined;
    }
    if (this.#file === undefined) {
      this.#file = this.#options.openFile(this.#captureSeconds);
      this.#fileSeconds = 0;
    }
    const wallClock = this.#options.startedAt().getTime() + this.#captureSeconds * 1000;
    const startsFile = this.#fileSeconds === 0;
    this.#file.append(media, {
      durationSeconds,
      // Once per run of segments: players count on from there.
      ...(this.#isFirst || startsFile ? { programDateTime: new Date(wallClock).toISOString() } : {}),
      ...(this.#isFirst && !startsFile ? { discontinuity: true as const } : {}),
    });
    this.#isFirst = false;
    this.#fileSeconds += durationSeconds;
    this.#captureSeconds += durationSeconds;
  }
}
