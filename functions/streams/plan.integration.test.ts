import { beforeEach, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { configWith, templateWith } from './stream-world.fixture.ts';
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
  const planFor = async (changes: Parameters<typeof Object.assign>[1]) => {
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
    const storage = async (storageId: string) => (storageId === 'sto_2' ? second : base.storage(storageId));
    world = await newWorld(configWith({ template, storage }));
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

  it.each([
    [{ content: 'watermarked' }, /names no watermark/],
    [{ content: 'watermarked', watermarkId: 'wmk_1' }, /This version records the original stream/],
    [{ content: 'transcoded', transcodeId: 'trc_1' }, /This version records the original stream/],
  ])('records the original for %j, and says why', async (changes, text) => {
    const plan = await planFor(changes);
    expect(plan).toMatchObject({ content: 'origin', contentReason: expect.stringMatching(text) });
  });
});
