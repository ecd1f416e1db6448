import { beforeEach, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { recordingWith } from '../common/world.fixture.ts';
import { configWith, domain } from './stream-world.fixture.ts';
import { createTaskWorld, type TaskWorld, withoutRule } from './task-world.fixture.ts';

const table = useTable();
let world: TaskWorld;
let number = 0;

const newWorld = (config = configWith(withoutRule)): Promise<TaskWorld> => {
  number += 1;
  return createTaskWorld(table, `task-${number}`, config);
};

beforeEach(async () => {
  world = await newWorld();
});

describe('a task of a stream that no rule records', () => {
  it('is recorded from its start to its end by its template, and is completed with its files', async () => {
    await world.handle(world.started('a'));
    expect(await world.streamOf()).toMatchObject({ recordIds: [], notRecorded: expect.any(String) });
    const { taskId } = await world.make(60, 120);
    expect(await world.taskOf(taskId)).toMatchObject({ state: 'scheduled', recordIds: [] });
    await world.handle(world.changed());
    expect((await world.taskOf(taskId)).state).toBe('scheduled');

    world.clock.pass(60);
    await world.handle(world.changed());
    const recording = await world.recordingOfTask(taskId);
    expect(recording).toMatchObject({ taskId, state: 'recording', plan: { templateId: 'tpl_1' } });
    expect(recording.plan.endsAt).toBe(world.clock.at(60));
    const task = await world.taskOf(taskId);
    expect(task).toMatchObject({ state: 'recording', recordIds: [recording.recordId] });
    const stream = await world.streamOf();
    expect(stream?.recordIds).toEqual([recording.recordId]);
    expect(stream).not.toHaveProperty('notRecorded');
    expect(world.sent.jobs).toEqual([{ recordId: recording.recordId, epoch: 0 }]);

    const claimed = await world.claimed(recording.recordId);
    world.clock.pass(60);
    await world.handle(world.changed());
    expect((await world.taskOf(taskId)).state).toBe('recording');
    expect(await world.commandsFor('rcd_1')).toEqual({ [recording.recordId]: { stop: 'task-ended' } });
    await world.end(claimed, 'task-ended', true);
    await world.handle(world.changed());
    const settled = await world.taskOf(taskId);
    expect(settled).toMatchObject({ state: 'completed', recordIds: [recording.recordId] });
    expect(settled).not.toHaveProperty('reason');
    expect(settled).not.toHaveProperty('templateUse');
    expect(await world.isHeld(taskId)).toBe(false);
    expect((await world.streamOf())?.live).toBe(true);
  });

  it('is recorded from the start of the stream when that comes later', async () => {
    const { taskId } = await world.make(0, 120);
    await world.handle(world.changed());
    expect((await world.taskOf(taskId)).state).toBe('waiting');
    world.clock.pass(30);
    await world.handle(world.started('a'));
    expect((await world.taskOf(taskId)).state).toBe('recording');
    expect(await world.recordingOfTask(taskId)).toMatchObject({ startedAt: world.clock.at() });
    expect(world.counted).not.toContain('StreamsNotRecorded');
  });

  it('does not begin early by a clock that is ahead, nor late by one that is behind', async () => {
    await world.handle(world.started('a'));
    const { taskId, startTime } = await world.make(10, 60);
    world.clock.pass(9.9);
    await world.handle(world.changed());
    expect((await world.taskOf(taskId)).state).toBe('scheduled');
    await world.handle({ type: 'tasks-changed', key: world.key, at: startTime });
    expect((await world.taskOf(taskId)).state).toBe('recording');
  });

  it('is HLS to the default storage without a template', async () => {
    await world.handle(world.started('a'));
    const { taskId } = await world.make(0, 60, { templateId: undefined });
    await world.handle(world.changed());
    const { plan } = await world.recordingOfTask(taskId);
    expect(plan).toMatchObject({
      formats: { hls: { segmentSeconds: 10, resumptionTimeout: 0 } },
      storage: { bucket: 'recordings' },
    });
    expect(plan).not.toHaveProperty('templateId');
    expect(Object.keys(plan.formats)).toEqual(['hls']);
  });

  it('ends as missed, with the reason, when the stream never came', async () => {
    const { taskId } = await world.make(0, 60);
    await world.handle(world.changed());
    world.clock.pass(60);
    await world.handle(world.changed());
    expect(await world.taskOf(taskId)).toMatchObject({
      state: 'missed',
      reason: { code: 'stream-missed', text: 'The stream was not live while the task was due.' },
    });
    expect(await world.isHeld(taskId)).toBe(false);
  });

  it('ends as failed, with the reason, when the stream was live but could not be recorded', async () => {
    const disabled = { match: async () => ({ domain: { ...domain, enabled: false }, rule: undefined }) };
    world = await newWorld(configWith(disabled));
    await world.handle(world.started('a'));
    const { taskId } = await world.make(0, 60);
    await world.handle(world.changed());
    const reason = { code: 'not-recordable', text: expect.stringMatching(/disabled/) };
    expect(await world.taskOf(taskId)).toMatchObject({ state: 'waiting', reason });
    await world.handle(world.stopped('a', 30));
    world.clock.pass(60);
    await world.handle(world.changed());
    expect(await world.taskOf(taskId)).toMatchObject({ state: 'failed', reason });
  });

  it('ends as failed when no recorder ever took it', async () => {
    await world.handle(world.started('a'));
    const { taskId } = await world.make(0, 60);
    await world.handle(world.changed());
    world.clock.pass(60);
    await world.handle(world.changed());
    expect(await world.taskOf(taskId)).toMatchObject({ state: 'failed', reason: { code: 'no-recorder' } });
    expect(await world.recordingOfTask(taskId)).toMatchObject({ state: 'failed' });
  });
});

describe('a task and a rule on one stream', () => {
  it('record twice, each on its own, and so do several tasks', async () => {
    world = await newWorld(configWith());
    await world.handle(world.started('a'));
    const [one, other] = [await world.make(0, 60), await world.make(0, 90)];
    await world.handle(world.changed());
    const recordings = await world.recordingsOf();
    expect(recordings.map(({ taskId }) => taskId ?? 'rule').sort()).toEqual(
      ['rule', one.taskId, other.taskId].sort(),
    );
    expect((await world.streamOf())?.recordIds).toHaveLength(3);
    expect(world.sent.jobs).toHaveLength(3);

    const first = await world.recordingOfTask(one.taskId);
    await world.end(await world.claimed(first.recordId), 'stopped', true);
    await world.handle(world.started('a'));
    const states = (await world.recordingsOf()).map(({ state }) => state).sort();
    expect(states).toEqual(['completed', 'recording', 'recording']);
  });

  it('begin together when the stream starts while the task is due', async () => {
    world = await newWorld(configWith());
    const { taskId } = await world.make(0, 60);
    await world.handle(world.changed());
    await world.handle(world.started('a'));
    const ids = (await world.streamOf())?.recordIds ?? [];
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe((await world.recordingOfTask(taskId)).recordId);
  });
});

describe('a session that goes on for months', () => {
  it('forgets recordings of tasks long past, but not that of its rule', async () => {
    world = await newWorld(configWith());
    await world.handle(world.started('a'));
    const [ofRule] = (await world.streamOf())?.recordIds ?? [];
    const many = Array.from({ length: 60 }, (_, index) => `rec_old_${index}`);
    const stream = await world.streamOf();
    if (stream === undefined || ofRule === undefined) throw new Error('There is no stream');
    await world.ports.streams.replace({ ...stream, recordIds: [ofRule, ...many] }, stream);
    for (const recordId of many) {
      const recording = recordingWith({ ...world.key, recordId, taskId: 'tsk_old', state: 'completed' });
      await world.ports.recordings.create(recording);
    }
    const { taskId } = await world.make(0, 60);
    await world.handle(world.changed());
    const { recordIds = [] } = (await world.streamOf()) ?? {};
    expect(recordIds.length).toBeLessThan(50);
    expect(recordIds[0]).toBe(ofRule);
    expect(recordIds.at(-1)).toBe((await world.taskOf(taskId)).recordIds[0]);
  });
});

describe('a task whose stream is interrupted', () => {
  it('goes on with a new recording when the stream is back before its end', async () => {
    await world.handle(world.started('a'));
    const { taskId } = await world.make(0, 120);
    await world.handle(world.changed());
    const first = await world.recordingOfTask(taskId);
    const claimed = await world.claimed(first.recordId);
    world.clock.pass(20);
    await world.handle(world.stopped('a'));
    expect((await world.taskOf(taskId)).state).toBe('waiting');
    await world.end(claimed, 'session-ended');
    await world.handle(world.changed());
    expect((await world.taskOf(taskId)).state).toBe('waiting');

    world.clock.pass(20);
    await world.handle(world.started('b'));
    const task = await world.taskOf(taskId);
    expect(task).toMatchObject({ state: 'recording', recordIds: [first.recordId, expect.any(String)] });
    expect((await world.streamOf())?.recordIds).toEqual([task.recordIds[1]]);

    await world.handle(world.stopped('b', 10));
    await world.end(await world.claimed(task.recordIds[1] ?? ''), 'session-ended');
    world.clock.pass(80);
    await world.handle(world.changed());
    expect((await world.taskOf(taskId)).state).toBe('completed');
    await world.handle(world.started('c'));
    expect(await world.recordingsOf()).toHaveLength(2);
  });

  it('goes on with the same recording when its template has a resumption timeout', async () => {
    world = await newWorld(configWith(withoutRule, 60));
    await world.handle(world.started('a'));
    const { taskId } = await world.make(0, 50);
    await world.handle(world.changed());
    const first = await world.recordingOfTask(taskId);
    const claimed = await world.claimed(first.recordId);
    world.clock.pass(20);
    await world.handle(world.stopped('a'));
    await world.end(claimed, 'session-ended');
    expect(await world.recordingOfTask(taskId)).toMatchObject({ state: 'paused' });
    world.clock.pass(20);
    await world.handle(world.started('b'));
    expect(await world.recordingOfTask(taskId)).toMatchObject({
      state: 'recording',
      recordId: first.recordId,
    });
    expect(await world.streamOf()).toMatchObject({ recordIds: [first.recordId] });
    expect(await world.taskOf(taskId)).toMatchObject({ state: 'recording', recordIds: [first.recordId] });
    expect(world.sent.jobs.at(-1)).toMatchObject({ recordId: first.recordId });

    const again = await world.claimed(first.recordId);
    await world.handle(world.stopped('b', 5));
    await world.end(again, 'session-ended');
    world.clock.pass(10);
    // The resumption timeout would be longer than the task.
    await world.handle(world.changed());
    expect(await world.recordingOfTask(taskId)).toMatchObject({ state: 'completed' });
    expect((await world.taskOf(taskId)).state).toBe('completed');
  });
});
