import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endReason } from '../recordings/end-reason.ts';
import type { Recording, RecordingState } from '../schemas/recording.ts';
import type { Task } from '../schemas/task.ts';
import { begun, deleted, isFinal, nextMoment, refused, stepOf, stopped } from './machine.ts';

const T0 = Date.parse('2026-11-22T10:00:00.000Z');
const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();
const START = 20;
const END = 60;

const TASK: Task = {
  taskId: 'tsk_1',
  domain: 'push.example.com',
  app: 'live',
  stream: 'demo',
  startTime: at(START),
  endTime: at(END),
  state: 'scheduled',
  recordIds: [],
  createdAt: at(0),
  revision: 0,
};

type Kept = Pick<Recording, 'recordId' | 'state' | 'reason'>;

/** One stream, one task and its recordings, as the functions that carry steps out have them. */
interface World {
  task: Task;
  seconds: number;
  session: { id: number; recordIds: string[] } | undefined;
  sessions: number;
  recordings: Kept[];
  isRecordable: boolean;
  /** Whether the stream was live, or was found live but not recordable, when it was looked at while the task was due. */
  wasSeenLive: boolean;
}

const newWorld = (): World => ({
  task: TASK,
  seconds: 0,
  session: undefined,
  sessions: 0,
  recordings: [],
  isRecordable: true,
  wasSeenLive: false,
});

const setState = (
  world: World,
  recordIds: readonly string[],
  state: RecordingState,
  code: 'session-ended' | 'stopped',
) => {
  world.recordings = world.recordings.map((recording) =>
    recordIds.includes(recording.recordId)
      ? { ...recording, state, ...(state === 'recording' ? {} : { reason: endReason(code) }) }
      : recording,
  );
};

/** What the streams function does: steps until there is nothing more to be done. @returns the steps */
const look = (world: World): string[] => {
  const steps: string[] = [];
  for (;;) {
    const { task, session } = world;
    const step = stepOf(task, { at: at(world.seconds), session, recordings: world.recordings });
    steps.push(step.type);
    if (steps.length > 20) throw new Error(`It never comes to rest: ${steps.join(', ')}`);
    switch (step.type) {
      case 'nothing':
        return steps;
      case 'note':
      case 'settle':
        world.task = step.next;
        break;
      case 'end-recordings':
        setState(world, step.recordIds, 'completing', 'stopped');
        break;
      case 'record': {
        if (session === undefined) throw new Error('Nothing can be recorded');
        world.wasSeenLive = true;
        if (!world.isRecordable) {
          const next = refused(task, 'No storage.');
          if (next === undefined) return steps;
          world.task = next;
          return steps;
        }
        const recordId = `rec_${session.id}`;
        world.task = begun(task, recordId) ?? task;
        world.recordings.push({ recordId, state: 'recording' });
        session.recordIds.push(recordId);
      }
    }
  }
};

const ACTIONS = {
  start: (world: World) => {
    if (world.session !== undefined) return;
    world.sessions += 1;
    world.session = { id: world.sessions, recordIds: [] };
  },
  stop: (world: World) => {
    setState(world, world.session?.recordIds ?? [], 'completing', 'session-ended');
    world.session = undefined;
  },
  complete: (world: World) => {
    const ids = world.recordings
      .filter(({ state }) => state === 'completing')
      .map(({ recordId }) => recordId);
    setState(world, ids, 'completed', 'session-ended');
  },
  fail: (world: World) => {
    const ids = world.recordings
      .filter(({ state }) => state === 'completing')
      .map(({ recordId }) => recordId);
    setState(world, ids, 'failed', 'session-ended');
  },
  userStops: (world: World) => {
    world.task = stopped(world.task, at(world.seconds)) ?? world.task;
  },
  breakStorage: (world: World) => {
    world.isRecordable = false;
  },
  mendStorage: (world: World) => {
    world.isRecordable = true;
  },
  wait: (world: World) => {
    world.seconds += 7;
  },
  nothing: () => undefined,
} satisfies Record<string, (world: World) => void>;
type Action = keyof typeof ACTIONS;

/** Not every event is looked at at once, and some twice. */
const happenings = fc.array(
  fc.record({
    action: fc.constantFrom(...(Object.keys(ACTIONS) as Action[])),
    looks: fc.integer({ min: 0, max: 2 }),
  }),
  { maxLength: 40, size: 'max' },
);

const play = (
  events: readonly { action: Action; looks: number }[],
  see: (world: World) => void = () => undefined,
): World => {
  const world = newWorld();
  for (const { action, looks } of events) {
    ACTIONS[action](world);
    for (let times = 0; times < looks; times += 1) {
      look(world);
      see(world);
    }
  }
  // In the end the sweeper looks, and every recording comes to an end.
  world.seconds = Math.max(world.seconds, END);
  look(world);
  ACTIONS.complete(world);
  look(world);
  return world;
};

describe('a task, whatever happens to its stream and however often it is looked at', () => {
  it('ends in exactly one final state, and stays in it', () => {
    fc.assert(
      fc.property(happenings, (events) => {
        const finals = new Set<string>();
        const world = play(events, ({ task }) => {
          if (isFinal(task)) finals.add(task.state);
        });
        finals.add(world.task.state);
        expect([...finals]).toHaveLength(1);
        expect(isFinal(world.task)).toBe(true);
        expect(world.task.settledAt).toBeDefined();
        expect(nextMoment(world.task)).toBeUndefined();
        const settled = world.task;
        for (const action of ['start', 'userStops', 'wait', 'stop'] as const) ACTIONS[action](world);
        expect(look(world)).toEqual(['nothing']);
        expect(world.task).toEqual(settled);
      }),
    );
  });

  it('is missed exactly when its stream was never seen live, and completed exactly when something was recorded', () => {
    fc.assert(
      fc.property(happenings, (events) => {
        const { task, wasSeenLive, recordings } = play(events);
        if (task.state === 'stopped') return;
        const isRecorded = recordings.some(({ state }) => state === 'completed');
        expect(task.state === 'missed').toBe(!wasSeenLive);
        expect(task.state === 'completed').toBe(isRecorded);
        expect(task.state === 'failed').toBe(wasSeenLive && !isRecorded);
        expect(task.reason !== undefined).toBe(task.state !== 'completed');
      }),
    );
  });

  it('is stopped only by its user, and then for good', () => {
    fc.assert(
      fc.property(happenings, (events) => {
        const { task } = play(events);
        const isStopped = events.some(({ action }) => action === 'userStops');
        if (!isStopped) expect(task.state).not.toBe('stopped');
        if (task.state === 'stopped') expect(task.reason?.code).toBe('task-stopped');
      }),
    );
  });

  it('has every session recorded once at most, and none before its start, after its end or when stopped', () => {
    fc.assert(
      fc.property(happenings, (events) => {
        let count = 0;
        const world = play(events, ({ task, recordings, seconds }) => {
          const isOver = seconds < START || seconds >= END || task.state === 'stopped';
          if (isOver) {
            expect(recordings.length).toBe(count);
            expect(recordings.filter(({ state }) => state === 'recording')).toEqual([]);
          }
          count = recordings.length;
        });
        expect(new Set(world.task.recordIds).size).toBe(world.task.recordIds.length);
        expect(world.recordings.map(({ recordId }) => recordId)).toEqual(world.task.recordIds);
      }),
    );
  });

  it('counts every change, and comes to rest when nothing happens', () => {
    fc.assert(
      fc.property(happenings, (events) => {
        let last = TASK;
        play(events, ({ task }) => {
          if (task !== last) expect(task.revision).toBeGreaterThan(last.revision);
          last = task;
        });
        const world = play(events);
        expect(look(world)).toEqual(['nothing']);
      }),
    );
  });
});

describe('a task', () => {
  const facts = { at: at(30), session: undefined, recordings: [] };

  it('waits while its stream is away, and says why a live one cannot be recorded', () => {
    const step = stepOf(TASK, facts);
    expect(step).toMatchObject({ type: 'note', next: { state: 'waiting', revision: 1 } });
    const waiting: Task = { ...TASK, state: 'waiting' };
    expect(stepOf(waiting, facts)).toEqual({ type: 'nothing' });
    expect(nextMoment(waiting)).toBe(at(END));
    const next = refused(waiting, 'No storage.');
    expect(next).toMatchObject({ state: 'waiting', reason: { code: 'not-recordable', text: 'No storage.' } });
    expect(refused(next ?? TASK, 'No storage.')).toBeUndefined();
    expect(stepOf(next ?? TASK, { ...facts, at: at(END) })).toMatchObject({
      type: 'settle',
      next: { state: 'failed', reason: { text: 'No storage.' } },
    });
  });

  it('is not recorded again in a session whose recording was stopped', () => {
    const recording: Task = { ...TASK, state: 'recording', recordIds: ['rec_1'] };
    const ended = { recordId: 'rec_1', state: 'completed' as const };
    const session = { recordIds: ['rec_1'] };
    expect(stepOf(recording, { ...facts, session, recordings: [ended] })).toMatchObject({
      type: 'note',
      next: { state: 'waiting' },
    });
  });

  it('has been recorded although somebody has deleted the recordings', () => {
    const waiting: Task = { ...TASK, state: 'waiting', recordIds: ['rec_1'] };
    expect(stepOf(waiting, { ...facts, at: at(END) })).toMatchObject({
      type: 'settle',
      next: { state: 'completed', recordIds: ['rec_1'] },
    });
  });

  it('that was never recorded leaves nothing to be done when it is stopped', () => {
    expect(stopped(TASK, at(5))).toMatchObject({ state: 'stopped', settledAt: at(5) });
    const recording: Task = { ...TASK, state: 'recording', recordIds: ['rec_1'] };
    const next = stopped(recording, at(30));
    expect(next).toMatchObject({ state: 'stopped' });
    expect(next).not.toHaveProperty('settledAt');
    expect(nextMoment(next ?? TASK)).toBe(at(START));
    expect(stopped(next ?? TASK, at(31))).toBeUndefined();
  });

  it('is deleted once', () => {
    const recording: Task = { ...TASK, state: 'recording', recordIds: ['rec_1'], revision: 4 };
    const next = deleted(recording, at(30));
    expect(next).toMatchObject({ state: 'stopped', deletingAt: at(30), revision: 5 });
    expect(deleted(next ?? TASK, at(31))).toBeUndefined();
    const again = deleted(stopped(recording, at(29)) ?? TASK, at(30));
    expect(again).toMatchObject({ state: 'stopped', deletingAt: at(30), revision: 6 });
  });
});

describe('a task of a stream that comes and goes all the time', () => {
  it('keeps the newest of its recordings, and does not grow without end', () => {
    let task: Task = { ...TASK, state: 'waiting' };
    for (let count = 0; count < 1000; count += 1) task = begun(task, `rec_${count}`) ?? task;
    expect(task.recordIds.length).toBeLessThanOrEqual(100);
    expect(task.recordIds.at(-1)).toBe('rec_999');
  });
});
