import { beforeAll, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { orchestrationInputSchema } from '../schemas/orchestration.ts';
import { type ConfigWorld, createConfigWorld } from './config.fixture.ts';

const table = useTable();
let world: ConfigWorld;
beforeAll(() => {
  world = createConfigWorld(table);
});

const input = (steps: unknown, name = world.unique('orchestration')) =>
  orchestrationInputSchema.parse({ name, steps });
const PICTURES = [{ kind: 'thumbnails', name: 'pictures' }];
const FILM = [{ kind: 'remux', name: 'film', format: 'mp4' }];
const HLS = { hls: { segmentSeconds: 10, resumptionTimeout: 0 } };

describe('Orchestrations', () => {
  it('have names of their own', async () => {
    const { orchestrations } = world;
    const { name, orchestrationId } = await world.anOrchestration();
    expect(await orchestrations.create(input(PICTURES, name))).toEqual({ type: 'name-taken' });
    expect(await orchestrations.remove(orchestrationId)).toMatchObject({ type: 'removed' });
    expect(await orchestrations.create(input(PICTURES, name))).toMatchObject({ type: 'created' });
  });

  it('cannot be deleted while templates use them, and say which', async () => {
    const { orchestrations, templates } = world;
    const { orchestrationId } = await world.anOrchestration();
    const postProcessing = { mp4: { orchestrationId } };
    const { templateId } = await world.aTemplate({ postProcessing });
    world.later();
    expect(await orchestrations.remove(orchestrationId)).toEqual({ type: 'in-use', usedBy: [templateId] });
    await templates.remove(templateId);
    expect(await orchestrations.remove(orchestrationId)).toMatchObject({ type: 'removed' });
    const late = await world.templateInput({ postProcessing });
    expect(await templates.create(late)).toMatchObject({ type: 'references-missing' });
  });

  it('keep the storages that they write to', async () => {
    const { orchestrations, storages } = world;
    const { storageId } = await world.aStorage();
    const output = { storageId };
    const { orchestrationId } = await world.anOrchestration([{ ...PICTURES[0], output }]);
    world.later();
    expect(await storages.remove(storageId)).toEqual({ type: 'in-use', usedBy: [orchestrationId] });
    expect(await orchestrations.replace(orchestrationId, input(PICTURES))).toMatchObject({
      type: 'replaced',
    });
    expect(await storages.remove(storageId)).toMatchObject({ type: 'removed' });
    const gone = [...PICTURES, { kind: 'remux', name: 'sound', format: 'aac', output }];
    expect(await orchestrations.create(input(gone))).toEqual({
      type: 'storages-missing',
      missing: [{ field: 'steps.1.output.storageId', storageId }],
    });
  });

  it('are kept whatever times their clips have', async () => {
    const [fromSeconds, toSeconds] = [8e-289, 20.0004];
    const { orchestrationId } = await world.anOrchestration([
      { kind: 'clip', name: 'trailer', fromSeconds, toSeconds },
    ]);
    expect((await world.orchestrations.get(orchestrationId))?.steps).toMatchObject([
      { fromSeconds: 0, toSeconds: 20 },
    ]);
  });

  it('are refused for formats that they do not take', async () => {
    const { orchestrationId } = await world.anOrchestration(FILM);
    const bound = await world.templateInput({ postProcessing: { mp4: { orchestrationId } } });
    expect(await world.templates.create(bound)).toEqual({
      type: 'formats-impossible',
      impossible: [
        {
          field: 'postProcessing.mp4.orchestrationId',
          orchestrationId,
          format: 'mp4',
          accepts: ['hls', 'flv', 'aac'],
        },
      ],
    });
    world.later();
    expect(await world.orchestrations.remove(orchestrationId)).toMatchObject({ type: 'removed' });
  });

  it('go on to take, while they are used, what they took', async () => {
    const { orchestrations } = world;
    const { orchestrationId } = await world.anOrchestration(FILM);
    const { templateId } = await world.aTemplate({
      formats: HLS,
      postProcessing: { hls: { orchestrationId } },
    });
    world.later();
    expect(await orchestrations.replace(orchestrationId, input(PICTURES))).toEqual({
      type: 'in-use',
      usedBy: [templateId],
    });
    const clip = { kind: 'clip', name: 'clip', input: 'film', fromSeconds: 0, toSeconds: 5 };
    const wider = await orchestrations.replace(orchestrationId, input([...FILM, clip]));
    expect(wider).toMatchObject({ type: 'replaced' });
    await world.templates.remove(templateId);
    expect(await orchestrations.replace(orchestrationId, input(PICTURES))).toMatchObject({
      type: 'replaced',
    });
  });

  it('let one of two editors through', async () => {
    const { orchestrations } = world;
    const { orchestrationId } = await world.anOrchestration();
    const { version = '' } = (await orchestrations.getVersioned(orchestrationId)) ?? {};
    const changes = await Promise.all(
      [1, 2, 3].map(() => orchestrations.replace(orchestrationId, input(FILM), version)),
    );
    expect(changes.map(({ type }) => type).sort()).toEqual(['changed', 'changed', 'replaced']);
  });
});
