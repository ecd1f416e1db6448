import type { Reason } from '../../shared/schemas/recording.ts';
import type { ContainerParser, HeadBuilder } from '../containers/container.ts';
import type { MediaFile } from '../files/media-file.ts';
import { LEFT_PATIENCE_MS, type LeftFile } from './left-file.ts';
import { isTimeJump } from './time-jump.ts';

export interface StreamOutputOptions {
  readonly parser: ContainerParser;
  /** What the capture before has left of the same format. */
  readonly before?: LeftFile | undefined;
  /** Longest file; it is cut at the first key frame behind that. */
  readonly maxMs: number;
  /** Opens the next file. `startMs` is its beginning in the capture's timeline. */
  openFile(head: HeadBuilder, startMs: number): MediaFile;
  /** The codec settings changed; the unit at `timeMs` is the first with the new ones. */
  onCodecChange(timeMs: number): void;
  /** A key frame has come. */
  onKeyFrame(): void;
  /** The time stamps jumped; nothing behind the jump is taken. */
  onTimeJump(fromMs: number, toMs: number): void;
  /** Monotonic, in milliseconds. */
  monotonicNow(): number;
}

interface OpenFile {
  readonly file: MediaFile;
  readonly head: HeadBuilder;
}

/** MP4, FLV or AAC of one capture: cuts what ffmpeg writes into files. */
export class StreamOutput {
  readonly #options: StreamOutputOptions;
  #current: OpenFile | undefined;
  #first: OpenFile | undefined;
  #before: LeftFile | undefined;
  #beforeTimer: NodeJS.Timeout | undefined;
  #fileStartMs = 0;
  /** Media in the files before the current one. */
  #closedMs = 0;
  #closing: Promise<void>[] = [];
  #codecChanged = false;
  #stop: { beforeMs: number; reason: Reason } | undefined;
  #stopped = false;
  readonly #openedAt: number;
  #pushedAt: number;

  constructor(options: StreamOutputOptions) {
    this.#options = options;
    this.#before = options.before;
    this.#openedAt = options.monotonicNow();
    if (this.#before !== undefined)
      this.#beforeTimer = setTimeout(() => this.#closeBefore(), this.#before.until - this.#openedAt);
    this.#pushedAt = this.#openedAt;
  }

  /** Media recorded so far, in every file of this output. */
  get recordedSeconds(): number {
    return (this.#closedMs + (this.#current?.head.durationMs() ?? 0)) / 1000;
  }

  /** Media that are not stored yet. */
  get unstoredBytes(): number {
    return this.#current?.file.unstoredBytes ?? 0;
  }

  /** @throws ContainerError */
  push(chunk: Buffer): void {
    if (this.#stopped) return;
    const lastPushAt = this.#pushedAt;
    this.#pushedAt = this.#options.monotonicNow();
    const passed = {
      sinceLastMs: this.#pushedAt - lastPushAt,
      sinceOpenedMs: this.#pushedAt - this.#openedAt,
    };
    for (const event of this.#options.parser.push(chunk)) {
      if (event.type === 'changed') this.#codecChanged = true;
      else if (event.type === 'jumped') this.#jumped(event, passed);
      else if (event.type === 'unit') this.#unit(event.key, event.timeMs);
      else if (event.type === 'media') this.#current?.file.append(event.bytes);
      // Nothing more is parsed: it would count into the head of the last file.
      if (this.#stopped) break;
    }
    if (!this.#options.parser.isWhole) return;
    this.#settleBefore();
    if (!this.#stopped) this.#current?.file.mark();
  }

  /** Leaves out what comes at `timeMs` and later: it does not fit these files, which `reason` says. The first one counts. */
  stopBefore(timeMs: number, reason: Reason): void {
    this.#stop ??= { beforeMs: timeMs, reason };
  }

  /**
   * Closes the last file; resolves when every file of this output is ready or has failed.
   * @param leave takes the last file instead, for the capture that follows
   */
  async close(reason?: Reason, leave?: (left: LeftFile) => void): Promise<void> {
    this.#options.parser.end();
    if (this.#first === undefined && leave !== undefined) this.#handOn(leave);
    this.#closeBefore();
    this.#closeFile(reason, leave);
    await Promise.all(this.#closing);
  }

  abandon(): void {
    this.#stopped = true;
    this.#handOn(({ file }) => file.abandon());
    this.#current?.file.abandon();
  }

  /** Closes what the capture before has left, as soon as it is known what this one begins with. */
  #settleBefore(): void {
    if (this.#before === undefined || this.#first === undefined) return;
    const { file, head } = this.#first;
    const repetition = head.groups.repetitionOf(this.#before.group);
    if (repetition === false) this.#closeBefore();
    if (repetition === false || repetition === undefined) return;
    // Until it is stored here too, the file before has the only one.
    const isStored = file.whenStored();
    this.#handOn(({ file: before, reason }) =>
      this.#closing.push(isStored.then((is) => before.close(reason, is ? repetition : undefined))),
    );
  }

  #closeBefore(): void {
    this.#handOn(({ file, reason }) => this.#closing.push(file.close(reason)));
  }

  #handOn(take: (left: LeftFile) => void): void {
    clearTimeout(this.#beforeTimer);
    if (this.#before !== undefined) take(this.#before);
    this.#before = undefined;
  }

  #jumped(jump: { fromMs: number; toMs: number }, passed: Parameters<typeof isTimeJump>[1]): void {
    if (!isTimeJump(jump, passed)) return;
    this.#stopped = true;
    this.#options.onTimeJump(jump.fromMs, jump.toMs);
  }

  #unit(key: boolean, timeMs: number): void {
    if (this.#stopped) return;
    if (key) this.#options.onKeyFrame();
    if (this.#codecChanged) {
      this.#codecChanged = false;
      this.#options.onCodecChange(timeMs);
    }
    if (this.#stop !== undefined && timeMs >= this.#stop.beforeMs) {
      this.#stopped = true;
      return;
    }
    const file = this.#current?.file;
    if (file !== undefined && !(key && this.#isOver(file, timeMs))) {
      file.mark(key);
      return;
    }
    this.#closeFile();
    this.#fileStartMs = timeMs;
    const head = this.#options.parser.startFile();
    this.#current = { file: this.#options.openFile(head, timeMs), head };
    this.#first ??= this.#current;
  }

  #isOver(file: MediaFile, timeMs: number): boolean {
    return file.isSpent || timeMs - this.#fileStartMs >= this.#options.maxMs;
  }

  #closeFile(reason?: Reason, leave?: (left: LeftFile) => void): void {
    if (this.#current === undefined) return;
    const { file, head } = this.#current;
    this.#current = undefined;
    this.#closedMs += head.durationMs();
    const why = this.#stop?.reason ?? reason;
    const { last: group } = head.groups;
    if (leave === undefined || group === undefined) this.#closing.push(file.close(why));
    else leave({ file, group, reason: why, until: this.#options.monotonicNow() + LEFT_PATIENCE_MS });
  }
}
