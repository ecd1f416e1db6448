import type { SQSClient } from '@aws-sdk/client-sqs';
import { stepJobSchema } from '../../shared/post-processing/queue.ts';
import { takeJobs } from '../supervisor/jobs.ts';
import { claimStep, type StepPorts } from './run-step.ts';

export interface WorkerOptions extends StepPorts {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Steps that are done at once. */
  readonly slots: number;
  /** Told how many steps are being done, whenever that changes. */
  onBusy(count: number): void;
}

export interface Worker {
  /** Takes nothing more, and gives back what it has; resolves when nothing is left. */
  drain(): Promise<void>;
}

/** Takes steps from their queue, and does them. */
export const startWorker = (options: WorkerOptions): Worker => {
  const { slots, log } = options;
  const stop = new AbortController();
  const busy = new Set<Promise<void>>();
  let freed = Promise.withResolvers<void>();

  const begin = (work: (stop: AbortSignal) => Promise<void>): void => {
    const done = work(stop.signal)
      .catch((cause: unknown) => log.error('What came of a step could not be written down', { cause }))
      .finally(() => {
        busy.delete(done);
        options.onBusy(busy.size);
        freed.resolve();
        freed = Promise.withResolvers();
      });
    busy.add(done);
    options.onBusy(busy.size);
  };

  const taking = takeJobs({
    ...{ sqs: options.sqs, queueUrl: options.queueUrl, schema: stepJobSchema, log, signal: stop.signal },
    freeSlots: async () => {
      while (busy.size >= slots && !stop.signal.aborted) await freed.promise;
      return slots - busy.size;
    },
    take: async (job) => {
      const work = await claimStep(options, job);
      if (work !== undefined) begin(work);
      return 'taken';
    },
  });

  return {
    drain: async () => {
      stop.abort();
      freed.resolve();
      await taking;
      await Promise.all(busy);
    },
  };
};
