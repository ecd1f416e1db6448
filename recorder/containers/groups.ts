/** Frames that are remembered of a group of pictures: those of ten seconds at 60 a second. */
const MOST_FRAMES = 600;

/** What a file ends with: its last key frame, and what has come behind that. */
export interface Group {
  /** Where its media begin, in bytes from the first byte of the file's media. */
  readonly position: number;
  /** How long each of its video frames is, in bytes, in order of decoding. */
  readonly frames: readonly number[];
}

/**
 * By which the pictures of one file are found in another. Servers begin with a key frame that lies some time back, so
 * whoever connects again is sent once more what the connection before had last; time stamps may begin anew.
 */
export class Groups {
  readonly #first: number[] = [];
  #last: { readonly position: number; readonly frames: number[] } | undefined;

  /** The next video frame, in order of decoding. @param keyAt of a key frame, where the media of its group begin */
  add(bytes: number, keyAt: number | undefined): void {
    if (this.#first.length < MOST_FRAMES) this.#first.push(bytes);
    if (keyAt !== undefined) this.#last = { position: keyAt, frames: [bytes] };
    else if (this.#last?.frames.length === MOST_FRAMES) this.#last = undefined;
    else this.#last?.frames.push(bytes);
  }

  /** Absent without a key frame, and when too much has come since. */
  get last(): Group | undefined {
    return this.#last;
  }

  /** Whether all frames of `group` are those that this file begins with; undefined while that is not known. */
  beginsWith({ frames }: Group): boolean | undefined {
    if (this.#first.some((bytes, index) => index < frames.length && bytes !== frames[index])) return false;
    return this.#first.length < frames.length ? undefined : true;
  }
}
