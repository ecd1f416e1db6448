import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startQueueServer } from '../../local/services/queue-server.ts';
import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import { createRecordingEvents } from '../../shared/recordings/event-queue.ts';
import { createWorkQueues } from '../../shared/recordings/queues.ts';

/** What Streamkeep relies on, of whatever answers at the standard environment variables. */
let sqs: SQSClient;
let stop: () => Promise<void>;
const queues: string[] = [];

beforeAll(async () => {
  const endpoint = process.env.AWS_ENDPOINT_URL_SQS ?? process.env.AWS_ENDPOINT_URL;
  if (endpoint !== undefined) {
    // Emulators name queues by hosts that only they can resolve.
    sqs = new SQSClient({ endpoint, useQueueUrlAsEndpoint: false });
    stop = async () => undefined;
    return;
  }
  const server = await startQueueServer();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials });
  stop = () => server.close();
});

afterAll(async () => {
  for (const QueueUrl of queues) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  sqs.destroy();
  await stop();
});

const create = async (suffix: string, Attributes: Record<string, string> = {}): Promise<string> => {
  const QueueName = `test-${randomUUID()}${suffix}`;
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  queues.push(QueueUrl);
  return QueueUrl;
};

const receive = async (QueueUrl: string, MaxNumberOfMessages = 10) => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages, WaitTimeSeconds: 2 }),
  );
  return Messages.map(({ Body = '', ReceiptHandle }) => ({ body: JSON.parse(Body), ReceiptHandle }));
};

const eventOf = (recordId: string, fileId: string): RecordingEvent => ({
  type: 'file.closed',
  recordId,
  epoch: 1,
  capture: 1,
  fileId,
  at: '2026-11-22T10:00:00.000Z',
});

describe('The recording events', () => {
  it('arrive in the order of their recording, and one recording does not hold up another', async () => {
    const QueueUrl = await create('.fifo', { FifoQueue: 'true' });
    const send = createRecordingEvents(sqs, QueueUrl);
    for (const fileId of ['1', '2', '3']) await send(eventOf('rec_a', fileId));
    await send(eventOf('rec_b', '1'));
    const seen: Record<string, string[]> = {};
    for (let polls = 0; polls < 8 && Object.values(seen).flat().length < 4; polls += 1) {
      for (const { body, ReceiptHandle } of await receive(QueueUrl)) {
        seen[body.recordId] = [...(seen[body.recordId] ?? []), body.fileId];
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
    expect(seen).toEqual({ rec_a: ['1', '2', '3'], rec_b: ['1'] });
  });

  it('of the same content are both delivered: consumers, not the queue, tell repeats apart', async () => {
    const QueueUrl = await create('.fifo', { FifoQueue: 'true' });
    const send = createRecordingEvents(sqs, QueueUrl);
    await send(eventOf('rec_a', '1'));
    await send(eventOf('rec_a', '1'));
    let count = 0;
    for (let polls = 0; polls < 4 && count < 2; polls += 1) {
      for (const { ReceiptHandle } of await receive(QueueUrl)) {
        count += 1;
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
    expect(count).toBe(2);
  });
});

describe('A record job', () => {
  it('that nobody finishes comes again, and then goes to the dead-letter queue', async () => {
    const dead = await create('');
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
    );
    const jobs = await create('', {
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 2 }),
    });
    const work = createWorkQueues(sqs, {
      recordJobsQueueUrl: jobs,
      completionQueueUrl: jobs,
      uploadRetryQueueUrl: jobs,
    });
    await work.recordJob({ recordId: 'rec_a', epoch: 0 });
    const bodies = [];
    for (let polls = 0; polls < 3; polls += 1)
      bodies.push(...(await receive(jobs, 1)).map(({ body }) => body));
    expect(bodies).toEqual([
      { recordId: 'rec_a', epoch: 0 },
      { recordId: 'rec_a', epoch: 0 },
    ]);
    expect((await receive(dead)).map(({ body }) => body)).toEqual([{ recordId: 'rec_a', epoch: 0 }]);
  });
});
