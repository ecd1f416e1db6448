import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { CompletionJob } from '../events/notices.ts';
import type { RecordJob } from '../events/record-jobs.ts';
import type { UploadRetry } from '../events/upload-retries.ts';

/** The queues that a change of a recording may put work into. */
export interface WorkQueues {
  recordJob(job: RecordJob): Promise<void>;
  completion(job: CompletionJob): Promise<void>;
  uploadRetry(retry: UploadRetry): Promise<void>;
}

export interface WorkQueueUrls {
  readonly recordJobsQueueUrl: string;
  readonly completionQueueUrl: string;
  readonly uploadRetryQueueUrl: string;
}

export const createWorkQueues = (sqs: SQSClient, urls: WorkQueueUrls): WorkQueues => {
  const send = async (QueueUrl: string, body: unknown): Promise<void> => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
  };
  return {
    recordJob: (job) => send(urls.recordJobsQueueUrl, job),
    completion: (job) => send(urls.completionQueueUrl, job),
    uploadRetry: (retry) => send(urls.uploadRetryQueueUrl, retry),
  };
};
