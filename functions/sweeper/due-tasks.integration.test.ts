import { describe, expect, it } from 'vitest';
import type { Task } from '../../shared/schemas/task.ts';
import { useTable } from '../../test/support/table.ts';
import { createWorld, KEY } from '../common/world.fixture.ts';
import { setTaskTimers } from './due-tasks.ts';

const table = useTable();

describe('the sweeper', () => {
  it('sets the timers of what begins and ends within minutes, and has overdue tasks looked at', async () => {
    const { ports, sent, clock } = createWorld(table);
    const add = async (stream: string, from: number, until: number, changes: Partial<Task> = {}) =>
      ports.tasks.create({
        ...KEY,
        stream,
        taskId: `tsk_${stream}`,
        startTime: clock.at(from),
        endTime: clock.at(until),
        state: 'scheduled',
        recordIds: [],
        createdAt: clock.at(),
        revision: 0,
        ...changes,
      });
    await add('far', 200, 300);
    await add('short', 60.7, 100);
    await add('long', 100, 900);
    await add('overdue', -30, 900);
    await add('ends', -600, 30, { state: 'recording', recordIds: ['rec_1'] });
    await add('ended', -600, -5, { state: 'waiting' });
    await add('stopped', -600, 900, { state: 'stopped', recordIds: ['rec_2'] });
    await add('settled', -600, -5, { state: 'missed', settledAt: clock.at() });
    expect(await setTaskTimers(ports)).toEqual([]);
    const timers = sent.timers.map(({ key, at, delaySeconds }) => [key.stream, at, delaySeconds]);
    expect(timers.sort()).toEqual([
      ['ends', clock.at(30), 29],
      ['long', clock.at(100), 99],
      ['short', clock.at(60.7), 60],
      ['short', clock.at(100), 99],
    ]);
    expect(sent.events.map(({ key }) => key.stream).sort()).toEqual(['ended', 'overdue', 'stopped']);
  });
});
