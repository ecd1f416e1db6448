import { describe, expect, it } from 'vitest';
import { createWatermarks } from '../../shared/config/watermarks.ts';
import { pngOf } from '../../shared/images/image.fixture.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { useTable } from '../../test/support/table.ts';
import { createWorld } from '../common/world.fixture.ts';
import { createDeletions } from './delete.ts';

const table = useTable();

describe('A message about an image', () => {
  it('has it deleted when it is due and no longer used, and does nothing otherwise', async () => {
    const { ports, clock, logged } = createWorld(table);
    const store = createMemoryObjectStore();
    const sources = { now: clock.now, id: () => '000001' };
    const image = { xPercent: 1, yPercent: 1, widthPercent: 10, opacityPercent: 100 };
    const watermarks = createWatermarks(table, store, sources);
    const made = await watermarks.create({
      name: 'logo',
      images: [{ ...image, data: pngOf().toString('base64') }],
    });
    if (made.type !== 'created') throw new Error(made.type);
    const { watermarkId, images } = made.item;
    const key = String(images[0]?.key);
    const spool = { bucket: 'spool', region: 'eu-central-1' };
    const handle = createDeletions({ ...ports, table, storeOf: () => store, spool });
    const isThere = async () => (await store.head(key)) !== undefined;

    await handle({ image: { watermarkId, key } });
    clock.pass(3600);
    await handle({ image: { watermarkId, key } });
    expect(await isThere()).toBe(true);
    expect(await ports.looseImages.get(key)).toBeUndefined();

    await watermarks.remove(watermarkId);
    await handle({ image: { watermarkId, key } });
    expect(await isThere()).toBe(true);
    clock.pass(366 * 86_400);
    await handle({ image: { watermarkId, key } });
    await handle({ image: { watermarkId, key } });
    expect(await isThere()).toBe(false);
    expect(await ports.looseImages.get(key)).toBeUndefined();
    expect(logged).toEqual([
      { message: expect.stringMatching(/not used any more/), details: { watermarkId, key } },
    ]);
  });
});
