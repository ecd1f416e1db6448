import type { HeadBuilder } from '../container.ts';
import { Groups, MOST_SOUND_ALONE, type Repetition, type Span } from '../groups.ts';
import { type Amf0Value, encodeAmf0 } from './amf0.ts';
import { SCRIPT, type TagContent, tagTypeOf, writeTag } from './tags.ts';

/** A finer index would not help a player to seek, and might outgrow a tag when every frame is a key frame. */
const INDEX_STEP_MS = 1000;

/** What every file of a stream begins with. */
export interface FlvInit {
  /** The file header's flags: which of audio and video there are. */
  readonly flags: number;
  /** Members of ffmpeg's onMetaData. */
  readonly metadata: ReadonlyMap<string, Amf0Value>;
  readonly sequenceHeaders: ReadonlyMap<'video' | 'audio', Buffer>;
}

type Frame = Extract<TagContent, { type: 'frame' }>;

interface Progress {
  frames: number;
  lastMs: number;
  /** Between the last two frames: the best guess at how long the last one lasts. */
  intervalMs: number;
}

/** One more frame. */
const count = (progress: Progress, timeMs: number): void => {
  if (progress.frames > 0 && timeMs > progress.lastMs) progress.intervalMs = timeMs - progress.lastMs;
  progress.frames++;
  progress.lastMs = Math.max(progress.lastMs, timeMs);
};

type BothProgress = Readonly<Record<'video' | 'audio', Progress>>;

interface KeyFrame {
  readonly timeMs: number;
  /** In bytes from the first byte of the media. */
  readonly position: number;
}

/** One file's FLV head: header, onMetaData with duration, size and key-frame index, sequence headers. */
export class FlvHead implements HeadBuilder {
  readonly groups = new Groups();
  readonly ignoresUnnamedMedia = false;
  readonly #init: FlvInit;
  #progress: BothProgress = {
    video: { frames: 0, lastMs: 0, intervalMs: 0 },
    audio: { frames: 0, lastMs: 0, intervalMs: 0 },
  };
  readonly #index: KeyFrame[] = [];
  #lastKey: KeyFrame | undefined;
  /** Of all that came before the last key frame; and when the sound behind it is. */
  #before:
    | {
        readonly progress: BothProgress;
        readonly lastKey: KeyFrame | undefined;
        readonly soundTimes: number[];
      }
    | undefined;

  constructor(init: FlvInit) {
    this.#init = { ...init, sequenceHeaders: new Map(init.sequenceHeaders) };
  }

  /**
   * @param timeMs the tag's timestamp in this file
   * @param position in bytes from the first byte of the media
   * @param bytes of the whole tag
   */
  add(frame: Frame, timeMs: number, position: number, bytes: number): void {
    const isKeyFrame = frame.kind === 'video' && frame.key;
    if (frame.kind === 'audio') this.groups.addSound({ position, bytes });
    else this.groups.addFrame(bytes, isKeyFrame ? position : undefined);
    if (isKeyFrame) {
      const { video, audio } = this.#progress;
      const progress = { video: { ...video }, audio: { ...audio } };
      this.#before = { progress, lastKey: this.#lastKey, soundTimes: [] };
    }
    const soundTimes = this.#before?.soundTimes ?? [];
    if (frame.kind === 'audio' && soundTimes.length < MOST_SOUND_ALONE) soundTimes.push(timeMs);
    count(this.#progress[frame.kind], timeMs);
    if (!isKeyFrame) return;
    this.#lastKey = { timeMs, position };
    const before = this.#index.at(-1);
    if (before === undefined || timeMs >= before.timeMs + INDEX_STEP_MS) this.#index.push(this.#lastKey);
  }

  dropLastGroup({ soundAlone }: Repetition): Span[] {
    const { last } = this.groups;
    if (last === undefined || this.#before === undefined) return [];
    const { progress, lastKey, soundTimes } = this.#before;
    this.#progress = progress;
    this.#lastKey = lastKey;
    while ((this.#index.at(-1)?.position ?? -1) >= last.position) this.#index.pop();
    for (const timeMs of soundTimes.slice(0, soundAlone)) count(progress.audio, timeMs);
    return last.sound.slice(0, soundAlone);
  }

  initialHead(): Buffer {
    return this.#write(new Map([...this.#init.metadata].filter(([name]) => !(name in OVERALL))));
  }

  finalHead(mediaBytes: number): Buffer {
    // Numbers have a fixed size in AMF0, so the head's size is known before the positions in it are.
    const headBytes = this.#write(this.#metadata(mediaBytes, 0)).length;
    return this.#write(this.#metadata(mediaBytes, headBytes));
  }

  durationMs(): number {
    const { video, audio } = this.#progress;
    return Math.max(video.lastMs + video.intervalMs, audio.lastMs + audio.intervalMs);
  }

  videoFrames(): number {
    return this.#progress.video.frames;
  }

  audioFrames(): number {
    return this.#progress.audio.frames;
  }

  #metadata(mediaBytes: number, headBytes: number): Map<string, Amf0Value> {
    const { video, audio } = this.#progress;
    const index = this.#index.filter(({ position }) => position < mediaBytes);
    const metadata = new Map<string, Amf0Value>(this.#init.metadata);
    metadata.set('duration', this.durationMs() / 1000);
    metadata.set('filesize', headBytes + mediaBytes);
    metadata.set('hasMetadata', true);
    metadata.set('hasVideo', video.frames > 0);
    metadata.set('hasAudio', audio.frames > 0);
    metadata.set('hasKeyframes', index.length > 0);
    metadata.set('lasttimestamp', Math.max(video.lastMs, audio.lastMs) / 1000);
    metadata.delete('keyframes');
    if (this.#lastKey === undefined || index.length === 0) return metadata;
    metadata.set('lastkeyframetimestamp', this.#lastKey.timeMs / 1000);
    metadata.set('lastkeyframelocation', headBytes + this.#lastKey.position);
    metadata.set('keyframes', this.#keyframes(index, headBytes));
    return metadata;
  }

  #keyframes(index: readonly KeyFrame[], headBytes: number): Amf0Value {
    const times = index.map(({ timeMs }) => timeMs / 1000);
    const filepositions = index.map(({ position }) => headBytes + position);
    const sequenceHeaders = this.#sequenceHeaders();
    if (this.#init.sequenceHeaders.has('video')) {
      // By convention the video sequence header, itself marked as a key frame, comes first; flv.js skips it.
      times.unshift(0);
      filepositions.unshift(headBytes - sequenceHeaders.reduce((sum, tag) => sum + tag.length, 0));
    }
    const members = new Map<string, Amf0Value>([
      ['filepositions', filepositions],
      ['times', times],
    ]);
    return { kind: 'object', members };
  }

  #write(metadata: ReadonlyMap<string, Amf0Value>): Buffer {
    const header = Buffer.from([0x46, 0x4c, 0x56, 1, this.#init.flags, 0, 0, 0, 9, 0, 0, 0, 0]);
    const script = writeTag(SCRIPT, encodeAmf0('onMetaData', { kind: 'ecma-array', members: metadata }));
    return Buffer.concat([header, script, ...this.#sequenceHeaders()]);
  }

  /** Video first, at a fixed place right after the metadata. */
  #sequenceHeaders(): Buffer[] {
    return (['video', 'audio'] as const).flatMap((kind) => {
      const data = this.#init.sequenceHeaders.get(kind);
      return data === undefined ? [] : [writeTag(tagTypeOf(kind), data)];
    });
  }
}

/** What only holds for a whole file, and would be wrong in a growing one. */
const OVERALL = {
  duration: true,
  filesize: true,
  keyframes: true,
  lasttimestamp: true,
  lastkeyframetimestamp: true,
};
