/** Frames that are remembered of a group of pictures, and of its sound: those of ten seconds at 60 a second. */
const MOST_FRAMES = 600;

/** Frames of sound that may come before those of a group, where it comes once more; and that may be missing there, as they came before its key frame. */
const MOST_SOUND_BEFORE = 8;
const MOST_SOUND_MISSING = 1;

/** Of still pictures, groups that look alike may take turns: the last one is compared with so many before it. */
const LOOKALIKES = 4;

/** What a file ends with: its last key frame, and what has come behind that. */
export interface Group {
  /** Where its media begin, in bytes from the first byte of the file's media. */
  readonly position: number;
  /** How long each of its video frames is, in bytes, in order of decoding. */
  readonly frames: readonly number[];
  /** The same of the sound. */
  readonly sound: readonly number[];
}

interface OpenGroup extends Group {
  readonly frames: number[];
  readonly sound: number[];
}

const areAt = (start: number, part: readonly number[], all: readonly number[]): boolean =>
  part.every((bytes, index) => bytes === all[start + index]);

const begin = (all: readonly number[], part: readonly number[]): boolean | undefined => {
  if (areAt(0, part, all)) return true;
  return areAt(0, all.slice(0, part.length), part) ? undefined : false;
};

const beginAbout = (all: readonly number[], part: readonly number[]): boolean | undefined => {
  for (let missing = 0; missing <= MOST_SOUND_MISSING; missing++)
    for (let start = 0; start <= MOST_SOUND_BEFORE; start++)
      if (areAt(start, part.slice(missing), all)) return true;
  return all.length < part.length + MOST_SOUND_BEFORE ? undefined : false;
};

/**
 * By which the pictures of one file are found in another. Servers begin with a key frame that lies some time back, so
 * whoever connects again is sent once more what the connection before had last; time stamps may begin anew.
 */
export class Groups {
  readonly #first: Omit<OpenGroup, 'position'> = { frames: [], sound: [] };
  #last: OpenGroup | undefined;
  /** The video frames of the groups before the last one. */
  #before: (readonly number[])[] = [];

  /** The next video frame, in order of decoding. @param keyAt of a key frame, where the media of its group begin */
  addFrame(bytes: number, keyAt: number | undefined): void {
    if (this.#first.frames.length < MOST_FRAMES) this.#first.frames.push(bytes);
    if (keyAt === undefined) this.#push('frames', bytes);
    else {
      if (this.#last !== undefined) this.#before = [...this.#before, this.#last.frames].slice(-LOOKALIKES);
      this.#last = { position: keyAt, frames: [bytes], sound: [] };
    }
  }

  addSound(bytes: number): void {
    if (this.#first.sound.length < MOST_FRAMES + MOST_SOUND_BEFORE) this.#first.sound.push(bytes);
    this.#push('sound', bytes);
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

  /** Whether all of `group` is what this file begins with; undefined while that is not known. */
  beginsWith({ frames, sound }: Group): boolean | undefined {
    const pictures = begin(this.#first.frames, frames);
    return pictures === true ? beginAbout(this.#first.sound, sound) : pictures;
  }

  #push(kind: 'frames' | 'sound', bytes: number): void {
    if (this.#last?.[kind].length === MOST_FRAMES) this.#last = undefined;
    else this.#last?.[kind].push(bytes);
  }
}
