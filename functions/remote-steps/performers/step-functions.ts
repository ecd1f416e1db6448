import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { stepReason } from '../../../shared/post-processing/reasons.ts';
import { keptFiles, resultFilesSchema } from '../../../shared/post-processing/results.ts';
import { executionNameOf, type TryName } from '../../../shared/post-processing/tries.ts';
import { parseJson } from '../../common/parse-json.ts';
import { describeTask } from './document.ts';
import type { Job, Performer, Standing } from './performer.ts';
import { absenceOf, refusedBy } from './service-errors.ts';

/** An execution, as the service shows it, and as its events do. */
export interface Execution {
  readonly status: NonNullable<DescribeExecutionOutput['status']>;
  readonly output?: string | null | undefined;
  readonly error?: string | null | undefined;
  readonly cause?: string | null | undefined;
}

const LONGEST_CAUSE = 500;

// An output of another form is the team's own business.
const outputSchema = z.looseObject({ files: z.unknown() });

const succeeded = (output: string | null | undefined, bucket: string): Standing => {
  const result = outputSchema.safeParse(parseJson(output ?? 'null'));
  if (!result.success || result.data.files === undefined) return { type: 'succeeded', files: [] };
  const files = resultFilesSchema.safeParse(result.data.files);
  if (files.success) return { type: 'succeeded', files: keptFiles(files.data, bucket) };
  const detail = `files in the output: ${z.prettifyError(files.error).slice(0, LONGEST_CAUSE)}`;
  return { type: 'failed', reason: stepReason('result-invalid', detail), final: false };
};

/** How a step is whose execution is like that. Pure. @param bucket that its files are in, where the output does not say */
export const standingOf = ({ status, output, error, cause }: Execution, bucket: string): Standing => {
  switch (status) {
    case 'SUCCEEDED':
      return succeeded(output, bucket);
    case 'FAILED': {
      const detail = [error, cause]
        .filter((one) => one !== undefined && one !== null && one !== '')
        .join(': ');
      return {
        type: 'failed',
        reason: stepReason('told-failed', detail.slice(0, LONGEST_CAUSE)),
        final: false,
      };
    }
    case 'TIMED_OUT':
      return { type: 'failed', reason: stepReason('told-failed', 'The execution timed out.'), final: false };
    case 'ABORTED':
      return { type: 'failed', reason: stepReason('stopped-elsewhere'), final: true };
    default:
      return { type: 'underway' };
  }
};

/** Follows from the try, so that it need not be kept. */
export const executionArnOf = (stateMachineArn: string, name: TryName): string =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${executionNameOf(name)}`;

const arnOf = ({ step, name }: Job<'step-functions'>): string =>
  executionArnOf(step.step.stateMachineArn, name);

export interface StepFunctionsPorts {
  readonly client: Pick<SFNClient, 'send'>;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Standard state machines of the team's. An execution of a name is started once: started again with other input, or when
 * it is over, `StartExecution` says that it exists
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html).
 */
export const createStepFunctionsPerformer = ({
  client,
  environment,
}: StepFunctionsPorts): Performer<'step-functions'> => ({
  begin: async (task) => {
    const absence = absenceOf('SFN', environment);
    if (absence !== undefined) return absence;
    const { stateMachineArn } = task.step.step;
    const [name, input] = [executionNameOf(task.name), JSON.stringify(describeTask(task))];
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) return refusedBy(error);
    }
    return { type: 'begun' };
  },
  ask: async (job) => {
    try {
      const {
        status = 'RUNNING',
        output,
        error,
        cause,
      } = await client.send(new DescribeExecutionCommand({ executionArn: arnOf(job) }));
      return standingOf({ status, output, error, cause }, job.step.destination.bucket.bucket);
    } catch (error) {
      if (!(error instanceof ExecutionDoesNotExist)) throw error;
      return { type: 'failed', reason: stepReason('not-taken', 'There is no such execution.'), final: false };
    }
  },
  stop: async (job) => {
    const [error, cause] = ['Streamkeep.NotWanted', 'Nobody waits for the step any more.'];
    try {
      await client.send(new StopExecutionCommand({ executionArn: arnOf(job), error, cause }));
    } catch (failure) {
      if (!(failure instanceof ExecutionDoesNotExist)) throw failure;
    }
  },
});
