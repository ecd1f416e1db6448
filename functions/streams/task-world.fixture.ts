import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import { systemSources } from '../../shared/config/items.ts';
import { templateKey } from '../../shared/config/keys.ts';
import type { StreamEvent } from '../../shared/events/stream-events.ts';
import { type EndCode, endReason } from '../../shared/recordings/end-reason.ts';
import { transition } from '../../shared/recordings/transition.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Task, TaskInput } from '../../shared/schemas/task.ts';
import type { Table } from '../../shared/table/table.ts';
import { createTaskManager } from '../../shared/tasks/manage.ts';
import { fileWith } from '../common/world.fixture.ts';
import { createStreamEventHandler, type StreamEventPorts } from './on-stream-event.ts';
import { configWith, createStreamWorld, domain } from './stream-world.fixture.ts';

/** A domain without a rule. */
export const withoutRule = { match: async () => ({ domain, rule: undefined }) };

/** One stream, its tasks, and what their users and recorders do. */
export const createTaskWorld = async (table: Table, stream: string, config = configWith(withoutRule)) => {
  const world = createStreamWorld(table, stream);
  const { ports, clock, key, sent } = world;
  const own = world.portsWith(config);
  const { client, tableName } = table;
  await client.send(new PutCommand({ TableName: tableName, Item: { ...templateKey('tpl_1') } }));
  const manager = createTaskManager({
    ...systemSources,
    ...ports,
    now: clock.now,
    hasDomain: async () => true,
    hasDefaultStorage: async () => true,
  });

  const handle = (event: StreamEvent, changed: Partial<StreamEventPorts> = {}): Promise<void> =>
    createStreamEventHandler({ ...own, ...changed })(event);
  const changed = (seconds = 0): StreamEvent => ({ type: 'tasks-changed', key, at: clock.at(seconds) });

  /** Makes a task that begins and ends so many seconds from now. */
  const make = async (from: number, until: number, more: Partial<TaskInput> = {}): Promise<Task> => {
    const times = { startTime: clock.at(from), endTime: clock.at(until) };
    const creation = await manager.create({ ...key, templateId: 'tpl_1', ...times, ...more });
    if (creation.type !== 'created') throw new Error(`The task was refused: ${creation.type}`);
    return creation.task;
  };
  const taskOf = async (taskId: string): Promise<Task> => {
    const task = await ports.tasks.get(taskId);
    if (task === undefined) throw new Error('There is no task');
    return task;
  };
  const recordingOfTask = async (taskId: string): Promise<Recording> => {
    const [recording, ...others] = (await world.recordingsOf()).filter((found) => found.taskId === taskId);
    expect(others).toEqual([]);
    if (recording === undefined) throw new Error('There is no recording');
    return recording;
  };

  /** What a recorder does: claims a recording, records a file of it, and ends it; then the task is told. */
  const claim = async (recordId: string, recorderId = 'rcd_1'): Promise<Recording> => {
    await ports.recorders.register(recorderId, 20, clock.now());
    const { epoch = -1 } = (await ports.recordings.get(recordId)) ?? {};
    const claimed = await ports.recordings.claim(recordId, epoch, recorderId);
    if (claimed === undefined) throw new Error('The job is void');
    await ports.recordings.nextCapture(recordId, claimed.epoch);
    return claimed;
  };
  const end = async ({ recordId, epoch }: Recording, code: EndCode, sessionLive = false): Promise<void> => {
    await ports.files.open(fileWith({ recordId, epoch, fileId: `${epoch}-mp4`, state: 'ready' }));
    const reason = endReason(code);
    const moment = { at: clock.at(), now: clock.at() };
    await transition(ports, recordId, { type: 'capture.ended', epoch, reason, ...moment, sessionLive });
  };

  /** Uses that templates and streams still know of. */
  const isHeld = async (taskId: string): Promise<boolean> =>
    (await ports.pending.of(key)).some((pending) => pending.taskId === taskId);

  return {
    ...world,
    own,
    sent,
    manager,
    handle,
    changed,
    make,
    taskOf,
    recordingOfTask,
    claimed: claim,
    end,
    isHeld,
  };
};
export type TaskWorld = Awaited<ReturnType<typeof createTaskWorld>>;
