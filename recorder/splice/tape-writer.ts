import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { type Ffmpeg, type FfmpegExit, startFfmpeg } from '../capture/ffmpeg.ts';
import { createHangWatch } from '../capture/pace.ts';
import { failedOutputs, type Loss } from '../capture/reasons.ts';
import { frameRateOf, type Recipe } from '../capture/recipe.ts';
import type { NutFrame, NutHead } from '../containers/nut/reader.ts';
import { NutWriter } from '../containers/nut/writer.ts';
import type { Clip } from './clip.ts';
import { Joiner } from './joiner.ts';
import { tapeArgs } from './tape-args.ts';

/**
 * So many times as fast as it is shown standby content is put down: with the stream waiting behind it, and so that others on
 * this machine hardly notice. Where storages do not keep up, it is the lesser one.
 */
const FILL_SPEED = 150;
const SPARING_FILL_SPEED = 30;
const LEAST_PAUSE_SECONDS = 0.02;
/** It copies: once it knows what it reads, which takes it 5 s at most, it says so twice a second. */
const HANGS_AFTER_MS = 15_000;
const LOOK_MS = 500;
const MS_PER_SECOND = 1000;

export interface TapeWriterOptions {
  /** Of what is put down first; all that follows has to be like it. */
  readonly head: NutHead;
  readonly recipe: Recipe;
  readonly sinkUrl: string;
  /** Monotonic, in milliseconds. */
  monotonicNow(): number;
  /** Whether storages have more to do than they should. */
  isBehind(): boolean;
  /** Its ffmpeg has ended by itself, or was killed since it hung. */
  onGone(exit: FfmpegExit, why: string | undefined): void;
}

/** Before a stretch. */
export interface Absence {
  /** For which nothing of the stream came. */
  readonly seconds: number;
  /** When the first of the stretch came, in monotonic milliseconds. */
  readonly endedAt: number;
}

/** Puts what captures have encoded on one timeline, for the ffmpeg that outlives them and makes files of it. */
export class TapeWriter {
  readonly #options: TapeWriterOptions;
  readonly #nut: NutWriter;
  readonly #joiner: Joiner;
  readonly #ffmpeg: Ffmpeg;
  readonly #outputs: readonly string[];
  /** Its ffmpeg has been given something since the last look, or has not taken yet what it was given. */
  #hasWritten = false;
  #isWaiting = false;
  #isOver = false;
  /** When what is shown first was shown, in monotonic milliseconds: what was sent at once had been going on before. */
  #begunAt = Number.POSITIVE_INFINITY;
  #isFirst = true;

  constructor(options: TapeWriterOptions) {
    const { head, recipe, sinkUrl, onGone } = options;
    const { args, slaves } = tapeArgs(recipe, sinkUrl);
    this.#options = options;
    this.#nut = new NutWriter(head);
    this.#joiner = new Joiner(head, 1 / frameRateOf(recipe));
    this.#ffmpeg = startFfmpeg(args, () => undefined, 'pipe');
    this.#outputs = slaves.map(({ name }) => name);
    const hangWatch = createHangWatch(HANGS_AFTER_MS);
    let hasHung = false;
    const timer = setInterval(() => {
      const isBusy = this.#hasWritten || this.#isWaiting;
      this.#hasWritten = false;
      if (!hangWatch.hangs(performance.now(), this.#ffmpeg.reports(), isBusy)) return;
      hasHung = true;
      this.#ffmpeg.kill();
    }, LOOK_MS);
    void this.#ffmpeg.exited.then((exit) => {
      clearInterval(timer);
      if (!this.#isOver) onGone(exit, hasHung ? 'It hung, and was killed.' : exit.lastLines.at(-1));
    });
    this.#ffmpeg.input?.write(this.#nut.begin());
  }

  /** Whether what has this head fits behind what has been put down. */
  takes(head: NutHead): boolean {
    const { streams } = this.#options.head;
    return (
      streams.length === head.streams.length &&
      streams.every(({ settings }, index) => head.streams[index]?.settings.equals(settings) === true)
    );
  }

  /** Whether the stretch that was begun last has its place. */
  get isPlaced(): boolean {
    return this.#joiner.isPlaced;
  }

  /** How long all of it is that has been put down. */
  get seconds(): number {
    return this.#joiner.seconds;
  }

  /** Another stretch begins with the next frame. */
  begin(): void {
    this.#isFirst = false;
    this.#joiner.begin();
  }

  /**
   * @param clip fills the gap before the stretch that begins with this frame, if one does: as much of it as the stream was
   * away, but not beyond where the clock is, for what is sent at once to whoever connects has been going on for a while
   */
  async put(frame: NutFrame, clip: Clip | undefined, absence: Absence): Promise<void> {
    if (this.#joiner.begins(frame)) {
      const missing = (absence.endedAt - this.#begunAt) / MS_PER_SECOND - this.#joiner.seconds;
      if (clip !== undefined) await this.#fill(clip, Math.min(absence.seconds, missing));
      this.#joiner.place(frame);
    }
    const placed = this.#joiner.take(frame);
    if (this.#isFirst) {
      const now = this.#options.monotonicNow();
      this.#begunAt = Math.min(this.#begunAt, absence.endedAt, now - this.#joiner.seconds * MS_PER_SECOND);
    }
    if (placed !== undefined) await this.#write(placed);
  }

  /** Nothing more comes: resolves when all of it has been made files of. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#ffmpeg.input?.end();
    this.#ffmpeg.expectExit();
    await this.#ffmpeg.exited;
  }

  /** Ends it without flushing. */
  kill(): void {
    this.#isOver = true;
    this.#ffmpeg.kill();
  }

  /** Formats that could not be written, so far. */
  lost(): Loss[] {
    const formats = this.#options.recipe.outputs.map(({ format }) => format);
    return failedOutputs(this.#ffmpeg, this.#outputs, formats);
  }

  async #fill(clip: Clip, seconds: number): Promise<void> {
    const { monotonicNow, isBehind } = this.#options;
    // What was slower than that is not made up for.
    let [lookedAt, filled] = [monotonicNow(), this.#joiner.seconds];
    for (const frame of this.#joiner.fill(clip, seconds)) {
      if (this.#isOver) return;
      await this.#write(frame);
      const put = this.#joiner.seconds - filled;
      if (put <= LEAST_PAUSE_SECONDS * FILL_SPEED) continue;
      const due = put / (isBehind() ? SPARING_FILL_SPEED : FILL_SPEED);
      const passed = (monotonicNow() - lookedAt) / MS_PER_SECOND;
      if (passed < due) await wait((due - passed) * MS_PER_SECOND);
      [lookedAt, filled] = [monotonicNow(), this.#joiner.seconds];
    }
  }

  async #write(frame: NutFrame): Promise<void> {
    const { input, exited } = this.#ffmpeg;
    if (input === undefined || input.destroyed) return;
    this.#hasWritten = true;
    input.write(this.#nut.lead(frame));
    if (input.write(frame.data)) return;
    this.#isWaiting = true;
    await Promise.race([once(input, 'drain').catch(() => undefined), exited]);
    this.#isWaiting = false;
  }
}
