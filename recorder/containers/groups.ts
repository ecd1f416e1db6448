/** Frames that are remembered of a group of pictures, and of its sound: those of ten seconds at 60 a second. */
const MOST_FRAMES = 600;

/**
 * Frames of sound that may be in one file alone where its group begins: sound has other moments than pictures, and
 * comes behind a key frame whose time stamp has jumped back.
 */
export const MOST_SOUND_ALONE = 8;

/** Of still pictures, groups that look alike may take turns: the last one is compared with so many before it. */
const LOOKALIKES = 4;

/** Media of a file, in bytes from their first byte. */
export interface Span {
  readonly position: number;
  readonly bytes: number;
}

/** What a file ends with: its last key frame, and what has come behind that. */
export interface Group {
  /** Where its media begin, in bytes from the first byte of the file's media. */
  readonly position: number;
  /** How long each of its video frames is, in bytes, in order of decoding. */
  readonly frames: readonly number[];
  readonly sound: readonly Span[];
}

/** How a group comes once more. */
export interface Repetition {
  /** Frames of its sound, the first ones, that do not. */
  readonly soundAlone: number;
}

interface OpenGroup extends Group {
  readonly frames: number[];
  readonly sound: Span[];
}

const areAt = (start: number, part: readonly number[], all: readonly number[]): boolean =>
  part.every((bytes, index) => bytes === all[start + index]);

const begin = (all: readonly number[], part: readonly number[]): boolean | undefined => {
  if (areAt(0, part, all)) return true;
  return areAt(0, all.slice(0, part.length), part) ? undefined : false;
};

const soundOf = (all: readonly number[], part: readonly number[]): Repetition | false | undefined => {
  for (let soundAlone = 0; soundAlone <= MOST_SOUND_ALONE; soundAlone++)
    for (let start = 0; start <= MOST_SOUND_ALONE; start++)
      if (areAt(start, part.slice(soundAlone), all)) return { soundAlone: Math.min(soundAlone, part.length) };
  return all.length < part.length + MOST_SOUND_ALONE ? undefined : false;
};

/**
 * By which the pictures of one file are found in another. Servers begin with a key frame that lies some time back, so
 * whoever connects again is sent once more what the connection before had last; time stamps may begin anew.
 */
export class Groups {
  readonly #first = { frames: [] as number[], sound: [] as number[] };
  #last: OpenGroup | undefined;
  /** The video frames of the groups before the last one. */
  #before: (readonly number[])[] = [];

  /** The next video frame, in order of decoding. @param keyAt of a key frame, where the media of its group begin */
  addFrame(bytes: number, keyAt: number | undefined): void {
    if (this.#first.frames.length < MOST_FRAMES) this.#first.frames.push(bytes);
    if (keyAt === undefined) {
      this.#forgetLong('frames');
      this.#last?.frames.push(bytes);
    } else {
      if (this.#last !== undefined) this.#before = [...this.#before, this.#last.frames].slice(-LOOKALIKES);
      this.#last = { position: keyAt, frames: [bytes], sound: [] };
    }
  }

  addSound(span: Span): void {
    if (this.#first.sound.length < MOST_FRAMES + MOST_SOUND_ALONE) this.#first.sound.push(span.bytes);
    this.#forgetLong('sound');
    this.#last?.sound.push(span);
  }

  /**
   * Absent when it is the only one, when it is too long, and when nothing tells it from those before: of still pictures
   * every group may look the same.
   */
  get last(): Group | undefined {
    const { frames } = this.#last ?? { frames: [] };
    const isTold = this.#before.length > 0 && this.#before.every((each) => begin(each, frames) === false);
    return isTold ? this.#last : undefined;
  }

  /** Whether, and how, this file begins with all of `group`; undefined while that is not known. */
  repetitionOf({ frames, sound }: Group): Repetition | false | undefined {
    const pictures = begin(this.#first.frames, frames);
    if (pictures !== true) return pictures;
    return soundOf(
      this.#first.sound,
      sound.map(({ bytes }) => bytes),
    );
  }

  #forgetLong(kind: 'frames' | 'sound'): void {
    if (this.#last?.[kind].length === MOST_FRAMES) this.#last = undefined;
  }
}
