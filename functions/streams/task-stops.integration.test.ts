import { beforeEach, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { configWith } from './stream-world.fixture.ts';
import { createTaskWorld, type TaskWorld, withoutRule } from './task-world.fixture.ts';

const table = useTable();
let world: TaskWorld;
let number = 0;

const newWorld = (config = configWith(withoutRule)): Promise<TaskWorld> => {
  number += 1;
  return createTaskWorld(table, `task-stops-${number}`, config);
};

beforeEach(async () => {
  world = await newWorld();
});

describe('a task that is stopped or deleted', () => {
  it('before it was ever recorded has ended at once', async () => {
    const { taskId } = await world.make(10, 60);
    expect(await world.manager.stop(taskId)).toMatchObject({ state: 'stopped', recordIds: [] });
    expect(await world.manager.stop(taskId)).toMatchObject({ state: 'stopped' });
    expect(await world.isHeld(taskId)).toBe(false);
    world.clock.pass(10);
    await world.handle(world.started('a'));
    expect(await world.recordingsOf()).toEqual([]);
    expect(await world.manager.remove(taskId)).toBe(true);
    expect(await world.manager.get(taskId)).toBeUndefined();
    expect(await world.manager.remove(taskId)).toBe(false);
  });

  const recorded = async () => {
    await world.handle(world.started('a'));
    const { taskId } = await world.make(0, 60);
    await world.handle(world.changed());
    const { recordId } = await world.recordingOfTask(taskId);
    return { taskId, recordId, claimed: await world.claimed(recordId) };
  };

  it('while it records has its recorder told, and is settled when that has ended', async () => {
    const { taskId, recordId, claimed } = await recorded();
    world.sent.events.length = 0;
    expect(await world.manager.stop(taskId)).toMatchObject({ state: 'stopped', reason: { cause: 'user' } });
    expect(world.sent.events).toEqual([world.changed()]);
    await world.handle(world.changed());
    expect(await world.commandsFor('rcd_1')).toEqual({ [recordId]: { stop: 'task-stopped' } });
    expect(await world.isHeld(taskId)).toBe(true);
    await world.end(claimed, 'task-stopped', true);
    await world.handle(world.changed());
    expect(await world.taskOf(taskId)).toMatchObject({ state: 'stopped', settledAt: world.clock.at() });
    expect(await world.isHeld(taskId)).toBe(false);
    // The stream goes on, and is not recorded for it again.
    await world.handle(world.started('a'));
    expect((await world.recordingOfTask(taskId)).state).toBe('completed');
  });

  it('while it records is gone for its user at once, and its recordings stay', async () => {
    const { taskId, recordId, claimed } = await recorded();
    expect(await world.manager.remove(taskId)).toBe(true);
    expect(await world.manager.get(taskId)).toBeUndefined();
    expect(await world.manager.remove(taskId)).toBe(false);
    expect((await world.manager.list({ stream: world.key.stream }, 10)).items).toEqual([]);
    await world.handle(world.changed());
    await world.end(claimed, 'task-stopped', true);
    await world.handle(world.changed());
    expect(await world.ports.tasks.get(taskId)).toBeUndefined();
    expect(await world.isHeld(taskId)).toBe(false);
    expect(await world.ports.recordings.get(recordId)).toMatchObject({ state: 'completed', taskId });
  });

  it('in the moment of its start is not recorded', async () => {
    await world.handle(world.started('a'));
    const { taskId } = await world.make(0, 60);
    const { tasks } = world.ports;
    let stops = 1;
    const replace: typeof tasks.replace = async (next) => {
      if (stops > 0) {
        stops -= 1;
        await world.manager.stop(taskId);
      }
      return tasks.replace(next);
    };
    await world.handle(world.changed(), { tasks: { ...tasks, replace } });
    expect(await world.taskOf(taskId)).toMatchObject({ state: 'stopped', recordIds: [] });
    expect(await world.recordingsOf()).toEqual([]);
  });

  it('between its start and its recording has the recording ended', async () => {
    await world.handle(world.started('a'));
    const { taskId } = await world.make(0, 60);
    const { recordings } = world.ports;
    const create: typeof recordings.create = async (recording) => {
      await world.manager.stop(taskId);
      return recordings.create(recording);
    };
    await world.handle(world.changed(), { recordings: { ...recordings, create } });
    expect((await world.taskOf(taskId)).state).toBe('stopped');
    for (const event of world.sent.events.splice(0)) await world.handle(event);
    expect(await world.recordingOfTask(taskId)).toMatchObject({
      state: 'failed',
      reason: { code: 'task-stopped' },
    });
    expect(await world.taskOf(taskId)).toMatchObject({ settledAt: expect.any(String) });
  });
});

describe('a recording of a task', () => {
  it('that was stopped by itself, and deleted, is not begun again in the same session', async () => {
    await world.handle(world.started('a'));
    const { taskId } = await world.make(0, 60);
    await world.handle(world.changed());
    const { recordId } = await world.recordingOfTask(taskId);
    await world.end(await world.claimed(recordId), 'stopped', true);
    await world.handle(world.changed());
    expect((await world.taskOf(taskId)).state).toBe('waiting');
    const { revision = 0 } = (await world.ports.recordings.get(recordId)) ?? {};
    await world.ports.streams.forgetRecording(world.key, recordId);
    await world.ports.recordings.remove(recordId, revision);
    await world.handle(world.changed());
    await world.handle(world.started('a'));
    expect(await world.recordingsOf()).toEqual([]);
    world.clock.pass(60);
    await world.handle(world.changed());
    expect((await world.taskOf(taskId)).state).toBe('completed');
  });
});
