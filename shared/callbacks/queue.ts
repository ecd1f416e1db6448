import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Delivery } from '../schemas/callback.ts';

/** Body of the `deliveries` queue: try this delivery; void when another number of tries has been begun. */
export const deliveryJobSchema = z.object({ deliveryId: z.string(), tries: z.number().int() });
export type DeliveryJob = z.infer<typeof deliveryJobSchema>;

export const jobOf = ({ deliveryId, tries }: Pick<Delivery, 'deliveryId' | 'tries'>): DeliveryJob => ({
  deliveryId,
  tries,
});

/** Longest time that SQS holds a message back. */
export const MOST_DELAY_SECONDS = 900;
/** Most messages of one request. */
const BATCH = 10;

export interface DeliveryQueue {
  /** @throws Error when not all of them were taken */
  send(jobs: readonly DeliveryJob[], delaySeconds?: number): Promise<void>;
}

export const createDeliveryQueue = (sqs: SQSClient, QueueUrl: string): DeliveryQueue => ({
  async send(jobs, delaySeconds = 0) {
    const DelaySeconds = Math.min(MOST_DELAY_SECONDS, Math.ceil(delaySeconds));
    for (let from = 0; from < jobs.length; from += BATCH) {
      const Entries = jobs
        .slice(from, from + BATCH)
        .map((job, index) => ({ Id: String(index), MessageBody: JSON.stringify(job), DelaySeconds }));
      const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      if (Failed.length > 0) throw new Error(`The queue did not take ${Failed.length} messages`);
    }
  },
});
