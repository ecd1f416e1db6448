import { beforeEach, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { systemSources } from '../config/items.ts';
import { MOST_PENDING_TASKS, type Task } from '../schemas/task.ts';
import { createPendingTasks, type PendingTasks } from './pending-tasks.ts';
import { createTasks } from './tasks.ts';

const T0 = Date.parse('2026-11-22T10:00:00.000Z');
const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();

const table = useTable();
let now: Date;
let pending: PendingTasks;
let key: { domain: string; app: string; stream: string };
let number = 0;

beforeEach(() => {
  now = new Date(T0);
  number += 1;
  key = { domain: 'push.example.com', app: 'live', stream: `pending-${number}` };
  pending = createPendingTasks(table, createTasks(table), { ...systemSources, now: () => now });
});

const taskWith = (taskId: string, changes: Partial<Task> = {}): Task => ({
  ...key,
  taskId,
  startTime: at(0),
  endTime: at(60),
  state: 'waiting',
  recordIds: [],
  createdAt: at(0),
  revision: 0,
  ...changes,
});

const claim = (taskId: string, from = 0, until = 60) =>
  pending.claim(key, { taskId, startTime: at(from), endTime: at(until) });

describe('the pending tasks of a stream', () => {
  it('are three at any moment, however many are made at once', async () => {
    const wanted = Array.from({ length: 12 }, (_, index) =>
      claim(`tsk_${index}`, index % 2 === 0 ? 0 : 100, 200),
    );
    const claims = await Promise.all(wanted);
    expect(claims.filter((outcome) => outcome === 'claimed')).toHaveLength(3);
    expect(new Set(claims)).toEqual(new Set(['claimed', 'too-many-at-once']));
    expect(await pending.of(key)).toHaveLength(3);
    expect(await claim('tsk_later', 200, 260)).toBe('claimed');
  });

  it('are of that stream alone', async () => {
    for (const taskId of ['tsk_1', 'tsk_2', 'tsk_3']) await claim(taskId);
    expect(await claim('tsk_4')).toBe('too-many-at-once');
    const { stream } = key;
    key = { ...key, app: 'live/other', stream };
    expect(await claim('tsk_4')).toBe('claimed');
  });

  it('are a hundred at most', async () => {
    for (let index = 0; index < MOST_PENDING_TASKS; index += 1) {
      expect(await claim(`tsk_${index}`, index * 60, index * 60 + 60)).toBe('claimed');
    }
    expect(await claim('tsk_more', 86_000, 86_060)).toBe('too-many');
    await pending.release(key, 'tsk_5');
    await pending.release(key, 'tsk_5');
    expect(await claim('tsk_more', 86_000, 86_060)).toBe('claimed');
  });

  it('give way when a crash has left them without a task, but not while that may still be written', async () => {
    const tasks = createTasks(table);
    for (const taskId of ['tsk_crashed', 'tsk_settled', 'tsk_kept']) await claim(`${taskId}_${number}`);
    await tasks.create(taskWith(`tsk_kept_${number}`));
    await tasks.create(taskWith(`tsk_settled_${number}`, { state: 'stopped', settledAt: at(1) }));
    expect(await claim('tsk_new')).toBe('too-many-at-once');
    now = new Date(T0 + 61_000);
    expect(await claim('tsk_new')).toBe('claimed');
    expect((await pending.of(key)).map(({ taskId }) => taskId).sort()).toEqual([
      `tsk_kept_${number}`,
      'tsk_new',
    ]);
  });
});

describe('tasks in the table', () => {
  it('are due by their next moment until they are settled', async () => {
    const tasks = createTasks(table);
    const ours = async (time: number) =>
      (await tasks.due(at(time))).filter(({ stream }) => stream === key.stream).map(({ state }) => state);
    const task = taskWith(`tsk_due_${number}`, { state: 'scheduled', startTime: at(10) });
    await tasks.create(task);
    expect(await ours(10)).toEqual([]);
    expect(await ours(11)).toEqual(['scheduled']);
    const waiting: Task = { ...task, state: 'waiting', revision: 1 };
    expect(await tasks.replace(waiting)).toBe(true);
    expect(await tasks.replace(waiting)).toBe(false);
    expect(await ours(60)).toEqual([]);
    expect(await ours(61)).toEqual(['waiting']);
    await tasks.replace({ ...waiting, state: 'missed', settledAt: at(60), revision: 2 });
    expect(await ours(1000)).toEqual([]);
    expect(await tasks.remove(waiting)).toBe(false);
    expect(await tasks.remove({ ...waiting, revision: 2 })).toBe(true);
    expect(await tasks.get(task.taskId)).toBeUndefined();
  });
});
