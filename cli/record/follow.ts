import { dataOf, type Schemas } from '../../client/index.ts';
import type { Context } from '../context.ts';
import { UnreachableError } from '../exit.ts';
import { pause } from '../interrupt.ts';
import type { Progress } from '../output/progress.ts';
import { statusOf } from './status.ts';

type Recording = Schemas['Recording'];
type Task = Schemas['Task'];

const LOOK_MS = 1000;
const FINAL: readonly Task['state'][] = ['completed', 'missed', 'stopped', 'failed'];

export interface Followed {
  /** As it is in the end; undefined when there never was one. */
  readonly recording: Recording | undefined;
  readonly task: Task;
  /** Whether somebody did not want to wait for the end. */
  readonly isLeft: boolean;
}

export interface FollowOptions {
  readonly taskId: string;
  readonly seconds: number | undefined;
  readonly progress: Progress;
  /** Ends the recording. */
  readonly stop: AbortSignal;
  /** Ends the waiting. */
  readonly hurry: AbortSignal;
}

/** Shows how the recording of a task is getting on, until its files are closed. */
export const follow = async (
  { api, out }: Context,
  { taskId, seconds, progress, stop, hurry }: FollowOptions,
): Promise<Followed> => {
  const look = async (): Promise<{ task: Task; recording: Recording | undefined }> => {
    const task = await dataOf(api.GET('/v1/tasks/{taskId}', { params: { path: { taskId } } }));
    const recordId = task.recordIds.at(-1);
    if (recordId === undefined) return { task, recording: undefined };
    const path = { recordId };
    return { task, recording: await dataOf(api.GET('/v1/recordings/{recordId}', { params: { path } })) };
  };

  let seen = await look();
  let isStopped = false;
  for (;;) {
    const { task, recording } = seen;
    if (recording?.state === 'completed' || recording?.state === 'failed') {
      return { recording, task, isLeft: false };
    }
    if (hurry.aborted) return { recording, task, isLeft: true };
    if (recording === undefined && FINAL.includes(task.state)) return { recording, task, isLeft: false };
    if (stop.aborted && !isStopped) {
      progress.end();
      out.note('Stopping, and waiting for the files. Ctrl-C again does not wait.');
      await dataOf(api.POST('/v1/tasks/{taskId}/stop', { params: { path: { taskId } } }));
      isStopped = true;
    }
    const { text, line } = statusOf(recording, seconds, task.reason?.text);
    progress.show(text, line);
    await pause(LOOK_MS, stop.aborted ? hurry : stop);
    try {
      seen = await look();
    } catch (error) {
      // It is recorded all the same.
      if (!(error instanceof UnreachableError)) throw error;
      progress.show(`${text}  (the API does not answer)`, 'The API does not answer; trying again');
    }
  }
};
