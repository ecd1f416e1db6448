import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deleteImage } from '../../shared/deletion/delete-image.ts';
import { pngChunk, pngOf } from '../../shared/images/image.fixture.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { type ObjectStore, StorageError } from '../../shared/storage/object-store.ts';
import { createLooseImages } from '../../shared/table/loose-images.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { ANY_VERSION, badField, createApiConfig, made, matching } from '../../test/support/api-config.ts';

let api: TestApi;
let spool: ObjectStore;
const { aStorage, templateBody, unique } = createApiConfig(() => api);
beforeAll(async () => {
  const store = new Proxy({} as ObjectStore, { get: (_, name) => Reflect.get(spool, name) });
  api = await startApi({ of: () => store, open: () => store });
});
beforeEach(() => {
  spool = createMemoryObjectStore();
  api.clock = new Date('2026-11-22T12:00:00.000Z');
});
afterAll(() => api.close());

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const PLACE = { xPercent: 85, yPercent: 5, widthPercent: 10, opacityPercent: 100 };
const [RED, BLUE] = [pngOf(), pngOf({ color: [0, 0, 255, 128] })];
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const withData = (bytes: Buffer) => ({ ...PLACE, data: bytes.toString('base64') });
const known = (bytes: Buffer) => ({ ...PLACE, sha256: sha256Of(bytes) });

const aWatermark = async (...images: Buffer[]) =>
  made(
    await api.call('POST', '/v1/watermarks', {
      body: { name: unique('logo'), images: images.map(withData) },
    }),
  );
const put = ({ watermarkId, name }: { watermarkId: string; name: string }, images: readonly object[]) =>
  api.call('PUT', `/v1/watermarks/${watermarkId}`, { body: { name, images }, ...ANY_VERSION });

/** What is in the bucket, by content. */
const stored = async (): Promise<string[]> => {
  const objects = await spool.list('watermarks/');
  return objects.map(({ key }) => key.replace(/^.*\/|\.png$/g, '')).sort();
};

/** What the sweeper and `functions/deletions` do when the time is there. */
const sweep = async (): Promise<void> => {
  const { table } = api;
  for (const image of await createLooseImages(table).due(api.clock, 100)) {
    await deleteImage({ table, store: spool, now: () => api.clock }, image);
  }
};
const pass = (milliseconds: number): void => {
  api.clock = new Date(api.clock.getTime() + milliseconds);
};

describe('Watermarks', () => {
  it('can be made, read, listed, replaced and deleted', async () => {
    const watermark = await aWatermark(RED, BLUE);
    expect(watermark.images).toEqual(
      [RED, BLUE].map((image) => ({
        ...known(image),
        ...{ contentType: 'image/png', width: 16, height: 8, sizeBytes: image.length },
        url: expect.stringContaining(`${sha256Of(image)}.png`),
      })),
    );
    const path = `/v1/watermarks/${watermark.watermarkId}`;
    const read = await api.call('GET', path);
    expect(read.json).toMatchObject({ name: watermark.name, images: [known(RED), known(BLUE)], usedBy: [] });
    const listed = (await api.call('GET', '/v1/watermarks?limit=100')).json.items;
    expect(listed).toContainEqual(expect.objectContaining({ watermarkId: watermark.watermarkId }));

    const moved = { ...known(BLUE), xPercent: 1 };
    const body = { name: unique('logo'), images: [moved] };
    const replaced = await api.call('PUT', path, { body, ...matching(read) });
    expect(replaced).toMatchObject({ status: 200, json: { name: body.name, images: [moved] } });
    expect((await api.call('PUT', path, { body, ...matching(read) })).status).toBe(412);
    expect((await api.call('DELETE', path, matching(replaced))).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
  });

  it('have names of their own', async () => {
    const [one, other] = [await aWatermark(RED), await aWatermark(RED)];
    const taken = { status: 409, json: { type: 'urn:streamkeep:problem:name-taken' } };
    const body = { name: one.name, images: [withData(RED)] };
    expect(await api.call('POST', '/v1/watermarks', { body })).toMatchObject(taken);
    expect(await put({ ...other, name: one.name }, [known(RED)])).toMatchObject(taken);
    expect((await put(one, [known(RED)])).status).toBe(200);
  });

  it('never show their images in base64, nor where those are', async () => {
    const { watermarkId } = await aWatermark(RED);
    const { json, text } = await api.call('GET', `/v1/watermarks/${watermarkId}`);
    expect(text).not.toContain(RED.toString('base64'));
    expect(Object.keys(json.images[0])).not.toContain('key');
  });

  it('need an image only once: not again when it is moved, sent again, or shown twice', async () => {
    const watermark = await aWatermark(RED);
    const before = await spool.list('watermarks/');
    const answer = await put(watermark, [known(RED), withData(RED), { ...known(RED), yPercent: 90 }]);
    expect(answer).toMatchObject({ status: 200, json: { images: [{}, {}, { yPercent: 90 }] } });
    expect(await spool.list('watermarks/')).toEqual(before);
  });

  it('have images of their own, by their sha256 too', async () => {
    const [red, blue] = [await aWatermark(RED), await aWatermark(BLUE)];
    expect(badField(await put(red, [known(RED), known(BLUE)]))).toMatchObject({
      status: 400,
      field: 'images.1.sha256',
      message: expect.stringContaining(`has already: ${sha256Of(RED)}; send a new one as data`),
    });
    await api.call('DELETE', `/v1/watermarks/${blue.watermarkId}`);
    expect((await put(red, [known(RED)])).status).toBe(200);
  });

  it.each([
    [{ data: Buffer.from('GIF89a').toString('base64') }, 'images.0.data', 'must be a PNG or a JPEG'],
    [{ data: RED.subarray(0, 60).toString('base64') }, 'images.0.data', 'ends too soon'],
    [{ data: pngOf({ width: 5000 }).toString('base64') }, 'images.0.data', 'is 5000×8 pixels large'],
    [{ data: 'no base64!' }, 'images.0.data', 'must be base64'],
    [{ data: undefined }, 'images.0.data', 'or sha256 is required'],
    [{ sha256: 'f'.repeat(64) }, 'images.0.data', 'and not both'],
    [{ data: undefined, sha256: 'F'.repeat(64) }, 'images.0.sha256', '64 hexadecimal digits'],
    [{ xPercent: -1 }, 'images.0.xPercent', '>=0'],
    [{ widthPercent: 0 }, 'images.0.widthPercent', '>=0.5'],
    [{ opacityPercent: 0 }, 'images.0.opacityPercent', '>=1'],
    [{ heightPercent: 5 }, 'images.0.heightPercent', 'is not known'],
  ])('with %j are refused, and leave nothing behind', async (change, field, message) => {
    const body = { name: 'bad', images: [{ ...withData(RED), ...change }] };
    const answer = await api.call('POST', '/v1/watermarks', { body });
    expect(badField(answer)).toMatchObject({ status: 400, field, count: 1 });
    expect(answer.json.errors[0].message).toContain(message);
    expect(await stored()).toEqual([]);
  });

  it('name every bad image at once, and no more than a little of what was given', async () => {
    const data = Buffer.alloc(300_000).toString('base64');
    const answer = await api.call('POST', '/v1/watermarks', {
      body: { name: 'bad', images: [{ ...PLACE, data }, withData(RED), { ...PLACE, data }] },
    });
    expect(answer.json.errors.map(({ field }: { field: string }) => field)).toEqual([
      'images.0.data',
      'images.2.data',
    ]);
    expect(answer.text.length).toBeLessThan(2000);
  });

  it('take images of 2 MiB, but not more in one request than Lambda takes', async () => {
    const text = Buffer.alloc(2 * 1024 * 1024 - RED.length - 12);
    const file = pngOf({ extra: [pngChunk('tEXt', text)] });
    const image = withData(file);
    const watermark = made(
      await api.call('POST', '/v1/watermarks', { body: { name: unique('large'), images: [image] } }),
    );
    // What is no part of the picture is not kept; the file is known all the same.
    expect(watermark.images).toMatchObject([{ width: 16, sizeBytes: RED.length, sha256: sha256Of(file) }]);
    expect(await stored()).toEqual([sha256Of(RED)]);
    expect((await put(watermark, [known(file)])).status).toBe(200);
    expect(await put(watermark, [image, image])).toMatchObject({
      status: 413,
      json: {
        detail: expect.stringMatching(/5500000 bytes.*Lambda takes requests of 6 MB.*by their sha256/),
      },
    });
  });
});

describe('Images', () => {
  it('stay for as long as any recording that began with them can last, and a day', async () => {
    const watermark = await aWatermark(RED);
    await put(watermark, [withData(BLUE)]);
    pass(YEAR_MS);
    await sweep();
    expect(await stored()).toEqual([sha256Of(RED), sha256Of(BLUE)].sort());
    pass(24 * HOUR_MS);
    await sweep();
    expect(await stored()).toEqual([sha256Of(BLUE)]);
    expect(await createLooseImages(api.table).due(api.clock, 100)).toEqual([]);
  });

  it('go with their watermark in the end', async () => {
    const { watermarkId } = await aWatermark(RED, BLUE);
    await api.call('DELETE', `/v1/watermarks/${watermarkId}`);
    pass(HOUR_MS);
    await sweep();
    expect(await stored()).toHaveLength(2);
    pass(YEAR_MS + 24 * HOUR_MS);
    await sweep();
    expect(await stored()).toEqual([]);
  });

  it('that come back are others: those that were to go still go', async () => {
    const watermark = await aWatermark(RED);
    const [first] = await spool.list('watermarks/');
    await put(watermark, [withData(BLUE)]);
    pass(YEAR_MS);
    await put(watermark, [withData(RED)]);
    pass(24 * HOUR_MS);
    await sweep();
    const keys = (await spool.list('watermarks/')).map(({ key }) => key);
    expect(keys).not.toContain(first?.key);
    expect(await stored()).toEqual([sha256Of(RED), sha256Of(BLUE)].sort());
  });

  it('of a watermark that was not made after all are gone in an hour', async () => {
    const { name } = await aWatermark(RED);
    const body = { name, images: [withData(BLUE)] };
    expect((await api.call('POST', '/v1/watermarks', { body })).status).toBe(409);
    expect(await stored()).toHaveLength(2);
    pass(HOUR_MS);
    await sweep();
    expect(await stored()).toEqual([sha256Of(RED)]);
  });

  it('stay when a change that would have dropped them did not come about', async () => {
    const [watermark, other] = [await aWatermark(RED), await aWatermark(RED)];
    expect((await put({ ...watermark, name: other.name }, [withData(BLUE)])).status).toBe(409);
    pass(2 * YEAR_MS);
    await sweep();
    expect(await stored()).toEqual([sha256Of(RED), sha256Of(RED)]);
  });

  it.each(['before', 'after'])(
    'stay when they go out of use just %s somebody looks whether they are',
    async (when) => {
      const watermark = await aWatermark(RED);
      pass(HOUR_MS);
      const { middlewareStack } = api.table.client;
      let isDropped = false;
      const drop = async (input: unknown): Promise<void> => {
        if (isDropped || !JSON.stringify(input).includes(`WATERMARK#${watermark.watermarkId}`)) return;
        isDropped = true;
        expect((await put(watermark, [withData(BLUE)])).status).toBe(200);
      };
      middlewareStack.add(
        (next) => async (args) => {
          if (when === 'before') await drop(args.input);
          const answer = await next(args);
          if (when === 'after') await drop(args.input);
          return answer;
        },
        { step: 'initialize', name: 'dropping' },
      );
      await sweep();
      middlewareStack.remove('dropping');
      expect(isDropped).toBe(true);
      expect(await stored()).toContain(sha256Of(RED));
      pass(YEAR_MS + 24 * HOUR_MS);
      await sweep();
      expect(await stored()).toEqual([sha256Of(BLUE)]);
    },
  );

  it('that cannot be stored make no watermark', async () => {
    const working = spool;
    const put = () => Promise.reject(new StorageError('denied', 'PutObject', 'Access Denied'));
    spool = { ...working, put };
    const body = { name: unique('logo'), images: [withData(RED)] };
    expect((await api.call('POST', '/v1/watermarks', { body })).status).toBe(502);
    spool = working;
    expect((await api.call('POST', '/v1/watermarks', { body })).status).toBe(201);
  });
});

describe('Templates', () => {
  it('can use a watermark, and lose it', async () => {
    const { watermarkId } = await aWatermark(RED);
    const body = {
      ...templateBody((await aStorage()).storageId),
      ...{ content: 'watermarked', watermarkId },
    };
    const { templateId } = made(await api.call('POST', '/v1/templates', { body }));
    const path = `/v1/watermarks/${watermarkId}`;
    expect((await api.call('GET', path)).json.usedBy).toEqual([templateId]);
    expect((await api.call('DELETE', path)).status).toBe(204);
    expect(
      badField(await api.call('PUT', `/v1/templates/${templateId}`, { body, ...ANY_VERSION })),
    ).toMatchObject({ status: 400, field: 'watermarkId' });
  });
});
