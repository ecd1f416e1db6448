import { describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { createWorld } from '../common/world.fixture.ts';
import { queueLooseImages } from './loose-images.ts';

const table = useTable();

describe('Images that may have gone out of use', () => {
  it('are queued once they are due, until somebody has struck them off', async () => {
    const { ports, sent, clock } = createWorld(table);
    const image = { watermarkId: 'wmk_1', key: 'watermarks/1/a.png', dueAt: clock.at(60) };
    await ports.looseImages.put(image);
    clock.pass(59);
    await queueLooseImages(ports);
    expect(sent.imageDeletions).toEqual([]);
    clock.pass(1);
    await queueLooseImages(ports);
    await queueLooseImages(ports);
    expect(sent.imageDeletions).toEqual([image.key, image.key]);
    await ports.looseImages.put({ ...image, dueAt: clock.at(120) });
    // Somebody who saw it as it was cannot strike off what it is now.
    await ports.looseImages.remove(image);
    expect(await ports.looseImages.get(image.key)).toMatchObject({ dueAt: clock.at(120) });
    await ports.looseImages.remove({ ...image, dueAt: clock.at(120) });
    expect(await ports.looseImages.get(image.key)).toBeUndefined();
  });
});
