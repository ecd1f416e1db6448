import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { videoEncodingSchema } from '../../shared/schemas/transcode.ts';
import { descendants } from '../../test/support/local-process.ts';
import { PLAIN_LOOK } from '../capture/look.ts';
import type { LoadImages } from '../capture/making.ts';
import type { Recipe } from '../capture/recipe.ts';
import { MediaFolder } from '../containers/media.fixture.ts';
import { Clips, type ClipWish } from './clips.ts';

const folder = new MediaFolder();
let images: LoadImages;

beforeAll(() => {
  const slate = folder.generate('png', '-f', 'lavfi', '-i', 'color=red:s=100x100', '-frames:v', '1');
  images = async () => [{ path: slate, demuxer: 'png_pipe' }];
});
afterAll(() => folder.remove());

/** @param gopSeconds how long an image is encoded */
const wishOf = (formats: readonly ('mp4' | 'flv')[], gopSeconds = 1, height = 180): ClipWish => {
  const encoding = videoEncodingSchema.parse({ gopSeconds, crf: 23 });
  const size = { width: (height * 16) / 9, height };
  const recipe: Recipe = {
    video: { ...encoding, ...size, sourceFramesPerSecond: 25, overlays: [], look: PLAIN_LOOK },
    sounds: [],
    outputs: formats.map((format) => ({ format, sound: undefined })),
  };
  const content = { key: 'standbys/1', sha256: 'ab'.repeat(32), contentType: 'image/png' } as const;
  return { recipe, effort: 'usual', content };
};

it('is made once for all that are encoded alike, whatever their formats, as long as one of them wants it', async () => {
  const load = vi.fn(images);
  const [clips, one, two] = [new Clips(load), new AbortController(), new AbortController()];
  const first = await clips.get(wishOf(['mp4']), one.signal);
  expect(await clips.get(wishOf(['mp4', 'flv']), two.signal)).toBe(first);
  one.abort();
  expect(await clips.get(wishOf(['flv']), new AbortController().signal)).toBe(first);
  expect(load).toHaveBeenCalledTimes(1);
  const other = await clips.get(wishOf(['mp4'], 2), new AbortController().signal);
  expect(other.frames).toHaveLength(50);
});

it('is made anew when nobody wanted it any more, and when it could not be had', async () => {
  const load = vi.fn(images).mockRejectedValueOnce(new Error('the bucket is away'));
  const [clips, one, two] = [new Clips(load), new AbortController(), new AbortController()];
  await expect(clips.get(wishOf(['mp4']), one.signal)).rejects.toThrow('the bucket is away');
  const first = await clips.get(wishOf(['mp4']), one.signal);
  one.abort();
  expect(await clips.get(wishOf(['mp4']), two.signal)).not.toBe(first);
});

it('is not made to its end when nobody wants it any more', async () => {
  // Those of tests before it in this process may still be ending.
  const others = await descendants(process.pid);
  const own = async () => (await descendants(process.pid)).filter((pid) => !others.includes(pid));
  const clips = new Clips(images);
  const [one, two] = [new AbortController(), new AbortController()];
  // Ten seconds of 4K.
  const wish = wishOf(['mp4'], 10, 2160);
  const made = [clips.get(wish, one.signal), clips.get(wish, two.signal)];
  const rejected = expect(Promise.all(made)).rejects.toThrow();
  await vi.waitFor(async () => expect(await own()).toHaveLength(1), 10_000);
  one.abort();
  expect(await own()).toHaveLength(1);
  two.abort();
  await rejected;
  expect(await own()).toEqual([]);
});
