import { endReason } from '../recordings/end-reason.ts';
import type { Reason, Recording } from '../schemas/recording.ts';
import { MOST_TASK_RECORDINGS, type Task, type TaskState } from '../schemas/task.ts';

/** What must be known of the world to say how a task stands. */
export interface TaskFacts {
  readonly at: string;
  /** The stream's live session; undefined: it is not live. */
  readonly session: { readonly recordIds: readonly string[] } | undefined;
  /** The task's recordings, oldest first; those that somebody has deleted are left out. */
  readonly recordings: readonly Pick<Recording, 'recordId' | 'state' | 'reason'>[];
}

/** What must be done about a task now. */
export type TaskStep =
  | { type: 'nothing' }
  /** The live session must be recorded for it: `begun` or `refused` comes next. */
  | { type: 'record' }
  | { type: 'note'; next: Task }
  /** Its recordings must end; afterwards look again. */
  | { type: 'end-recordings'; recordIds: string[]; code: 'task-ended' | 'task-stopped' }
  /** Its end is carried through, and what it holds can be given back. */
  | { type: 'settle'; next: Task };

const NOTHING: TaskStep = { type: 'nothing' };

const FINAL: readonly TaskState[] = ['completed', 'missed', 'stopped', 'failed'];
export const isFinal = ({ state }: Pick<Task, 'state'>): boolean => FINAL.includes(state);

/** The next moment at which something must happen to it by itself; undefined: never again. */
export const nextMoment = (task: Task): string | undefined => {
  if (task.settledAt !== undefined) return undefined;
  // A task that was stopped, but not settled, has been due: something should have happened already.
  return task.state === 'scheduled' || isFinal(task) ? task.startTime : task.endTime;
};

const changed = (task: Task, changes: Partial<Task>): Task => ({
  ...task,
  ...changes,
  revision: task.revision + 1,
});

const withoutReason = ({ reason: _, ...task }: Task): Task => task;

const isOpen = ({ state }: Pick<Recording, 'state'>): boolean => state === 'recording' || state === 'paused';

const outcome = (task: Task, { recordings, at }: TaskFacts): Task => {
  const settled = { settledAt: at };
  // What has been deleted had been recorded.
  const isDeleted = recordings.length < task.recordIds.length;
  if (isDeleted || recordings.some(({ state }) => state === 'completed')) {
    return changed(withoutReason(task), { ...settled, state: 'completed' });
  }
  const failure: Reason | undefined = recordings.at(-1)?.reason ?? task.reason;
  return failure === undefined
    ? changed(task, { ...settled, state: 'missed', reason: endReason('stream-missed') })
    : changed(task, { ...settled, state: 'failed', reason: failure });
};

const stepToEnd = (task: Task, facts: TaskFacts): TaskStep => {
  const isStopped = task.state === 'stopped';
  const open = facts.recordings.filter(isOpen).map(({ recordId }) => recordId);
  if (open.length > 0) {
    return { type: 'end-recordings', recordIds: open, code: isStopped ? 'task-stopped' : 'task-ended' };
  }
  if (isStopped) return { type: 'settle', next: changed(task, { settledAt: facts.at }) };
  // Whether anything was recorded is known when the files are closed.
  if (facts.recordings.some(({ state }) => state === 'completing')) return NOTHING;
  return { type: 'settle', next: outcome(task, facts) };
};

/** How a task stands, and what must be done about it. Pure; the same facts again ask for nothing more. */
export const stepOf = (task: Task, facts: TaskFacts): TaskStep => {
  const { at, session, recordings } = facts;
  if (task.settledAt !== undefined) return NOTHING;
  if (task.state === 'stopped' || at >= task.endTime) return stepToEnd(task, facts);
  if (at < task.startTime) return NOTHING;
  const current = recordings.find(({ recordId }) => session?.recordIds.includes(recordId));
  if (session !== undefined && current === undefined) return { type: 'record' };
  // A recording that has ended in mid-session was stopped, or has failed: it is not begun again in this session.
  const state = current?.state === 'recording' ? 'recording' : 'waiting';
  return task.state === state ? NOTHING : { type: 'note', next: changed(task, { state }) };
};

/** The live session is about to be recorded for it; undefined when that is noted already. */
export const begun = (task: Task, recordId: string): Task | undefined => {
  if (task.state === 'recording' && task.recordIds.at(-1) === recordId) return undefined;
  const others = task.recordIds.filter((id) => id !== recordId);
  const recordIds = [...others, recordId].slice(-MOST_TASK_RECORDINGS);
  return changed(withoutReason(task), { state: 'recording', recordIds });
};

/** The live session cannot be recorded for it; undefined when that is noted already. */
export const refused = (task: Task, text: string): Task | undefined => {
  if (task.state === 'waiting' && task.reason?.text === text) return undefined;
  return changed(task, { state: 'waiting', reason: { ...endReason('not-recordable'), text } });
};

/** Whether ending it leaves nothing to be done, as it has never been recorded, or its end was carried through. */
export const isIdle = ({ recordIds, settledAt }: Task): boolean =>
  settledAt !== undefined || recordIds.length === 0;

/** Stopped by its user; undefined when it has ended already. */
export const stopped = (task: Task, at: string): Task | undefined => {
  if (isFinal(task)) return undefined;
  const reason = endReason('task-stopped');
  return changed(task, { state: 'stopped', reason, ...(isIdle(task) ? { settledAt: at } : {}) });
};

/** Stopped if it has not ended, and gone as soon as that is carried through; undefined when that is noted already. */
export const deleted = (task: Task, at: string): Task | undefined =>
  task.deletingAt === undefined ? { ...(stopped(task, at) ?? changed(task, {})), deletingAt: at } : undefined;
