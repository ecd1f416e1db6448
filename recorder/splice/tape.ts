import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Media } from '../../shared/schemas/recording.ts';
import type { Effort } from '../capture/effort.ts';
import { Feed } from '../capture/feed.ts';
import { type Ffmpeg, type FfmpegExit, startFfmpeg } from '../capture/ffmpeg.ts';
import type { Look } from '../capture/look.ts';
import type { CaptureOutputs, CarriedHls } from '../capture/outputs.ts';
import { failedOutputs, type Loss } from '../capture/reasons.ts';
import { frameRateOf, type Portions, type Recipe, steadied } from '../capture/recipe.ts';
import { type NutFrame, type NutHead, NutReader } from '../containers/nut/reader.ts';
import { NutWriter } from '../containers/nut/writer.ts';
import type { Log } from '../log.ts';
import type { HlsFile } from '../outputs/hls-file.ts';
import type { Sink } from '../sink/sink.ts';
import type { Clip } from './clip.ts';
import { Joiner } from './joiner.ts';
import { tapeArgs } from './tape-args.ts';

/** So many times as fast as it is shown standby content is put down: a storage must keep up with it. */
const FILL_SPEED = 30;
const LEAST_PAUSE_SECONDS = 0.02;
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
  readonly gapSeconds: () => number;
  readonly isOut: (seconds: number) => boolean;
}

interface Muxer {
  readonly head: NutHead;
  readonly writer: NutWriter;
  readonly joiner: Joiner;
  readonly ffmpeg: Ffmpeg;
  readonly outputs: readonly string[];
}

const isLike = (one: NutHead, other: NutHead): boolean =>
  one.streams.length === other.streams.length &&
  one.streams.every(({ settings }, index) => other.streams[index]?.settings.equals(settings) === true);

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
  #muxer: Muxer | undefined;
  #exit: FfmpegExit | undefined;
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
    if (this.#muxer === undefined) await this.#work;
    const clip = await this.#clip;
    if (this.#muxer === undefined) return false;
    return clip !== undefined && isLike(clip.head, this.#muxer.head) && !this.#isSpent && !this.#isBroken;
  }

  stretch({ onSpent, onBroken }: StretchOptions): Stretch {
    const feed = new Feed();
    let [gapSeconds, stopBeforeSeconds, bytes] = [0, Number.POSITIVE_INFINITY, 0];
    let hasCome = false;
    this.#onSpent = onSpent;
    this.#onBroken = onBroken;
    if (this.#isSpent) onSpent();
    const open: OpenStretch = {
      feed,
      gapSeconds: () => gapSeconds,
      isOut: (seconds) => seconds >= stopBeforeSeconds,
    };
    return {
      fed: () => {
        const now = this.#options.monotonicNow();
        if (!hasCome && this.#lastFedAt !== undefined) gapSeconds = (now - this.#lastFedAt) / MS_PER_SECOND;
        hasCome = true;
        this.#lastFedAt = now;
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
    const muxer = this.#muxer;
    if (muxer === undefined || this.#exit === undefined || this.#recipe === undefined) return [];
    const formats = this.#recipe.outputs.map(({ format }) => format);
    return failedOutputs(this.#exit, muxer.outputs, formats);
  }

  /** Nothing more comes: makes its files whole, and leaves the playlist as `hlsEnding` says. The first call counts. */
  close(...how: Parameters<CaptureOutputs['close']>): Promise<void> {
    this.#closing ??= this.#close(...how);
    return this.#closing;
  }

  async #close(...how: Parameters<CaptureOutputs['close']>): Promise<void> {
    await this.#work;
    this.#isOver = true;
    if (this.#muxer !== undefined) {
      const { input, expectExit, exited } = this.#muxer.ffmpeg;
      input?.end();
      expectExit();
      await exited;
    }
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
    this.#muxer?.ffmpeg.kill();
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
    this.#muxer?.joiner.begin();
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
    this.#muxer ??= await this.#begin(head);
    const { joiner } = this.#muxer;
    if (!isLike(head, this.#muxer.head)) return this.spend();
    const { timeBase } = head.streams[frame.stream] ?? { timeBase: { numerator: 1, denominator: 1 } };
    if (stretch.isOut((frame.pts * timeBase.numerator) / timeBase.denominator)) return;
    if (joiner.begins(frame)) {
      const clip = await this.#clip;
      if (clip !== undefined) await this.#fill(clip, stretch.gapSeconds());
      joiner.place(frame);
    }
    const placed = joiner.take(frame);
    if (placed !== undefined) await this.#write(placed);
  }

  async #fill(clip: Clip, seconds: number): Promise<void> {
    const joiner = this.#muxer?.joiner;
    if (joiner === undefined) return;
    const { monotonicNow } = this.#options;
    const [begunAt, begun] = [monotonicNow(), joiner.seconds];
    for (const frame of joiner.fill(clip, seconds)) {
      if (this.#isOver) return;
      await this.#write(frame);
      const passed = (monotonicNow() - begunAt) / MS_PER_SECOND;
      const ahead = (joiner.seconds - begun) / FILL_SPEED - passed;
      if (ahead > LEAST_PAUSE_SECONDS) await wait(ahead * MS_PER_SECOND);
    }
  }

  async #begin(head: NutHead): Promise<Muxer> {
    const { recordId, log } = this.#options;
    if (this.#recipe === undefined) throw new Error('Something was encoded without a recipe');
    const { args, slaves } = tapeArgs(this.#recipe, this.#session.url);
    const ffmpeg = startFfmpeg(args, () => undefined, 'pipe');
    void ffmpeg.exited.then((exit) => {
      this.#exit = exit;
      if (this.#isOver) return;
      log.error('The ffmpeg that makes files of what was encoded ended', { recordId, ffmpeg: exit });
      this.spend();
    });
    const writer = new NutWriter(head);
    const muxer: Muxer = {
      ...{ head, writer, ffmpeg },
      joiner: new Joiner(head, 1 / frameRateOf(this.#recipe)),
      outputs: slaves.map(({ name }) => name),
    };
    ffmpeg.input?.write(writer.begin());
    return muxer;
  }

  async #write(frame: NutFrame): Promise<void> {
    const { ffmpeg, writer } = this.#muxer ?? {};
    const input = ffmpeg?.input;
    if (input === undefined || writer === undefined || input.destroyed) return;
    input.write(writer.lead(frame));
    if (input.write(frame.data)) return;
    const gone = ffmpeg?.exited;
    await Promise.race([once(input, 'drain').catch(() => undefined), gone]);
  }
}
