import { Fingerprint } from '../containers/ts/fingerprint.ts';
import { TICKS_PER_SECOND } from '../containers/ts/pes.ts';
import { TsReader, type TsUnit } from '../containers/ts/reader.ts';
import type { Taken } from '../files/media-buffer.ts';
import type { HlsFile } from './hls-file.ts';
import { HlsPublisher, type HlsPublisherOptions } from './hls-publisher.ts';
import { LiveClock, type LiveClockOptions } from './live-clock.ts';
import { type Cut, type KeyFrame, SegmentCutter } from './segment-cutter.ts';
import { Timeline, type TimelineOptions } from './timeline.ts';

/** Where a recording goes on that another recorder leaves. */
export interface HlsBeginning {
  /** Of the key frame before which the other recorder has ended; nothing is left out when it is absent. */
  readonly fingerprint?: string;
  /** The file that it left open, if there is one. */
  readonly adopted?: HlsFile | undefined;
}

export interface HlsOutputOptions
  extends Omit<HlsPublisherOptions, 'zero'>,
    LiveClockOptions,
    TimelineOptions {
  /** A segment ends at the first key frame after this. */
  readonly segmentSeconds: number;
  /**
   * Nothing is published before this resolves, and then only what comes from the key frame that it names on.
   * Must not reject.
   */
  readonly begins?: Promise<HlsBeginning>;
  /** A key frame has come. */
  onKeyFrame(): void;
  /** The codec settings changed; what comes at `timeMs` of ffmpeg's time stamps is the first with the new ones. */
  onCodecChange(timeMs: number): void;
}

/**
 * How a capture leaves its playlist: ended, open for whoever goes on with it, or for the next capture here. That one
 * may be sent once more what this one had last, since servers begin with a key frame that lies some time back.
 */
export type HlsEnding = 'ended' | 'open' | 'next-capture';

/** How much longer than it is known the key frame is waited for at which a recording goes on. */
const SEARCH_SECONDS = 10;

/** Of still pictures, key frames that look alike may take turns: the last one is compared with so many before it. */
const LOOKALIKES = 4;

/** So many times as long as it should be, a segment waits for a key frame that does not come, and must not fill the memory. */
const OVERDUE_SEGMENTS = 2;

const msOf = ({ pts }: TsUnit): number => (pts * 1000) / TICKS_PER_SECOND;

const behind = (tables: Buffer, media: Taken): Taken => ({
  ...media,
  buffers: [tables, ...media.buffers],
  length: tables.length + media.length,
});

/** HLS of one capture: cuts the MPEG-TS that ffmpeg writes into segments. */
export class HlsOutput {
  readonly #options: HlsOutputOptions;
  readonly #reader = new TsReader();
  readonly #timeline: Timeline;
  readonly #clock: LiveClock;
  readonly #cutter: SegmentCutter;
  readonly #publisher: HlsPublisher;
  #unit: TsUnit | undefined;
  #stopBeforeMs = Number.POSITIVE_INFINITY;
  /** Of the last key frame, while somebody asks for it and it is not whole. */
  #fingerprint: Fingerprint | undefined;
  /** Of the last key frames. */
  #fingerprints: string[] = [];
  #leaving: PromiseWithResolvers<string | undefined> | undefined;
  readonly #begun = Promise.withResolvers<void>();
  /** Nothing may be published yet. */
  #held = false;
  /** The file whose last segment is kept back until the first key frame is known. */
  #unsettled: HlsFile | undefined;
  #withholds = false;
  #search: { readonly fingerprint: string; readonly untilSeconds: number } | undefined;
  #closed = false;

  constructor(options: HlsOutputOptions) {
    this.#options = options;
    this.#timeline = new Timeline(options);
    this.#cutter = new SegmentCutter(options.segmentSeconds);
    this.#clock = new LiveClock(options);
    this.#publisher = new HlsPublisher({ ...options, zero: () => this.#clock.zero() });
    if (options.adopted?.withholds === true) {
      this.#held = true;
      this.#unsettled = options.adopted;
    }
    if (options.begins === undefined) this.#begun.resolve();
    else {
      this.#held = true;
      void options.begins.then((beginning) => this.#begin(beginning));
    }
  }

  /** Media recorded so far by this capture. */
  get recordedSeconds(): number {
    return this.#publisher.seconds + this.#cutter.seconds;
  }

  /** Media that wait in memory, but for those of a segment that just takes its time. */
  get unstoredBytes(): number {
    const overdue = this.#cutter.seconds > this.#options.segmentSeconds * OVERDUE_SEGMENTS;
    return (this.#held || overdue ? this.#cutter.length : 0) + this.#publisher.unstoredBytes;
  }

  /** @throws ContainerError */
  push(chunk: Buffer): void {
    for (const event of this.#reader.push(chunk)) {
      // Only the fingerprint of what comes behind the end may still be of interest.
      if (this.#cutter.ended && this.#fingerprint === undefined) return;
      if (event.type === 'unit') this.#beginUnit(event);
      else if (event.type === 'changed') this.#change();
      else {
        this.#fingerprint?.add(event.bytes);
        this.#cutter.append(event.bytes);
      }
    }
  }

  /** ffmpeg has sent all that it had: the last access unit is whole. */
  finish(): void {
    // What is left is published by `close`: until then another output may still tell of other codec settings.
    this.#endUnit();
    this.#cutter.endHere(this.#timeline.frameSeconds);
  }

  /** Leaves out what comes from the first key frame at or behind `timeMs` of ffmpeg's time stamps on. */
  stopBefore(timeMs: number): void {
    this.#stopBeforeMs = timeMs;
    const seconds = this.#timeline.secondsAt((timeMs * TICKS_PER_SECOND) / 1000);
    const key = this.#cutter.keys.find((each) => each.seconds >= seconds);
    if (key !== undefined) this.#cutter.endBefore(key);
    this.#publish();
  }

  /**
   * Ends before the next key frame that comes, for another recorder to go on with it.
   * @returns its fingerprint; undefined when none came whole
   */
  cutAtNextKeyFrame(): Promise<string | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    this.#leaving ??= Promise.withResolvers();
    return this.#leaving.promise;
  }

  /**
   * Ends the playlist, or leaves it open for the capture that goes on with it.
   * @param onLeft given what is left open, long before all of it is stored
   */
  async close(
    ending: HlsEnding,
    onLeft: (file: HlsFile | undefined) => void = () => undefined,
  ): Promise<void> {
    // Of what ffmpeg was sending when it was killed, the last access unit need not be whole.
    this.#cutter.endBeforeUnit(this.#timeline.frameSeconds);
    this.#closed = true;
    this.#leaving?.resolve(undefined);
    this.#withholds = ending === 'next-capture';
    await this.#begun.promise;
    // Without a key frame here, the one after may tell.
    if (!this.#withholds) this.#settle();
    this.#held = false;
    this.#publish();
    await this.#publisher.close(ending !== 'ended', onLeft);
  }

  abandon(): void {
    this.#publisher.abandon();
    this.#begun.resolve();
  }

  #beginUnit(unit: TsUnit): void {
    this.#endUnit();
    this.#unit = unit;
    const seconds = this.#timeline.secondsOf(unit);
    // It was sent when it is decoded, not when it is shown.
    this.#clock.came(this.#timeline.secondsAt(unit.dts));
    this.#cutter.begin({ seconds, key: unit.key, leads: unit.leads });
    if (!unit.key) return;
    this.#options.onKeyFrame();
    const leaves = this.#leaving !== undefined;
    this.#fingerprint = new Fingerprint(unit.track);
    if (leaves || msOf(unit) >= this.#stopBeforeMs) this.#cutter.endBeforeUnit(this.#timeline.frameSeconds);
    this.#publish();
  }

  /** The access unit that has begun last is whole. */
  #endUnit(): void {
    const fingerprint = this.#fingerprint?.digest();
    this.#fingerprint = undefined;
    if (fingerprint === undefined) return;
    if (this.#cutter.ended) this.#leaving?.resolve(fingerprint);
    const key = this.#cutter.keys.at(-1);
    if (key === undefined || this.#cutter.ended) return;
    key.fingerprint = fingerprint;
    this.#fingerprints = [...this.#fingerprints.slice(-LOOKALIKES), fingerprint];
    if (this.#unsettled !== undefined) {
      this.#settle(fingerprint);
      this.#held = false;
    }
    this.#find(key);
  }

  #settle(fingerprint?: string): void {
    this.#unsettled?.settle(fingerprint);
    this.#unsettled = undefined;
  }

  #change(): void {
    if (this.#unit === undefined) return;
    this.#cutter.endBeforeUnit(this.#timeline.frameSeconds);
    this.#publish();
    this.#options.onCodecChange(msOf(this.#unit));
  }

  #begin({ fingerprint, adopted }: HlsBeginning): void {
    if (adopted !== undefined) this.#publisher.adopt(adopted);
    const known = this.#cutter.keys;
    if (fingerprint !== undefined) {
      this.#search = { fingerprint, untilSeconds: (known.at(-1)?.seconds ?? 0) + SEARCH_SECONDS };
      // Of still pictures several may look alike; the other recorder has left only now.
      for (const key of known.toReversed()) this.#find(key);
    } else {
      const [first] = known;
      this.#held = adopted?.withholds === true && first?.fingerprint === undefined;
      if (this.#held) this.#unsettled = adopted;
      else adopted?.settle(first?.fingerprint);
    }
    this.#publish();
    this.#begun.resolve();
  }

  /** Begins with a key frame if it is the one that is searched for, or with all there is when that does not come. */
  #find(key: KeyFrame): void {
    if (this.#search === undefined) return;
    const isFound = key.fingerprint === this.#search.fingerprint;
    if (!isFound && key.seconds < this.#search.untilSeconds) return;
    if (isFound) this.#cutter.dropBefore(key);
    this.#search = undefined;
    this.#held = false;
    this.#publish();
  }

  /** Every segment that is whole, and what is left when nothing more will come. */
  #publish(): void {
    if (this.#held) return;
    for (let cut = this.#cutter.whole(); cut !== undefined; cut = this.#cutter.whole()) this.#publishCut(cut);
    const last = this.#withholds ? this.#cutter.keys.at(-1) : undefined;
    if (last?.fingerprint === undefined) {
      this.#publishCut(this.#cutter.rest());
      return;
    }
    this.#publishCut(this.#cutter.rest(last));
    const group = this.#cutter.rest();
    // What looks like one before it may come again as well as another one: rather twice than not at all.
    const fingerprint = this.#looksLikeOthers(last.fingerprint) ? undefined : last.fingerprint;
    if (group !== undefined) this.#publisher.withhold(this.#withTables(group), fingerprint);
  }

  #looksLikeOthers(fingerprint: string): boolean {
    return this.#fingerprints.indexOf(fingerprint) < this.#fingerprints.lastIndexOf(fingerprint);
  }

  #publishCut(cut: Cut | undefined): void {
    if (cut !== undefined) this.#publisher.publish(this.#withTables(cut));
  }

  #withTables(cut: Cut): Cut {
    return { ...cut, media: behind(this.#reader.tables(), cut.media) };
  }
}
