import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../shared/events/stream-events.ts';
import { createTaskTimers } from '../../shared/tasks/timers.ts';
import { createClock, KEY } from '../common/world.fixture.ts';
import { createTimerHandler } from './on-timer.ts';

const setUp = () => {
  const clock = createClock();
  const events: { event: StreamEvent; sentAt: string }[] = [];
  const timers: { at: string; delaySeconds: number }[] = [];
  const queueStreamEvent = async (event: StreamEvent) => {
    events.push({ event, sentAt: clock.at() });
  };
  const taskTimers = createTaskTimers({
    sendTimer: async ({ at }, delaySeconds) => {
      timers.push({ at, delaySeconds });
    },
    queueStreamEvent,
    now: clock.now,
  });
  const wait = async (ms: number) => clock.pass(ms / 1000);
  const handle = createTimerHandler({ taskTimers, queueStreamEvent, now: clock.now, wait });
  return { clock, events, timers, taskTimers, handle };
};

describe('a timer', () => {
  it('is a message that comes a little early, and the rest of the time is waited out', async () => {
    const { clock, events, timers, taskTimers, handle } = setUp();
    const at = clock.at(100.2);
    await taskTimers({ key: KEY, at });
    expect(timers).toEqual([{ at, delaySeconds: 99 }]);
    clock.pass(99.05);
    await handle({ key: KEY, at });
    expect(events).toEqual([{ event: { type: 'tasks-changed', key: KEY, at }, sentAt: at }]);
  });

  it('is no message at all when its moment has come, or is more than 15 minutes ahead', async () => {
    const { clock, events, timers, taskTimers } = setUp();
    await taskTimers({ key: KEY, at: clock.at(902) });
    await taskTimers({ key: KEY, at: clock.at(-3) });
    expect(timers).toEqual([]);
    expect(events).toHaveLength(1);
    await taskTimers({ key: KEY, at: clock.at(900.4) });
    expect(timers).toMatchObject([{ delaySeconds: 899 }]);
  });

  it('that comes late is no later than it must be, and one that comes much too early is set again', async () => {
    const { clock, events, timers, handle } = setUp();
    const at = clock.at(10);
    await handle({ key: KEY, at });
    expect(events).toEqual([]);
    expect(timers).toEqual([{ at, delaySeconds: 9 }]);
    clock.pass(12);
    await handle({ key: KEY, at });
    expect(events).toEqual([{ event: { type: 'tasks-changed', key: KEY, at }, sentAt: clock.at() }]);
  });
});
