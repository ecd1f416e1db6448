import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Media, Reason } from '../../shared/schemas/recording.ts';
import type { Carried } from '../capture/carried.ts';
import type { Effort } from '../capture/effort.ts';
import type { Feed } from '../capture/feed.ts';
import type { Look } from '../capture/look.ts';
import type { CaptureOutputs } from '../capture/outputs.ts';
import type { Loss } from '../capture/reasons.ts';
import { type Portions, type Recipe, steadied } from '../capture/recipe.ts';
import { createRepair, type Repair } from '../capture/repair.ts';
import { type NutFrame, type NutHead, NutReader } from '../containers/nut/reader.ts';
import type { Log } from '../log.ts';
import type { HlsFile } from '../outputs/hls-file.ts';
import type { Sink } from '../sink/sink.ts';
import type { Clip } from './clip.ts';
import { type OpenStretch, openStretch, type Stretch } from './stretch.ts';
import { TapeWriter } from './tape-writer.ts';

/** What has been encoded waits for no longer than that where a stretch has caught up with its stream. */
const CAUGHT_UP_MS = 500;

/** With more than that on its way into storages, a gap is filled no faster than they have to bear in any case. */
const MOST_UNSTORED_BYTES = 64 * 1024 * 1024;

export interface TapeOptions {
  readonly recordId: string;
  readonly sink: Sink;
  /** What the encodings of it are made with. */
  readonly effort: Effort;
  /** Of the capture that it begins with. */
  readonly carried: Carried;
  readonly log: Log;
  /** What it lasts at least of which a format cannot be read any further, before it ends for that. */
  readonly repairAfterMs: number;
  /** Monotonic, in milliseconds. */
  monotonicNow(): number;
  /** Standby content for it; undefined: it cannot be had. Never rejects. */
  clipOf(recipe: Recipe): Promise<Clip | undefined>;
  /** There is standby content, but not such as its files can have. */
  onTrouble(reason: Reason): void;
}

/**
 * The files of several captures in a row: each is encoded by itself, all with the same settings, and one ffmpeg, which lives
 * as long as the files do, makes files of what they have encoded. Where the stream was away in between, standby content fills
 * the gap as soon as it is back.
 */
export class Tape {
  readonly #options: TapeOptions;
  /** Takes what is written; set as soon as it is there. */
  #outputs: CaptureOutputs | undefined;
  readonly #session: ReturnType<Sink['open']>;
  readonly #left = Promise.withResolvers<HlsFile | undefined>();
  readonly #outgrown = new AbortController();
  readonly #repair: Repair;
  #recipe: Recipe | undefined;
  /** Set as soon as it is there. */
  #clip: Clip | undefined;
  #writer: TapeWriter | undefined;
  #work: Promise<void> = Promise.resolve();
  #lastFedAt: number | undefined;
  #open: Feed | undefined;
  #spent: Reason | undefined;
  #isOver = false;
  #closing: Promise<void> | undefined;
  #onOutgrown = (_: Reason): void => undefined;

  constructor(options: TapeOptions) {
    this.#options = options;
    const { repairAfterMs: afterMs, monotonicNow } = options;
    this.#repair = createRepair({ afterMs, now: monotonicNow, end: (reason) => this.#tell(reason) });
    this.#session = options.sink.open((path, request) => this.outputs.receive(path, request));
  }

  get outputs(): CaptureOutputs {
    if (this.#outputs === undefined) throw new Error('The tape has no outputs yet');
    return this.#outputs;
  }

  set outputs(outputs: CaptureOutputs) {
    this.#outputs = outputs;
  }

  get effort(): Effort {
    return this.#options.effort;
  }

  /** The playlist as its end leaves it; known long before all of it is stored. */
  get left(): Promise<HlsFile | undefined> {
    return this.#left.promise;
  }

  /** Aborted when no further capture can go on with it, whatever it brings. */
  get outgrown(): AbortSignal {
    return this.#outgrown.signal;
  }

  /** Why nothing more fits on it; undefined: something does. */
  get spent(): Reason | undefined {
    return this.#spent;
  }

  /** Whether it is being closed, so that what is still to be put down is all that will be. */
  get isClosing(): boolean {
    return this.#closing !== undefined;
  }

  /** Something is on it: the next capture goes on with it if it can have its standby content in time. */
  get mayGoOn(): boolean {
    return this.#writer !== undefined && !this.outgrown.aborted;
  }

  /** Whether the next capture can go on with it at once, whatever lies between. */
  get isReady(): boolean {
    return this.mayGoOn && this.#clip !== undefined;
  }

  /** Whether a stream of which this is found fits on it. */
  fits({ recipe }: Portions): boolean {
    if (recipe === undefined || this.#recipe === undefined) return true;
    const { video, sounds } = this.#recipe;
    return typeof video === typeof recipe.video && (sounds.length === 0) === (recipe.sounds.length === 0);
  }

  /** What is made of a stream that fits. */
  portionsOf(found: Portions, look: Look, media: Media): Portions {
    const { recipe } = found;
    if (recipe === undefined) return found;
    if (this.#recipe === undefined) {
      this.#recipe = steadied(recipe, look, media);
      void this.#options.clipOf(this.#recipe).then((clip) => {
        this.#clip = clip;
        if (clip === undefined) this.#outgrown.abort();
        else this.#compare();
      });
    }
    return { ...found, recipe: this.#recipe };
  }

  /** @param onOutgrown another capture has to begin new files */
  stretch(onOutgrown: (reason: Reason) => void): Stretch {
    this.#onOutgrown = onOutgrown;
    if (this.#spent !== undefined) onOutgrown(this.#spent);
    return openStretch({
      monotonicNow: this.#options.monotonicNow,
      lastFedAt: () => this.#lastFedAt,
      noteFed: (at) => {
        this.#lastFedAt = at;
      },
      add: (stretch) => {
        this.#work = this.#work.then(() => this.#add(stretch));
      },
      hasBegun: async () => {
        if (this.#writer === undefined) await this.#work;
      },
    });
  }

  /** Formats that could not be written. */
  lost(): Loss[] {
    return this.#writer?.lost() ?? [];
  }

  /** Nothing more comes: makes its files whole, and leaves the playlist as `hlsEnding` says. The first call counts. */
  close(...how: Parameters<CaptureOutputs['close']>): Promise<void> {
    this.#closing ??= this.#close(...how);
    return this.#closing;
  }

  async #close(...how: Parameters<CaptureOutputs['close']>): Promise<void> {
    try {
      await this.#work;
      this.#end();
      await this.#writer?.end();
      await this.#session.idle();
      const closed = this.#outputs?.close(...how);
      this.#left.resolve(this.#options.carried.file);
      await closed;
    } finally {
      // Nobody may wait for ever for a playlist that was not left.
      this.#left.resolve(undefined);
      this.#session.close();
    }
  }

  /** Writes nothing any more: the recording has another owner. */
  abandon(): void {
    this.#end();
    this.#open?.drop();
    this.#writer?.kill();
    this.#outputs?.abandon();
  }

  /** Takes nothing more. */
  spend(reason: Reason): void {
    if (this.#spent !== undefined) return;
    this.#spent = reason;
    this.#repair.stop();
    this.#outgrown.abort();
    this.#tell(reason);
  }

  /** One format cannot be read any further: captures after this one begin new files, and soon there is one. */
  broken(format: string): void {
    // They all end with it.
    if (this.#isOver) return;
    this.#outgrown.abort();
    this.#repair.broken(format);
  }

  #tell(reason: Reason): void {
    // The capture that has put it down may go on with another one.
    if (!this.isClosing) this.#onOutgrown(reason);
  }

  #end(): void {
    this.#isOver = true;
    this.#repair.stop();
  }

  async #add(stretch: OpenStretch): Promise<void> {
    const reader = new NutReader();
    this.#open = stretch.feed;
    const take = async (chunk: Buffer): Promise<void> => {
      for (const frame of reader.push(chunk)) {
        if (reader.head === undefined || this.#spent !== undefined || this.#isOver) return;
        await this.#put(frame, reader.head, stretch);
      }
      if (this.#writer?.isPlaced === true && stretch.feed.lagMs(performance.now()) < CAUGHT_UP_MS)
        stretch.onCaughtUp(this.#writer.seconds);
    };
    this.#writer?.begin();
    const target = new Writable({
      write: (chunk: Buffer, _, done) => {
        take(chunk).then(() => done(), done);
      },
    });
    const taken = finished(target).catch((cause: unknown) => {
      this.#options.log.error('What was encoded could not be taken', {
        recordId: this.#options.recordId,
        cause,
      });
      this.spend(endReason('ffmpeg-failed', 'What was encoded could not be taken.'));
    });
    await stretch.feed.pumpTo(target);
    // What nobody takes any more must not hold its encoder up.
    stretch.feed.drop();
    await taken;
  }

  async #put(frame: NutFrame, head: NutHead, stretch: OpenStretch): Promise<void> {
    this.#writer ??= this.#begin(head);
    if (!this.#writer.takes(head)) return this.spend(endReason('codec-changed'));
    const { timeBase } = head.streams[frame.stream] ?? { timeBase: { numerator: 1, denominator: 1 } };
    if (stretch.isOut((frame.pts * timeBase.numerator) / timeBase.denominator)) return;
    await this.#writer.put(frame, this.#clip, stretch.absence());
  }

  #begin(head: NutHead): TapeWriter {
    const { recordId, log, monotonicNow } = this.#options;
    if (this.#recipe === undefined) throw new Error('Something was encoded without a recipe');
    this.#writer = new TapeWriter({
      ...{ head, recipe: this.#recipe, sinkUrl: this.#session.url, monotonicNow },
      isBehind: () => this.outputs.unstoredBytes() > MOST_UNSTORED_BYTES,
      onGone: (exit, why) => {
        log.error('The ffmpeg that makes files of what was encoded ended', { recordId, ffmpeg: exit, why });
        this.spend(endReason('ffmpeg-failed', why));
      },
    });
    this.#compare();
    return this.#writer;
  }

  /** Standby content that was encoded in another way is as good as none. */
  #compare(): void {
    if (this.#writer === undefined || this.#clip === undefined) return;
    if (this.#writer.takes(this.#clip.head)) return;
    const { recordId, log, onTrouble } = this.#options;
    log.error('Standby content has other settings than what it is to stand in', { recordId });
    onTrouble(endReason('standby-missing'));
    this.#outgrown.abort();
  }
}
