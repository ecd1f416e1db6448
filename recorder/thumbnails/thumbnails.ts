import type { FolderOf } from '../../shared/recordings/folder.ts';
import type { Plan } from '../../shared/schemas/recording.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import {
  cuesKeyOf,
  isSpriteOf,
  latestKeyOf,
  renderCues,
  SPRITE_THUMBNAILS,
  type Sprite,
  spriteKeyOf,
  spriteMetadata,
  spriteOf,
  spritePrefixOf,
} from '../../shared/thumbnails/sprite.ts';
import type { Log } from '../log.ts';
import { sizeOfJpeg } from './jpeg.ts';
import { KeyFrames } from './key-frames.ts';
import type { Pictures } from './pictures.ts';

export interface ThumbnailPorts {
  readonly recording: FolderOf;
  readonly settings: NonNullable<Plan['thumbnails']>;
  /** The primary storage: what it does not take is lost. */
  readonly store: ObjectStore;
  readonly pictures: Pictures;
  readonly log: Log;
  /** Resolves once this recorder may write; rejects when it may not any more. */
  held(): Promise<void>;
  /** In milliseconds. */
  monotonicNow(): number;
}

/** Of one request. */
const PATIENCE_MS = 5000;
/** Time stamps tremble. */
const TREMBLE_SECONDS = 0.02;
/** Key frames in memory: one that is made into a picture, and the next. */
const MOST_WAITING = 2;
const JPEG = { contentType: 'image/jpeg' };

interface Page {
  readonly capture: number;
  readonly width: number;
  readonly height: number;
  readonly seconds: number[];
  readonly pictures: Buffer[];
}

/**
 * The thumbnails of a recording, as long as this recorder has it: the latest one by itself, all of them in sprites, each of
 * which says what it is of, and WebVTT over all sprites. Nothing waits for them, nothing fails with them: while two are
 * being made, others that come are left out.
 */
export class Thumbnails {
  readonly #ports: ThumbnailPorts;
  #page: Page | undefined;
  #pages = 0;
  readonly #sprites = new Map<string, Sprite>();
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  #lastSeconds = Number.NEGATIVE_INFINITY;
  #latestAt = Number.NEGATIVE_INFINITY;
  readonly #counts = { made: 0, dropped: 0, failed: 0 };

  constructor(ports: ThumbnailPorts) {
    this.#ports = ports;
  }

  /** Takes the key frames of a capture. @param offsetSeconds media that were recorded before it */
  capture(capture: number, offsetSeconds: number): KeyFrames {
    const { intervalSeconds } = this.#ports.settings;
    return new KeyFrames({
      wants: (seconds) => {
        const at = offsetSeconds + seconds;
        if (at < this.#lastSeconds + intervalSeconds - TREMBLE_SECONDS) return false;
        if (this.#waiting >= MOST_WAITING) {
          this.#counts.dropped += 1;
          return false;
        }
        this.#lastSeconds = at;
        return true;
      },
      onKeyFrame: (keyFrame, seconds) => this.#take(keyFrame, capture, offsetSeconds + seconds),
    });
  }

  /** Resolves when those that are being made are there. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** Writes what is left. Never rejects. */
  async close(): Promise<void> {
    await this.idle();
    await this.#attempt(() => this.#endPage());
    const { recordId } = this.#ports.recording;
    this.#ports.log.info('The thumbnails of a recording end here', { recordId, ...this.#counts });
  }

  #take(keyFrame: Buffer, capture: number, seconds: number): void {
    this.#waiting += 1;
    this.#work = this.#work.then(async () => {
      await this.#attempt(() => this.#make(keyFrame, capture, seconds));
      this.#waiting -= 1;
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      this.#counts.failed += 1;
      const { recordId } = this.#ports.recording;
      // One line tells enough of a storage that is away for an hour.
      if (this.#counts.failed === 1) this.#ports.log.warn('A thumbnail was lost', { recordId, cause });
    }
  }

  async #make(keyFrame: Buffer, capture: number, seconds: number): Promise<void> {
    const { pictures, settings, monotonicNow } = this.#ports;
    const picture = await pictures.thumbnail(keyFrame, settings.width);
    const size = sizeOfJpeg(picture);
    if (size === undefined) throw new Error('The thumbnail is no JPEG');
    this.#counts.made += 1;
    const { width, height } = this.#page ?? size;
    if (width !== size.width || height !== size.height) await this.#attempt(() => this.#endPage());
    this.#page ??= { capture, ...size, seconds: [], pictures: [] };
    this.#page.seconds.push(Number(seconds.toFixed(3)));
    this.#page.pictures.push(picture);
    // A source may send all at once what it has kept.
    const isTime = monotonicNow() - this.#latestAt >= (settings.intervalSeconds * 1000) / 2;
    if (isTime) {
      this.#latestAt = monotonicNow();
      await this.#attempt(() => this.#put(latestKeyOf(this.#ports.recording), picture, JPEG));
    }
    if (this.#page.pictures.length >= SPRITE_THUMBNAILS) await this.#endPage();
  }

  async #endPage(): Promise<void> {
    const page = this.#page;
    if (page === undefined) return;
    this.#page = undefined;
    this.#pages += 1;
    const { recording, pictures, settings } = this.#ports;
    const { width, height, seconds } = page;
    const sprite = { key: spriteKeyOf(recording, page.capture, this.#pages), width, height, seconds };
    const image = await pictures.sprite(page.pictures);
    await this.#put(sprite.key, image, { ...JPEG, metadata: spriteMetadata(sprite) });
    this.#sprites.set(sprite.key, sprite);
    await this.#findOthers();
    const cues = renderCues([...this.#sprites.values()], settings.intervalSeconds);
    await this.#put(cuesKeyOf(recording), Buffer.from(cues), { contentType: 'text/vtt' });
  }

  /** Of recorders before this one, and of one that still records it. */
  async #findOthers(): Promise<void> {
    const { recording } = this.#ports;
    const store = this.#ports.store.within(AbortSignal.timeout(PATIENCE_MS));
    for (const { key } of await store.list(spritePrefixOf(recording))) {
      if (this.#sprites.has(key) || !isSpriteOf(recording, key)) continue;
      const sprite = spriteOf(key, (await store.head(key))?.metadata ?? {});
      if (sprite !== undefined) this.#sprites.set(key, sprite);
    }
  }

  async #put(key: string, body: Buffer, options: Parameters<ObjectStore['put']>[2]): Promise<void> {
    await this.#ports.held();
    const store = this.#ports.store.within(AbortSignal.timeout(PATIENCE_MS));
    await store.put(key, body, { cacheControl: 'no-cache', ...options });
  }
}
