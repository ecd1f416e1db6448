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

const send = async (sqs: SQSClient, QueueUrl: string, body: unknown): Promise<void> => {
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
};

/** The queue of whoever only has something to tell. */
export const createCompletionQueue = (sqs: SQSClient, url: string): Pick<WorkQueues, 'completion'> => ({
  completion: (job) => send(sqs, url, job),
});

/** The queues of whoever closes files and brings them home, and has nothing recorded. */
export const createFileQueues = (
  sqs: SQSClient,
  urls: Omit<WorkQueueUrls, 'recordJobsQueueUrl'>,
): Omit<WorkQueues, 'recordJob'> => ({
  completion: (job) => send(sqs, urls.completionQueueUrl, job),
  uploadRetry: (retry) => send(sqs, urls.uploadRetryQueueUrl, retry),
});

export const createWorkQueues = (sqs: SQSClient, urls: WorkQueueUrls): WorkQueues => ({
  ...createFileQueues(sqs, urls),
  recordJob: (job) => send(sqs, urls.recordJobsQueueUrl, job),
});
