import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Bucket } from '../../../shared/schemas/storage.ts';
import type { ObjectStore } from '../../../shared/storage/object-store.ts';
import { describeTask, urlOf } from './document.ts';
import type { Begun, Performer, Task } from './performer.ts';
import { absenceOf, refusedBy } from './service-errors.ts';

export interface LambdaPorts {
  /** A function may be in another region than we are. */
  clientOf(region: string): Pick<LambdaClient, 'send'>;
  storeOf(bucket: Bucket): Pick<ObjectStore, 'presign'>;
  /** Where the API is reached, without the version. */
  readonly apiUrl: string;
  readonly environment: NodeJS.ProcessEnv;
}

const regionOf = (arn: string): string => arn.split(':')[3] ?? '';

const resultUrlOf = (apiUrl: string, { name }: Task<'lambda'>): string => {
  const [recordId, runId, step] = [name.recordId, name.runId, name.step].map(encodeURIComponent);
  return `${apiUrl.replace(/\/$/, '')}/v1/recordings/${recordId}/post-processing/${runId}/steps/${step}/result`;
};

/**
 * Functions of the team's. They are invoked asynchronously, and answer by the API: the one who works may be something
 * that the function has started. Lambda itself may invoke a function twice for one event, and so may we.
 */
export const createLambdaPerformer = (ports: LambdaPorts): Performer<'lambda'> => ({
  begin: async (task): Promise<Begun> => {
    const absence = absenceOf('LAMBDA', ports.environment);
    if (absence !== undefined) return absence;
    const { step, token, inputs } = task;
    const { functionArn } = step.step;
    const document = describeTask(task);
    const urls = await Promise.all(inputs.map((input) => urlOf(ports.storeOf, input)));
    const payload = {
      ...document,
      inputs: document.inputs.map((input, index) => ({ ...input, url: urls[index] ?? null })),
      result: { url: resultUrlOf(ports.apiUrl, task), token, until: step.remote?.until },
    };
    const command = new InvokeCommand({
      FunctionName: functionArn,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(payload)),
    });
    try {
      await ports.clientOf(regionOf(functionArn)).send(command);
      return { type: 'begun' };
    } catch (error) {
      return refusedBy(error);
    }
  },
});
