import type { SQSClient } from '@aws-sdk/client-sqs';
import { stepJobSchema } from '../../shared/post-processing/queue.ts';
import { takeJobs } from '../supervisor/jobs.ts';
import { claimStep, type StepPorts } from './run-step.ts';

export interface WorkerOptions extends StepPorts {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Told how many steps are being done, whenever that changes. */
  onBusy(count: number): void;
}

export interface Worker {
  /** Takes nothing more, and gives back what it has; resolves when nothing is left. */
  drain(): Promise<void>;
}

/** Takes steps from their queue, and does one at a time: what runs out of memory must not take another one with it. */
export const startWorker = (options: WorkerOptions): Worker => {
  const { log } = options;
  const stop = new AbortController();
  let current = Promise.resolve();

  const doing = async (work: (stop: AbortSignal) => Promise<void>): Promise<void> => {
    options.onBusy(1);
    await work(stop.signal).catch((cause: unknown) =>
      log.error('What came of a step could not be written down', { cause }),
    );
    options.onBusy(0);
  };

  const taking = takeJobs({
    ...{ sqs: options.sqs, queueUrl: options.queueUrl, schema: stepJobSchema, log, signal: stop.signal },
    freeSlots: async () => {
      await current;
      return 1;
    },
    take: async (job) => {
      const work = await claimStep(options, job);
      if (work !== undefined) current = doing(work);
      return 'taken';
    },
  });

  return {
    drain: async () => {
      stop.abort();
      await taking;
      await current;
    },
  };
};
