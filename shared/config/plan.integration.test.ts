import { describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { pngOf } from '../images/image.fixture.ts';
import { transcodeInputSchema } from '../schemas/transcode.ts';
import { createMemoryObjectStore } from '../storage/memory-object-store.ts';
import { createConfigWorld } from './config.fixture.ts';
import { openConfig, planFor } from './plan.ts';
import { createTranscodes } from './transcodes.ts';
import { createWatermarks } from './watermarks.ts';

const table = useTable();

describe('A plan', () => {
  it('is made of three reads, whatever the template refers to, and of what there still is', async () => {
    const world = createConfigWorld(table);
    const watermarks = createWatermarks(table, createMemoryObjectStore());
    const transcodes = createTranscodes(table);
    const image = { xPercent: 85, yPercent: 5, widthPercent: 10, opacityPercent: 50 };
    const logo = await watermarks.create({
      name: 'logo',
      images: [{ ...image, data: pngOf().toString('base64') }],
    });
    const hd = await transcodes.create(transcodeInputSchema.parse({ name: 'hd', video: { height: 720 } }));
    if (logo.type !== 'created' || hd.type !== 'created') throw new Error(`${logo.type}, ${hd.type}`);
    const [primary, backup] = [await world.aStorage('eu-central-1'), await world.aStorage('eu-west-1')];
    const { watermarkId, images } = logo.item;
    const { transcodeId } = hd.item;
    const template = await world.templates.create(
      await world.templateInput({
        ...{ content: 'transcoded', watermarkId, transcodeId },
        storage: { primary: primary.storageId, backup: backup.storageId },
      }),
    );
    if (template.type !== 'created') throw new Error(template.type);
    const { domain } = await world.aDomain();
    const { templateId } = template.template;
    await world.rules.create({ domain, templateId });

    const commands: string[] = [];
    table.client.middlewareStack.add(
      (next, { commandName }) =>
        (input) => {
          commands.push(String(commandName));
          return next(input);
        },
      { step: 'initialize', name: 'counted' },
    );
    const plan = async () => {
      const planned = await planFor(openConfig(table), { domain, app: 'live', stream: 'show' });
      if (planned.type !== 'recorded') throw new Error(planned.text);
      return planned.plan;
    };
    expect(await plan()).toMatchObject({
      content: 'transcoded',
      path: expect.stringMatching(new RegExp(`^${transcodeId}/\\{Domain\\}`)),
      encoding: {
        overlays: [{ ...image, key: images[0]?.key, sha256: images[0]?.sha256 }],
        video: { codec: 'h264', height: 720, crf: 23 },
        audio: { codec: 'aac', bitrateKbps: 128 },
        audioOnly: false,
      },
      storage: { region: 'eu-central-1' },
      backup: { region: 'eu-west-1' },
    });
    expect(commands).toEqual(['BatchGetItemCommand', 'GetItemCommand', 'BatchGetItemCommand']);
    table.client.middlewareStack.remove('counted');

    await transcodes.remove(transcodeId);
    expect(await plan()).toMatchObject({
      content: 'watermarked',
      path: expect.stringMatching(/^origin\//),
      contentReason: expect.stringContaining(`transcode template ${transcodeId} has been deleted`),
    });
    await watermarks.remove(watermarkId);
    expect(await plan()).toMatchObject({
      content: 'origin',
      contentReason: expect.stringContaining(`watermark ${watermarkId} has been deleted`),
    });
  });
});
