import { beforeEach, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { createStreamEventHandler, type StreamEventPorts } from './on-stream-event.ts';
import { configWith, createStreamWorld, type StreamWorld } from './stream-world.fixture.ts';
import { createTaskWorld, withoutRule } from './task-world.fixture.ts';

const table = useTable();
let world: StreamWorld;
let number = 0;

beforeEach(() => {
  number += 1;
  world = createStreamWorld(table, `crash-${number}`);
});

/** Ports that fail at their n-th write, before it or after it, as a crash would have it. */
const crashingAt = (ports: StreamEventPorts, at: number, isWritten: boolean): StreamEventPorts => {
  let writes = 0;
  const crashing =
    <Arguments extends unknown[], Result>(write: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      writes += 1;
      if (writes !== at) return write(...given);
      if (isWritten) await write(...given);
      throw new Error('crash');
    };
  const { streams, recordings, recorders, notices, queues, tasks, pending, references } = ports;
  return {
    ...ports,
    streams: { ...streams, replace: crashing(streams.replace) },
    recordings: { ...recordings, create: crashing(recordings.create), replace: crashing(recordings.replace) },
    recorders: { ...recorders, command: crashing(recorders.command) },
    tasks: { ...tasks, replace: crashing(tasks.replace), remove: crashing(tasks.remove) },
    pending: { ...pending, release: crashing(pending.release) },
    references: { ...references, release: crashing(references.release) },
    notices: { ...notices, add: crashing(notices.add) },
    queues: {
      ...queues,
      recordJob: crashing((job: Parameters<typeof queues.recordJob>[0]) => queues.recordJob(job)),
    },
  };
};

describe('a crash anywhere, and the event once more', () => {
  const crashes = [1, 2, 3, 4, 5, 6].flatMap(
    (at) =>
      [
        [at, false],
        [at, true],
      ] as const,
  );

  it.each(crashes)(
    'begins a session with one recording and a job: write %d, written %s',
    async (at, isWritten) => {
      const ports = world.portsWith();
      await createStreamEventHandler(crashingAt(ports, at, isWritten))(world.started('a')).catch(
        () => undefined,
      );
      await createStreamEventHandler(ports)(world.started('a'));
      const recording = await world.recordingOf();
      expect(await world.streamOf()).toMatchObject({
        live: true,
        sessionId: recording.sessionId,
        recordIds: [recording.recordId],
      });
      expect(world.sent.jobs).toContainEqual({ recordId: recording.recordId, epoch: 0 });
    },
  );

  it.each(crashes)('ends a session and tells its recorder: write %d, written %s', async (at, isWritten) => {
    const ports = world.portsWith();
    await createStreamEventHandler(ports)(world.started('a'));
    const { recordId } = await world.claim();
    await createStreamEventHandler(crashingAt(ports, at, isWritten))(world.stopped('a', 60)).catch(
      () => undefined,
    );
    await createStreamEventHandler(ports)(world.stopped('a', 60));
    expect(await world.streamOf()).toMatchObject({ live: false });
    expect(await world.commandsFor('rcd_1')).toHaveProperty(recordId);
  });

  it.each(crashes)(
    'hands over to a successor that was announced first: write %d, written %s',
    async (at, isWritten) => {
      const ports = world.portsWith();
      await createStreamEventHandler(ports)(world.started('a'));
      const first = await world.claim();
      await createStreamEventHandler(ports)(world.started('b', 10));
      await createStreamEventHandler(crashingAt(ports, at, isWritten))(world.stopped('a', 9)).catch(
        () => undefined,
      );
      await createStreamEventHandler(ports)(world.stopped('a', 9));
      const stream = await world.streamOf();
      expect(stream).toMatchObject({ live: true, clientId: 'b' });
      expect(await world.commandsFor('rcd_1')).toHaveProperty(first.recordId);
      const recordId = stream?.recordIds[0];
      expect(await world.ports.recordings.get(recordId ?? '')).toMatchObject({
        sessionId: stream?.sessionId,
      });
      expect(world.sent.jobs).toContainEqual({ recordId, epoch: 0 });
    },
  );

  it.each(crashes)(
    'begins a task with one recording and a job: write %d, written %s',
    async (at, isWritten) => {
      const tasks = await createTaskWorld(table, `task-crash-${number}`);
      await tasks.handle(tasks.started('a'));
      const { taskId } = await tasks.make(0, 60);
      await tasks.handle(tasks.changed(), crashingAt(tasks.own, at, isWritten)).catch(() => undefined);
      await tasks.handle(tasks.changed());
      const { recordId } = await tasks.recordingOfTask(taskId);
      expect(await tasks.taskOf(taskId)).toMatchObject({ state: 'recording', recordIds: [recordId] });
      expect(await tasks.streamOf()).toMatchObject({ recordIds: [recordId] });
      expect(tasks.sent.jobs).toContainEqual({ recordId, epoch: 0 });
    },
  );

  it.each(crashes)(
    'goes on with the recording of a task when its stream is back: write %d, written %s',
    async (at, isWritten) => {
      const config = configWith(withoutRule, 60);
      const tasks = await createTaskWorld(table, `task-crash-${number}`, config);
      await tasks.handle(tasks.started('a'));
      const { taskId } = await tasks.make(0, 60);
      await tasks.handle(tasks.changed());
      const { recordId } = await tasks.recordingOfTask(taskId);
      const claimed = await tasks.claimed(recordId);
      await tasks.handle(tasks.stopped('a', 10));
      await tasks.end(claimed, 'session-ended');
      tasks.sent.jobs.length = 0;
      await tasks.handle(tasks.started('b', 20), crashingAt(tasks.own, at, isWritten)).catch(() => undefined);
      await tasks.handle(tasks.started('b', 20));
      expect(await tasks.recordingOfTask(taskId)).toMatchObject({ recordId, state: 'recording' });
      expect(await tasks.streamOf()).toMatchObject({ live: true, recordIds: [recordId] });
      expect(await tasks.taskOf(taskId)).toMatchObject({ state: 'recording', recordIds: [recordId] });
      expect(tasks.sent.jobs).toContainEqual({ recordId, epoch: 1 });
    },
  );

  it.each(crashes)('settles a task that is over: write %d, written %s', async (at, isWritten) => {
    const tasks = await createTaskWorld(table, `task-crash-${number}`);
    await tasks.handle(tasks.started('a'));
    const { taskId } = await tasks.make(0, 60);
    await tasks.handle(tasks.changed());
    await tasks.end(await tasks.claimed((await tasks.recordingOfTask(taskId)).recordId), 'task-ended', true);
    tasks.clock.pass(60);
    await tasks.handle(tasks.changed(), crashingAt(tasks.own, at, isWritten)).catch(() => undefined);
    await tasks.handle(tasks.changed());
    expect(await tasks.taskOf(taskId)).toMatchObject({ state: 'completed', settledAt: tasks.clock.at() });
    expect(await tasks.isHeld(taskId)).toBe(false);
  });
});
