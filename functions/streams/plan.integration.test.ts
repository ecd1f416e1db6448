import { beforeEach, describe, expect, it } from 'vitest';
import { transcodeWith, watermarkWith } from '../../shared/config/content.fixture.ts';
import type { TemplateParts } from '../../shared/config/template-parts.ts';
import type { Standby } from '../../shared/schemas/standby.ts';
import type { Template } from '../../shared/schemas/template.ts';
import { useTable } from '../../test/support/table.ts';
import { configWith, domain, rule, templateWith } from './stream-world.fixture.ts';
import { createTaskWorld, type TaskWorld, withoutRule } from './task-world.fixture.ts';

const table = useTable();
let world: TaskWorld;
let number = 0;

const newWorld = (config = configWith(withoutRule)): Promise<TaskWorld> => {
  number += 1;
  return createTaskWorld(table, `plan-${number}`, config);
};

beforeEach(async () => {
  world = await newWorld();
});

describe('a plan', () => {
  const planFor = async (changes: Partial<Template>, there: Partial<TemplateParts> = {}) => {
    const template = async () => ({ ...templateWith(0), ...changes });
    const second = {
      storageId: 'sto_2',
      name: 'second',
      bucket: 'second',
      region: 'eu-west-1',
      endpoint: 'https://s3.example.com',
      forcePathStyle: true,
      credentials: { type: 'secret' as const, secretId: 'streamkeep/second' },
      checkedAt: world.clock.at(),
      createdAt: world.clock.at(),
    };
    const base = configWith();
    const config = configWith({
      template,
      parts: async (of) => ({
        ...(await base.parts(of)),
        backup: of.storage.backup === 'sto_2' ? second : undefined,
        ...there,
      }),
    });
    world = await newWorld(config);
    await world.handle(world.started('a'));
    return (await world.recordingOf()).plan;
  };

  it('holds what recorders must know of storages, references to credentials included', async () => {
    const plan = await planFor({ storage: { primary: 'sto_1', backup: 'sto_2' }, retentionDays: 30 });
    expect(plan).toMatchObject({ storage: { bucket: 'recordings' }, retentionDays: 30 });
    expect(plan.backup).toEqual({
      bucket: 'second',
      region: 'eu-west-1',
      endpoint: 'https://s3.example.com',
      forcePathStyle: true,
      credentials: { type: 'secret', secretId: 'streamkeep/second' },
    });
    expect(plan).not.toHaveProperty('contentReason');
  });

  it.each([
    ['{StreamID}/{StartSecond}', '{StreamID}/{StartSecond}-{RecordId}'],
    ['{RecordId}/{StartSecond}', '{RecordId}/{StartSecond}'],
    ['{StreamID}/{RandomID}', '{StreamID}/{RandomID}'],
  ])('keeps what a rule and a task record at once apart: %s', async (path, ofTask) => {
    world = await newWorld(configWith({ template: async () => ({ ...templateWith(0), path }) }));
    const { taskId } = await world.make(0, 60);
    await world.handle(world.started('a'));
    const recordings = await world.recordingsOf();
    const paths = recordings.map((recording) => [recording.taskId ?? 'rule', recording.plan.path]);
    expect(Object.fromEntries(paths)).toEqual({ rule: path, [taskId]: ofTask });
  });

  it('freezes the standby content of the stream by its hash, and keeps it as long as it can be needed', async () => {
    const standby: Standby = {
      ...{ standbyId: 'stb_1', name: 'slate', key: 'standbys/1/a.png', sha256: 'a'.repeat(64) },
      ...{ contentType: 'image/png', width: 100, height: 50, sizeBytes: 10, fileSha256: 'b'.repeat(64) },
      ...{ createdAt: world.clock.at(), updatedAt: world.clock.at() },
    };
    const standbys = [{ app: 'live', standbyId: 'stb_1' }];
    const match = async () => ({ domain: { ...domain, standbys }, rule });
    const base = templateWith(60);
    const changes = { ...base, content: 'watermarked', watermarkId: 'wmk_1', recordStandby: true } as const;
    const asked: unknown[] = [];
    const config = configWith({
      match,
      template: async () => ({ ...changes, maxDuration: undefined }) as Template,
      parts: async (_, standbyId) => {
        asked.push(standbyId);
        return { ...(await configWith().parts(base)), watermark: watermarkWith('wmk_1', 1), standby };
      },
    });
    world = await newWorld(config);
    await world.handle(world.started('a'));
    const { plan } = await world.recordingOf();
    expect(asked).toEqual(['stb_1']);
    expect(plan).toMatchObject({
      standby: { key: 'standbys/1/a.png', sha256: 'a'.repeat(64), contentType: 'image/png' },
      encoding: { audio: { codec: 'aac' } },
      maxDurationSeconds: 525_600 * 60,
    });
    expect(plan).not.toHaveProperty('contentReason');
  });

  const path = '{RecordSource}/{StreamID}/{RandomID}';
  const watermark = { ...watermarkWith('wmk_1', 1) };
  const transcode = transcodeWith('trc_1', { video: { codec: 'h264', gopSeconds: 2 } });

  it('freezes how the stream is transcoded, and whose source that is in the path', async () => {
    const changes = { content: 'transcoded', transcodeId: 'trc_1', watermarkId: 'wmk_1', path } as const;
    const plan = await planFor(changes, { transcode, watermark });
    expect(plan).toMatchObject({
      content: 'transcoded',
      path: 'trc_1/{StreamID}/{RandomID}',
      encoding: { video: { codec: 'h264', crf: 23 }, overlays: [{ key: 'watermarks/0.png' }] },
    });
    expect(plan).not.toHaveProperty('contentReason');
  });

  it('ends what has a watermark after a year, because its images may be gone then', async () => {
    const changes = { content: 'watermarked', watermarkId: 'wmk_1', maxDuration: undefined, path } as const;
    const plan = await planFor(changes as Partial<Template>, { watermark });
    expect(plan).toMatchObject({
      content: 'watermarked',
      path: 'origin/{StreamID}/{RandomID}',
      maxDurationSeconds: 365 * 86_400,
    });
    expect(await planFor({ ...changes, maxDuration: 5 }, { watermark })).toMatchObject({
      maxDurationSeconds: 300,
    });
  });

  it('records the original when what was to be made of it has been deleted, and says why', async () => {
    const plan = await planFor({ content: 'transcoded', transcodeId: 'trc_1', path });
    expect(plan).toMatchObject({
      content: 'origin',
      contentReason: expect.stringMatching(/trc_1 has been deleted/),
      path: 'origin/{StreamID}/{RandomID}',
    });
    expect(plan).not.toHaveProperty('encoding');
  });
});
