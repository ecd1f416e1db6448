import { isRemote } from '../../shared/post-processing/step-kinds.ts';
import type { TryName } from '../../shared/post-processing/tries.ts';
import type { Runs } from '../../shared/table/runs.ts';
import {
  type ExecutionEvent,
  type MediaConvertEvent,
  standingOfEvent,
  tryOfExecution,
  tryOfJob,
} from './events.ts';
import { type Execution, standingOf } from './performers/step-functions.ts';
import type { SeeTo } from './see-to.ts';

export interface EventPorts extends Pick<SeeTo, 'tell'> {
  readonly runs: Pick<Runs, 'get'>;
  /** All of an execution of which an event does not hold all. */
  describe(executionArn: string): Promise<Execution & { readonly input?: string | undefined }>;
}

/**
 * Takes in what AWS says of jobs and executions. Events may come twice, late and in any order: whatever is not about the
 * try that is waited for changes nothing.
 */
export const createOnEvent = ({ tell, runs, describe }: EventPorts) => {
  const onJob = async (event: MediaConvertEvent): Promise<void> => {
    const [name, standing] = [tryOfJob(event), standingOfEvent(event)];
    if (name === undefined || standing === undefined) return;
    const { jobId } = event.detail;
    await tell(name, standing.type === 'underway' ? { ...standing, jobId } : standing);
  };

  /** In the bucket that the step was told, unless its output says otherwise. */
  const bucketOf = async ({ recordId, runId, step: name }: TryName): Promise<string | undefined> => {
    const run = await runs.get(recordId, runId);
    const step = run?.steps.find((one) => one.step.name === name);
    return step !== undefined && isRemote(step.step) ? step.destination.bucket.bucket : undefined;
  };

  const onExecution = async ({ detail }: ExecutionEvent): Promise<void> => {
    const isWhole =
      typeof detail.input === 'string' &&
      (detail.status !== 'SUCCEEDED' || typeof detail.output === 'string');
    const execution = isWhole ? detail : await describe(detail.executionArn);
    const name = tryOfExecution(execution.input, detail.name);
    const bucket = name && (await bucketOf(name));
    if (name === undefined || bucket === undefined) return;
    const standing = standingOf(execution, bucket);
    if (standing.type !== 'underway') await tell(name, standing);
  };

  return (event: MediaConvertEvent | ExecutionEvent): Promise<void> =>
    event.source === 'aws.mediaconvert' ? onJob(event) : onExecution(event);
};
