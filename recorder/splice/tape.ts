import type { IncomingMessage } from 'node:http';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Media, Reason } from '../../shared/schemas/recording.ts';
import type { Effort } from '../capture/effort.ts';
import { Feed } from '../capture/feed.ts';
import type { Look } from '../capture/look.ts';
import type { CaptureOutputs, CarriedHls } from '../capture/outputs.ts';
import type { Loss } from '../capture/reasons.ts';
import { type Portions, type Recipe, steadied } from '../capture/recipe.ts';
import { type NutFrame, type NutHead, NutReader } from '../containers/nut/reader.ts';
import type { Log } from '../log.ts';
import type { HlsFile } from '../outputs/hls-file.ts';
import type { Sink } from '../sink/sink.ts';
import type { Clip } from './clip.ts';
import { type Absence, TapeWriter } from './tape-writer.ts';

const MS_PER_SECOND = 1000;

export interface TapeOptions {
  readonly recordId: string;
  readonly sink: Sink;
  /** What the encodings of it are made with. */
  readonly effort: Effort;
  /** Of the capture that it begins with. */
  readonly carried: CarriedHls;
  readonly log: Log;
  /** Monotonic, in milliseconds. */
  monotonicNow(): number;
  /** Standby content for it; undefined: it cannot be had. Never rejects. */
  clipOf(recipe: Recipe): Promise<Clip | undefined>;
  /** There is standby content, but not such as its files can have. */
  onTrouble(reason: Reason): void;
}

export interface StretchOptions {
  /** It does not fit; another capture has to begin new files. */
  onSpent(): void;
  /** What one format of the tape's files is made of cannot be read any further. */
  onBroken(format: string): void;
}

/** What one capture adds to a tape. */
export interface Stretch {
  /** Something of the stream has come. */
  fed(): void;
  /** Takes what the encoder writes. */
  receive(request: IncomingMessage): Promise<void>;
  /** Leaves out what is shown at `timeMs` of the stretch's own time stamps, or later. */
  stopBefore(timeMs: number): void;
  /** Taken so far. */
  bytes(): number;
}

interface OpenStretch {
  readonly feed: Feed;
  readonly absence: () => Absence;
  readonly isOut: (seconds: number) => boolean;
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
  #recipe: Recipe | undefined;
  #clip: Promise<Clip | undefined> | undefined;
  #writer: TapeWriter | undefined;
  #work: Promise<void> = Promise.resolve();
  #lastFedAt: number | undefined;
  #open: Feed | undefined;
  #isSpent = false;
  #isBroken = false;
  #isOver = false;
  #closing: Promise<void> | undefined;
  #onSpent = (): void => undefined;
  #onBroken = (_: string): void => undefined;

  constructor(options: TapeOptions) {
    this.#options = options;
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

  /** Nothing more fits on it. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** What is made of a stream so that it fits; when it cannot, nothing more does. */
  portionsOf(found: Portions, look: Look, media: Media): Portions {
    const { recipe } = found;
    if (recipe === undefined) return found;
    if (this.#recipe === undefined) {
      this.#recipe = steadied(recipe, look, media);
      this.#clip = this.#options.clipOf(this.#recipe);
    }
    const { video, sounds } = this.#recipe;
    const fits =
      typeof video === typeof recipe.video && (sounds.length === 0) === (recipe.sounds.length === 0);
    if (!fits) this.spend();
    return { ...found, recipe: this.#recipe };
  }

  /** Whether captures with this effort can go on with it, whatever lies between. */
  async goesOnWith(effort: Effort): Promise<boolean> {
    if (this.#isOver || this.effort !== effort) return false;
    // What has come has not been looked at yet.
    if (this.#writer === undefined) await this.#work;
    const clip = await this.#clip;
    if (this.#writer === undefined || this.#isSpent || this.#isBroken) return false;
    return clip !== undefined && this.#writer.takes(clip.head);
  }

  stretch({ onSpent, onBroken }: StretchOptions): Stretch {
    const feed = new Feed();
    let absence: Absence = { seconds: 0, endedAt: this.#options.monotonicNow() };
    let hasCome = false;
    let [stopBeforeSeconds, bytes] = [Number.POSITIVE_INFINITY, 0];
    this.#onSpent = onSpent;
    this.#onBroken = onBroken;
    if (this.#isSpent) onSpent();
    const open: OpenStretch = {
      feed,
      absence: () => absence,
      isOut: (seconds) => seconds >= stopBeforeSeconds,
    };
    return {
      fed: () => {
        const endedAt = this.#options.monotonicNow();
        if (!hasCome)
          absence = { seconds: (endedAt - (this.#lastFedAt ?? endedAt)) / MS_PER_SECOND, endedAt };
        hasCome = true;
        this.#lastFedAt = endedAt;
      },
      receive: (request) => {
        this.#work = this.#work.then(() => this.#add(open));
        return new Promise((resolve) => {
          request.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
          });
          feed.takeFrom(request);
          // An abort is no error here: ffmpeg was killed, and what came before it counts.
          request.on('error', () => request.destroy());
          request.on('close', resolve);
        });
      },
      stopBefore: (timeMs) => {
        stopBeforeSeconds = Math.min(stopBeforeSeconds, timeMs / MS_PER_SECOND);
      },
      bytes: () => bytes,
    };
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
    await this.#work;
    this.#isOver = true;
    await this.#writer?.end();
    await this.#session.idle();
    this.#session.close();
    const closed = this.outputs.close(...how);
    this.#left.resolve(this.#options.carried.file);
    await closed;
  }

  /** Writes nothing any more: the recording has another owner. */
  abandon(): void {
    this.#isOver = true;
    this.#open?.drop();
    this.#writer?.kill();
    this.#outputs?.abandon();
  }

  spend(): void {
    if (this.#isSpent) return;
    this.#isSpent = true;
    this.#onSpent();
  }

  /** One format cannot be read any further: captures after this one begin new files. */
  broken(format: string): void {
    this.#isBroken = true;
    this.#onBroken(format);
  }

  async #add(stretch: OpenStretch): Promise<void> {
    const reader = new NutReader();
    this.#open = stretch.feed;
    const take = async (chunk: Buffer): Promise<void> => {
      for (const frame of reader.push(chunk)) {
        if (reader.head === undefined || this.#isSpent || this.#isOver) return;
        await this.#put(frame, reader.head, stretch);
      }
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
      this.spend();
    });
    await stretch.feed.pumpTo(target);
    // What nobody takes any more must not hold its encoder up.
    stretch.feed.drop();
    await taken;
  }

  async #put(frame: NutFrame, head: NutHead, stretch: OpenStretch): Promise<void> {
    this.#writer ??= this.#begin(head);
    if (!this.#writer.takes(head)) return this.spend();
    const { timeBase } = head.streams[frame.stream] ?? { timeBase: { numerator: 1, denominator: 1 } };
    if (stretch.isOut((frame.pts * timeBase.numerator) / timeBase.denominator)) return;
    await this.#writer.put(frame, this.#clip, stretch.absence());
  }

  #begin(head: NutHead): TapeWriter {
    const { recordId, log, monotonicNow } = this.#options;
    if (this.#recipe === undefined) throw new Error('Something was encoded without a recipe');
    const writer = new TapeWriter({
      ...{ head, recipe: this.#recipe, sinkUrl: this.#session.url, monotonicNow },
      onGone: (exit) => {
        log.error('The ffmpeg that makes files of what was encoded ended', { recordId, ffmpeg: exit });
        this.spend();
      },
    });
    void this.#compare(writer);
    return writer;
  }

  /** Standby content that was encoded in another way is as good as none. */
  async #compare(writer: TapeWriter): Promise<void> {
    const clip = await this.#clip;
    if (clip === undefined || writer.takes(clip.head)) return;
    const { recordId, log, onTrouble } = this.#options;
    log.error('Standby content has other settings than what it is to stand in', { recordId });
    onTrouble(endReason('standby-missing'));
  }
}
