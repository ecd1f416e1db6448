import type { Segment } from '../../shared/hls/playlist.ts';
import type { HlsFile } from './hls-file.ts';
import { type Cut, TREMBLE_SECONDS } from './segment-cutter.ts';

export interface HlsPublisherOptions {
  /** The HLS file that goes on from an earlier capture. */
  readonly adopted?: HlsFile;
  /** Longest playlist; Infinity: one playlist for the whole recording. */
  readonly maxSeconds: number;
  /** Opens the next file. `startSeconds` is its beginning in the capture's timeline. */
  openFile(startSeconds: number): HlsFile;
  /** Nothing more comes to a file, and its end is on its way into the table. */
  onEnding?(file: HlsFile): void;
  /** When zero of the capture's timeline was. */
  zero(): Date;
}

const SHORTEST_SECONDS = 0.001;

/** Puts the segments of one capture into playlists. */
export class HlsPublisher {
  readonly #options: HlsPublisherOptions;
  #file: HlsFile | undefined;
  #seconds = 0;
  /** What comes next follows what another capture has written. */
  #isInterrupted = false;
  #closing: Promise<void>[] = [];
  #abandoned = false;

  constructor(options: HlsPublisherOptions) {
    this.#options = options;
    if (options.adopted !== undefined) this.adopt(options.adopted);
  }

  /** Goes on with a file that has been written before; only as long as nothing was published. */
  adopt(file: HlsFile): void {
    this.#file = file;
    this.#isInterrupted = true;
    if (this.#abandoned) file.abandon();
  }

  /** Of all segments so far. */
  get seconds(): number {
    return this.#seconds;
  }

  get unstoredBytes(): number {
    return this.#file?.unstoredBytes ?? 0;
  }

  publish(cut: Cut): void {
    const segment = this.#place(cut);
    if (segment === undefined) return;
    segment.file.append(cut.media, segment.about);
    this.#isInterrupted = false;
    this.#seconds += segment.about.durationSeconds;
    // Whoever waits for it need not wait for the next segment too.
    if (this.#isFull(segment.file)) this.#end(segment.file);
  }

  /** Leaves the last segment to the file, which keeps it back until it is known whether the next capture has it too. */
  withhold(cut: Cut, fingerprint: string | undefined): void {
    const segment = this.#place(cut);
    const told = fingerprint === undefined ? {} : { fingerprint };
    segment?.file.withhold({ media: cut.media, about: segment.about, ...told });
  }

  /** In which file a segment is to be, and what is said of it there. */
  #place({ beginSeconds, endSeconds }: Cut): { file: HlsFile; about: Omit<Segment, 'uri'> } | undefined {
    if (this.#abandoned) return undefined;
    // A single frame may be all there is, and nothing says how long it is shown.
    const durationSeconds = Math.max(Number((endSeconds - beginSeconds).toFixed(6)), SHORTEST_SECONDS);
    if (this.#file !== undefined && (this.#file.failed || this.#isFull(this.#file))) this.#end(this.#file);
    if (this.#file === undefined) {
      this.#file = this.#options.openFile(beginSeconds);
      this.#isInterrupted = false;
    }
    const wallClock = this.#options.zero().getTime() + beginSeconds * 1000;
    const about = {
      durationSeconds,
      programDateTime: new Date(wallClock).toISOString(),
      ...(this.#isInterrupted ? { discontinuity: true as const } : {}),
    };
    return { file: this.#file, about };
  }

  /** Of an adopted file it may come to be known only now. */
  #isFull({ durationSeconds }: HlsFile): boolean {
    return durationSeconds >= this.#options.maxSeconds - TREMBLE_SECONDS;
  }

  #end(file: HlsFile): void {
    this.#options.onEnding?.(file);
    this.#closing.push(file.close());
    this.#file = undefined;
  }

  /**
   * Ends the playlist, or leaves it open for the capture that goes on with it.
   * @param onLeft given what is left open, at once
   */
  async close(
    staysOpen: boolean,
    onLeft: (file: HlsFile | undefined) => void = () => undefined,
  ): Promise<void> {
    onLeft(staysOpen ? this.#file : undefined);
    if (this.#file !== undefined) this.#closing.push(staysOpen ? this.#file.leave() : this.#file.close());
    this.#file = undefined;
    await Promise.all(this.#closing);
  }

  abandon(): void {
    this.#abandoned = true;
    this.#file?.abandon();
  }
}
