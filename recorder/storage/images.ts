import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import type { ImageFile } from '../capture/maker-args.ts';
import type { LoadImages } from '../capture/making.ts';

type Stored = Parameters<LoadImages>[0][number];

/** What is larger is no image of a watermark, and no standby content. */
const MOST_BYTES = 16 * 1024 * 1024;

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
/** What MP4 has at its fifth byte. */
const MP4 = Buffer.from('ftyp');

const HASH = /^[0-9a-f]{64}$/;

export interface ImagesOptions {
  /** Where they are kept, by their hash. */
  readonly folder: string;
  /** This installation's own bucket; absent: there is none. */
  readonly store: ObjectStore | undefined;
}

const demuxerOf = (image: Buffer): ImageFile['demuxer'] => {
  if (image.subarray(0, PNG.length).equals(PNG)) return 'png_pipe';
  if (image.subarray(0, JPEG.length).equals(JPEG)) return 'jpeg_pipe';
  if (image.subarray(MP4.length, 2 * MP4.length).equals(MP4)) return 'mov';
  throw new Error('An image is neither a PNG nor a JPEG, nor is it a video');
};

const check = (image: Buffer, sha256: string): Buffer => {
  if (createHash('sha256').update(image).digest('hex') !== sha256)
    throw new Error('An image is not the one that was chosen');
  return image;
};

/** Fetches images of watermarks, and standby content, each once for this recorder, and keeps them as files for ffmpeg. */
export const createImages = ({ folder, store }: ImagesOptions): LoadImages => {
  const known = new Map<string, Promise<ImageFile>>();

  const fetchImage = async (key: string, sha256: string): Promise<Buffer> => {
    const size = (await store?.head(key))?.size;
    if (store === undefined || size === undefined) throw new Error('An image is not there');
    if (size > MOST_BYTES) throw new Error('An image is too large');
    const { body } = (await store.get(key)) ?? {};
    if (body === undefined) throw new Error('An image is not there');
    return check(body, sha256);
  };

  const load = async ({ key, sha256 }: Stored): Promise<ImageFile> => {
    // It becomes a name in the folder.
    if (!HASH.test(sha256)) throw new Error('The hash of an image is none');
    const path = join(folder, sha256);
    const kept = await readFile(path)
      .then((image) => check(image, sha256))
      .catch(() => undefined);
    const image = kept ?? (await fetchImage(key, sha256));
    const demuxer = demuxerOf(image);
    if (kept === undefined) {
      await mkdir(folder, { recursive: true });
      // Whoever reads it must never see half of it.
      await writeFile(`${path}.new`, image);
      await rename(`${path}.new`, path);
    }
    return { path, demuxer };
  };

  const loadOnce = (stored: Stored): Promise<ImageFile> => {
    const loading = known.get(stored.sha256) ?? load(stored);
    known.set(stored.sha256, loading);
    // What has failed is tried again.
    loading.catch(() => known.delete(stored.sha256));
    return loading;
  };

  return (all) => Promise.all(all.map(loadOnce));
};
