import type { NutStream } from '../containers/nut/head.ts';
import type { NutFrame, NutHead } from '../containers/nut/reader.ts';
import { type Clip, type CutPoint, cutPointsOf } from './clip.ts';

/** Less than that is no reason to show anything else. */
const LEAST_FILL_SECONDS = 1;

const TREMBLE_SECONDS = 0.001;

/** Of AAC; of other sound a clip tells. */
const SAMPLES_PER_FRAME = 1024;

/** So many frames of sound may come behind the last picture because an encoder fills its last ones. */
const PADDING_FRAMES = 2;

/** So much of a frame of sound may lie over the end of the one before. */
const MOST_OVERLAP = 0.25;

interface Track {
  readonly stream: NutStream;
  readonly ticksPerSecond: number;
  /** When what has come is over, in ticks. */
  end: number;
  /** How long a frame is, in ticks. */
  step: number;
  isEmpty: boolean;
}

const trackOf = (stream: NutStream, frameSeconds: number): Track => {
  const ticksPerSecond = stream.timeBase.denominator / stream.timeBase.numerator;
  const { sampleRate } = stream;
  const seconds = sampleRate === undefined ? frameSeconds : SAMPLES_PER_FRAME / sampleRate;
  return { stream, ticksPerSecond, end: 0, step: seconds * ticksPerSecond, isEmpty: true };
};

const secondsOf = (ticks: number, { ticksPerSecond }: Track): number => ticks / ticksPerSecond;

/** The sound of a clip, of which any moment can be had. */
interface ClipSound {
  readonly track: Track;
  readonly step: number;
  at(seconds: number): NutFrame | undefined;
}

const soundOf = (frames: readonly NutFrame[], track: Track, begins: number): ClipSound => {
  const all = frames.filter(({ stream }) => stream === track.stream.id);
  // What lies before the picture is what the encoder needs to begin with.
  const heard = all.filter(({ pts }) => secondsOf(pts, track) >= begins);
  const [first, second] = heard;
  const step = first === undefined || second === undefined ? track.step : second.pts - first.pts;
  const at = (seconds: number): NutFrame | undefined =>
    heard[Math.min(heard.length - 1, Math.floor((seconds * track.ticksPerSecond) / step))];
  return { track, step, at };
};

/**
 * Puts stretches of one encoding behind one another, and a clip between them, on one timeline: each goes on where all
 * of the one before has ended, and picture and sound of a stretch stay together. Decides only; frames come and go.
 */
export class Joiner {
  readonly #frameSeconds: number;
  readonly #video: Track | undefined;
  readonly #sounds: readonly Track[];
  readonly #tracks: ReadonlyMap<number, Track>;
  /** Of the stretch, in seconds; undefined until its first frame has its place. */
  #offset: number | undefined = 0;
  #begins = Number.NEGATIVE_INFINITY;

  /** @param frameSeconds how long a picture is shown */
  constructor({ streams }: Pick<NutHead, 'streams'>, frameSeconds: number) {
    this.#frameSeconds = frameSeconds;
    const tracks = streams.map((stream) => trackOf(stream, frameSeconds));
    this.#tracks = new Map(tracks.map((track) => [track.stream.id, track]));
    this.#video = tracks.find(({ stream }) => stream.kind === 'video');
    this.#sounds = tracks.filter(({ stream }) => stream.kind === 'audio');
  }

  /** Another stretch begins with the next frame. */
  begin(): void {
    this.#offset = undefined;
  }

  /** Whether the stretch that was begun last has its place. */
  get isPlaced(): boolean {
    return this.#offset !== undefined;
  }

  /** Whether a stretch begins with this frame: nothing before its first key frame is taken. */
  begins({ stream, key }: NutFrame): boolean {
    return this.#offset === undefined && key && stream === (this.#video ?? this.#sounds[0])?.stream.id;
  }

  /** Gives the stretch that begins with this frame its place: behind all that has been put down. */
  place(frame: NutFrame): void {
    const track = this.#trackOf(frame);
    this.#begins = secondsOf(frame.pts, track);
    this.#offset = this.seconds - this.#begins;
  }

  /** The frame on the timeline; undefined: it has no place there. */
  take(frame: NutFrame): NutFrame | undefined {
    if (this.#offset === undefined) return undefined;
    const track = this.#trackOf(frame);
    const seconds = secondsOf(frame.pts, track);
    const pts = frame.pts + Math.round(this.#offset * track.ticksPerSecond);
    if (track.stream.kind === 'audio') {
      const isEarly = seconds < this.#begins - TREMBLE_SECONDS;
      const overlaps = !track.isEmpty && pts < track.end - track.step * MOST_OVERLAP;
      if (isEarly || overlaps) return undefined;
    }
    return this.#put(track, { ...frame, pts });
  }

  /** The clip, over and over, for about so long. What is put out is on the timeline. */
  *fill({ frames }: Clip, seconds: number): Generator<NutFrame> {
    if (seconds < LEAST_FILL_SECONDS) return;
    const video = this.#video;
    const leading = video ?? this.#sounds[0];
    if (leading === undefined) return;
    const pictures = frames.filter(({ stream }) => stream === leading.stream.id);
    const times = pictures.map(({ pts }) => secondsOf(pts, leading));
    const [zero] = times;
    if (zero === undefined) return;
    const sounds = this.#sounds.map((track) => soundOf(frames, track, zero));
    const length = Math.max(...times) - zero + this.#frameSeconds;
    const begin = this.seconds;
    leading.end = begin * leading.ticksPerSecond;
    if (video !== undefined) {
      const cuts = cutPointsOf(times, this.#frameSeconds);
      let left = seconds;
      for (let cut = lastWithin(cuts, left); cut !== undefined; cut = lastWithin(cuts, left)) {
        const offset = Math.round((secondsOf(video.end, video) - zero) * video.ticksPerSecond);
        for (const picture of pictures.slice(0, cut.frames)) {
          const pts = picture.pts + offset;
          yield* this.#sound(sounds, { begin, length, until: secondsOf(pts, video) });
          yield this.#put(video, { ...picture, pts });
        }
        // What is left then is shorter than what can be cut.
        left = cut.frames === pictures.length ? left - cut.seconds : 0;
      }
    }
    const until = video === undefined ? begin + seconds : secondsOf(video.end, video);
    yield* this.#sound(sounds, { begin, length, until });
  }

  /** Sound of a clip that has been repeated since `begin`, for every track. */
  *#sound(
    sounds: readonly ClipSound[],
    { begin, length, until }: { begin: number; length: number; until: number },
  ): Generator<NutFrame> {
    for (const { track, step, at } of sounds) {
      track.step = step;
      for (;;) {
        const seconds = secondsOf(track.end, track);
        const frame = at(Math.max(0, seconds - begin) % length);
        if (frame === undefined || seconds + secondsOf(step, track) > until) break;
        yield this.#put(track, { ...frame, pts: Math.round(track.end) });
      }
    }
  }

  /** How long all of it is so far: its picture, or its sound where that really goes on for longer. */
  get seconds(): number {
    const picture = this.#video === undefined ? 0 : secondsOf(this.#video.end, this.#video);
    const padding = this.#video === undefined ? 0 : PADDING_FRAMES;
    const sounds = this.#sounds
      .filter((track) => secondsOf(track.end - padding * track.step, track) > picture)
      .map((track) => secondsOf(track.end, track));
    return Math.max(picture, ...sounds);
  }

  #trackOf({ stream }: NutFrame): Track {
    const track = this.#tracks.get(stream);
    if (track === undefined) throw new RangeError(`There is no stream ${stream}`);
    return track;
  }

  #put(track: Track, frame: NutFrame): NutFrame {
    track.isEmpty = false;
    track.end = Math.max(track.end, frame.pts + track.step);
    return frame;
  }
}

const lastWithin = (cuts: readonly CutPoint[], seconds: number): CutPoint | undefined =>
  cuts.findLast((cut) => cut.seconds <= seconds + TREMBLE_SECONDS);
