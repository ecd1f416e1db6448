import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { createImages } from './images.ts';

const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from('a')]);
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const overlay = (key: string, sha256: string) => ({
  ...{ key, sha256, xPercent: 0, yPercent: 0, widthPercent: 10, opacityPercent: 100 },
});

const start = async (objects: Record<string, Buffer>) => {
  const folder = await mkdtemp(join(tmpdir(), 'streamkeep-images-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = createMemoryObjectStore();
  for (const [key, body] of Object.entries(objects)) await store.put(key, body);
  return { folder, store, images: createImages({ folder, store }) };
};

it('keeps an image by its hash, and fetches it once, also for the next process', async () => {
  const { folder, store, images } = await start({ logo: PNG });
  const wanted = overlay('logo', hashOf(PNG));
  const path = join(folder, hashOf(PNG));
  expect(await images([wanted, wanted])).toEqual([
    { path, demuxer: 'png_pipe' },
    { path, demuxer: 'png_pipe' },
  ]);
  expect(await readFile(path)).toEqual(PNG);
  await createImages({ folder, store })([wanted]);
  expect(store.calls.filter(({ operation }) => operation === 'GetObject')).toHaveLength(1);
});

it('takes nothing that is not the image that was chosen, and tries again', async () => {
  const { folder, store, images } = await start({ other: Buffer.from('other') });
  const wanted = overlay('other', hashOf(PNG));
  await expect(images([wanted])).rejects.toThrow('not the one that was chosen');
  await expect(images([overlay('none', hashOf(PNG))])).rejects.toThrow('not there');
  await expect(images([overlay('other', '../../escape')])).rejects.toThrow('The hash of an image is none');
  await expect(images([overlay('other', hashOf(Buffer.from('other')))])).rejects.toThrow('neither');
  expect(await readdir(folder)).toEqual([]);
  await store.put('other', PNG);
  expect(await images([wanted])).toHaveLength(1);
});
