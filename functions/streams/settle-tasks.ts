import { planFor } from '../../shared/config/plan.ts';
import { type StopRecordingPorts, stopRecording } from '../../shared/recordings/stop.ts';
import type { StreamKey } from '../../shared/schemas/names.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import type { PendingTasks } from '../../shared/table/pending-tasks.ts';
import type { StoredTask, Tasks } from '../../shared/table/tasks.ts';
import { type GiveBackPorts, giveBack } from '../../shared/tasks/give-back.ts';
import { begun, refused, stepOf } from '../../shared/tasks/machine.ts';
import { isResumable, recordIdOf } from './choose.ts';
import { createRecording, type EnsurePorts, goOn } from './ensure-recordings.ts';

export interface SettlePorts extends EnsurePorts, StopRecordingPorts, GiveBackPorts {
  readonly tasks: Tasks;
  readonly pending: PendingTasks;
}

/** A task's steps; `again`: it was changed by its user meanwhile, or there may be more to be done. */
type Done = { type: 'done' | 'again'; stream: Stream | undefined };

// Steps of one task are few, and its user changes it rarely.
const MOST_TRIES = 10;

/** Recordings that a session lists. It may go on for months, with a task every hour. */
const MOST_LISTED = 40;

const listOn = async ({ streams }: SettlePorts, stream: Stream, recordId: string): Promise<Stream> => {
  const { notRecorded: _, recordIds, ...rest } = stream;
  if (recordIds.includes(recordId)) return stream;
  // The first one is the rule's, if there is one. Of tasks' few can still be running.
  const [first = recordId, ...others] = [...recordIds, recordId];
  const next = { ...rest, recordIds: [first, ...others.slice(1 - MOST_LISTED)] };
  if (await streams.replace(next, stream)) return next;
  throw new Error('A stream changed while a recording of it began');
};

/**
 * Has a live session recorded for a task. The task is written first: whoever stops it from then on finds the
 * recording. The stream's item comes last: while it lacks the recording, all this is done again.
 */
const record = async (
  ports: SettlePorts,
  stream: Stream,
  task: StoredTask,
  recordings: readonly Recording[],
): Promise<Done> => {
  const note = async (next: StoredTask | undefined): Promise<boolean> =>
    next === undefined || ports.tasks.replace(next);

  const last = recordings.findLast((recording) => isResumable(recording, stream));
  if (last !== undefined) {
    if (!(await note(begun(task, last.recordId)))) return { type: 'again', stream };
    // When it is found to be over in this moment, a new one is begun.
    if (!(await goOn(ports, stream, last))) return { type: 'again', stream };
    return { type: 'done', stream: await listOn(ports, stream, last.recordId) };
  }
  const recordId = recordIdOf(stream.sessionId, task.taskId);
  // It has ended in this session already, and somebody has deleted it.
  if (task.state === 'waiting' && task.recordIds.includes(recordId)) return { type: 'done', stream };
  const planned = await planFor(ports.config, stream, task);
  if (planned.type === 'not-recorded') {
    return { type: (await note(refused(task, planned.text))) ? 'done' : 'again', stream };
  }
  if (!(await note(begun(task, recordId)))) return { type: 'again', stream };
  await createRecording(ports, stream, { recordId, plan: planned.plan, taskId: task.taskId });
  return { type: 'done', stream: await listOn(ports, stream, recordId) };
};

const takeStep = async (
  ports: SettlePorts,
  stream: Stream | undefined,
  task: StoredTask,
  at: string,
): Promise<Done> => {
  const found = await Promise.all(task.recordIds.map((recordId) => ports.recordings.get(recordId)));
  const recordings = found.filter((recording) => recording !== undefined);
  const session = stream?.live === true ? stream : undefined;
  const step = stepOf(task, { at, session, recordings });
  switch (step.type) {
    case 'nothing':
      return { type: 'done', stream };
    case 'note':
      return { type: (await ports.tasks.replace(step.next)) ? 'done' : 'again', stream };
    case 'record':
      return session === undefined ? { type: 'done', stream } : record(ports, session, task, recordings);
    case 'end-recordings': {
      const ended = await Promise.all(step.recordIds.map((id) => stopRecording(ports, id, step.code)));
      // Those that have a recorder end seconds later, and the task is looked at once more.
      const isWaiting = ended.some((recording) => recording?.state === 'recording');
      return { type: isWaiting ? 'done' : 'again', stream };
    }
    case 'settle': {
      const isDone = await (task.deletingAt === undefined
        ? ports.tasks.replace(step.next)
        : ports.tasks.remove(task));
      if (isDone) await giveBack(ports, task);
      return { type: isDone ? 'done' : 'again', stream };
    }
  }
};

const settle = async (
  ports: SettlePorts,
  stream: Stream | undefined,
  taskId: string,
  at: string,
): Promise<Stream | undefined> => {
  let now = stream;
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const task = await ports.tasks.get(taskId);
    // One that is not there is being written in this moment, and told of afterwards.
    if (task === undefined) return now;
    if (task.settledAt !== undefined) {
      await giveBack(ports, task);
      return now;
    }
    const done = await takeStep(ports, now, task, at);
    now = done.stream;
    if (done.type === 'done') return now;
  }
  throw new Error(`Task ${taskId} changed ${MOST_TRIES} times while its stream was looked at`);
};

/**
 * Brings the tasks of a stream to where they must be at `at`: those that are due record a live session, those that are
 * over or stopped do not any more. Safe to repeat. One read when there are none; else one for each that has begun, and
 * one for each of its recordings.
 * @returns the stream's item as it is now
 */
export const settleTasks = async (
  ports: SettlePorts,
  key: StreamKey,
  stream: Stream | undefined,
  at: string,
): Promise<Stream | undefined> => {
  let now = stream;
  for (const { taskId, startTime } of await ports.pending.of(key)) {
    if (startTime <= at) now = await settle(ports, now, taskId, at);
  }
  return now;
};
