import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import type { HlsFile } from './hls-file.ts';

export interface HlsOutputOptions {
  /** The HLS file that goes on from an earlier capture. */
  readonly adopted?: HlsFile;
  /** Longest playlist; Infinity: one playlist for the whole recording. */
  readonly maxSeconds: number;
  /** Opens the next file. `startSeconds` is its beginning in the capture's timeline. */
  openFile(startSeconds: number): HlsFile;
  /** When the capture's media began. */
  startedAt(): Date;
}

/**
 * HLS of one capture. ffmpeg sends a segment when it is complete, and then a short playlist that says how long it
 * is; the two may arrive in either order.
 */
export class HlsOutput {
  readonly #options: HlsOutputOptions;
  readonly #segments = new Map<string, readonly Buffer[]>();
  readonly #durations = new Map<string, number>();
  #file: HlsFile | undefined;
  #fileSeconds = 0;
  #captureSeconds = 0;
  #isFirst = true;
  #closing: Promise<void>[] = [];

  constructor(options: HlsOutputOptions) {
    this.#options = options;
    this.#file = options.adopted;
    this.#fileSeconds = options.adopted?.durationSeconds ?? 0;
  }

  get unstoredBytes(): number {
    return this.#file?.unstoredBytes ?? 0;
  }

  /** A complete segment, under ffmpeg's name for it. */
  segment(name: string, buffers: readonly Buffer[]): void {
    this.#segments.set(name, buffers);
    this.#publish(name);
  }

  /** ffmpeg's own playlist: its newest entries. */
  playlist(text: string): void {
    for (const { uri, durationSeconds } of parsePlaylist(text)?.segments ?? []) {
      const name = uri.slice(uri.lastIndexOf('/') + 1);
      this.#durations.set(name, durationSeconds);
      this.#publish(name);
    }
  }

  /** Ends the playlist, or leaves it open for the capture that goes on with it. */
  async close(staysOpen: boolean): Promise<void> {
    if (this.#file !== undefined) this.#closing.push(staysOpen ? this.#file.leave() : this.#file.close());
    this.#file = undefined;
    await Promise.all(this.#closing);
  }

  abandon(): void {
    this.#file?.abandon();
  }

  #publish(name: string): void {
    const buffers = this.#segments.get(name);
    const durationSeconds = this.#durations.get(name);
    if (buffers === undefined || durationSeconds === undefined || durationSeconds <= 0) return;
    this.#segments.delete(name);
    if (this.#file !== undefined && this.#fileSeconds >= this.#options.maxSeconds) {
      this.#closing.push(this.#file.close());
      this.#file = undefined;
    }
    if (this.#file === undefined) {
      this.#file = this.#options.openFile(this.#captureSeconds);
      this.#fileSeconds = 0;
    }
    const wallClock = this.#options.startedAt().getTime() + this.#captureSeconds * 1000;
    const startsFile = this.#fileSeconds === 0;
    this.#file.append(buffers, {
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
