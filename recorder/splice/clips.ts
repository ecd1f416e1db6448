import type { ImageFile } from '../capture/maker-args.ts';
import type { LoadImages } from '../capture/making.ts';
import type { Clip } from './clip.ts';
import { type ClipOptions, clipArgs } from './clip-args.ts';
import { makeClip } from './make-clip.ts';

/** What a clip is made of. */
export type ClipWish = Omit<ClipOptions, 'file'>;

interface Shared {
  readonly clip: Promise<Clip>;
  /** Aborted when nobody wants it any more. */
  readonly unwanted: AbortController;
  wanting: number;
}

/** Which file it is, its content tells. */
const NO_FILE: ImageFile = { path: '', demuxer: 'png_pipe' };

const keyOf = (wish: ClipWish): string =>
  JSON.stringify([wish.content.sha256, clipArgs({ ...wish, file: NO_FILE })]);

/** The clips of a recorder: each is made once, and is there as long as one of its recordings wants it. */
export class Clips {
  readonly #images: LoadImages;
  readonly #shared = new Map<string, Shared>();

  constructor(images: LoadImages) {
    this.#images = images;
  }

  /**
   * @param signal aborted when it is not wanted any more
   * @throws when it cannot be had, or nobody wants it any more
   */
  get(wish: ClipWish, signal: AbortSignal): Promise<Clip> {
    const key = keyOf(wish);
    const shared = this.#shared.get(key) ?? this.#make(key, wish);
    shared.wanting += 1;
    const leave = (): void => {
      shared.wanting -= 1;
      if (shared.wanting > 0) return;
      this.#forget(key, shared);
      shared.unwanted.abort();
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    return shared.clip;
  }

  #make(key: string, wish: ClipWish): Shared {
    const unwanted = new AbortController();
    const make = async (): Promise<Clip> => {
      const [file] = await this.#images([wish.content]);
      if (file === undefined) throw new Error('There is no standby content');
      return makeClip({ ...wish, file }, unwanted.signal);
    };
    const shared = { clip: make(), unwanted, wanting: 0 };
    this.#shared.set(key, shared);
    // What has failed is tried again.
    shared.clip.catch(() => this.#forget(key, shared));
    return shared;
  }

  #forget(key: string, shared: Shared): void {
    if (this.#shared.get(key) === shared) this.#shared.delete(key);
  }
}
