import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, vi } from 'vitest';
import { type RecordJob, recordJobSchema } from '../../shared/events/record-jobs.ts';
import { silentLog } from '../recorder.fixture.ts';
import { delayAfter, takeJobs } from './jobs.ts';

/** A queue that gives each batch once, and then waits until it is aborted. */
const run = async (
  batches: readonly (readonly string[] | Error)[],
  take: (job: RecordJob) => Promise<'taken' | 'refused'>,
  free = 20,
) => {
  const stop = new AbortController();
  const [received, deleted]: [number[], (string | undefined)[]] = [[], []];
  const offered: SendMessageCommand['input'][] = [];
  const left = [...batches];
  const log = silentLog();
  const send = async (command: unknown, options?: { abortSignal: AbortSignal }) => {
    if (command instanceof DeleteMessageCommand) return void deleted.push(command.input.ReceiptHandle);
    if (command instanceof SendMessageCommand) return void offered.push(command.input);
    if (!(command instanceof ReceiveMessageCommand)) throw new Error('an unexpected command');
    received.push(command.input.MaxNumberOfMessages ?? 0);
    const batch = left.shift();
    if (batch instanceof Error) throw batch;
    if (batch !== undefined)
      return { Messages: batch.map((Body, index) => ({ Body, ReceiptHandle: `r${index}` })) };
    queueMicrotask(() => stop.abort());
    return new Promise((_, reject) =>
      options?.abortSignal.addEventListener('abort', () => reject(new Error('aborted'))),
    );
  };
  await takeJobs({
    sqs: { send } as unknown as SQSClient,
    queueUrl: 'http://127.0.0.1/queue',
    schema: recordJobSchema,
    log,
    signal: stop.signal,
    freeSlots: async () => free,
    take,
  });
  return { received, deleted, offered, log };
};

const job = (recordId: string) => JSON.stringify({ recordId, epoch: 1 });

describe('Taking jobs', () => {
  it('takes each job and deletes its message', async () => {
    const take = vi.fn(async () => 'taken' as const);
    const { deleted } = await run([[job('a'), job('b')], [job('c')]], take);
    expect(take.mock.calls).toEqual([
      [{ recordId: 'a', epoch: 1 }],
      [{ recordId: 'b', epoch: 1 }],
      [{ recordId: 'c', epoch: 1 }],
    ]);
    expect(deleted).toEqual(['r0', 'r1', 'r0']);
  });

  it('offers what is too much for it to others, later and later, as a new message', async () => {
    const again = JSON.stringify({ recordId: 'b', epoch: 1, refusals: 3 });
    const { deleted, offered } = await run([[job('a'), again]], async () => 'refused');
    expect(deleted.sort()).toEqual(['r0', 'r1']);
    expect(offered).toEqual([
      {
        QueueUrl: 'http://127.0.0.1/queue',
        MessageBody: '{"recordId":"a","epoch":1,"refusals":1}',
        DelaySeconds: 0,
      },
      expect.objectContaining({ MessageBody: '{"recordId":"b","epoch":1,"refusals":4}', DelaySeconds: 4 }),
    ]);
    expect([1, 2, 3, 4, 5, 50].map(delayAfter)).toEqual([0, 1, 2, 4, 8, 8]);
  });

  it.each([
    [3, 3],
    [25, 10],
  ])('with %d free slots asks for %d messages at most', async (free, asked) => {
    expect((await run([], async () => 'taken', free)).received).toEqual([asked]);
  });

  it('leaves what is no job for the dead-letter queue', async () => {
    const take = vi.fn(async () => 'taken' as const);
    const { deleted, log } = await run([['not json', '{"recordId":1}', job('a')]], take);
    expect(take).toHaveBeenCalledTimes(1);
    expect(deleted).toEqual(['r2']);
    expect(log.error).toHaveBeenCalledTimes(2);
  });

  it('keeps the message of a job that could not be taken, and goes on', async () => {
    const take = vi.fn(async ({ recordId }: RecordJob) => {
      if (recordId === 'bad') throw new Error('the table is away');
      return 'taken' as const;
    });
    const { deleted, log, received } = await run([[job('bad')], [job('good')]], take);
    expect(deleted).toEqual(['r0']);
    expect(take).toHaveBeenCalledTimes(2);
    expect(log.error).toHaveBeenCalledTimes(1);
    expect(received).toHaveLength(3);
  });

  it('goes on after the queue was away', async () => {
    const take = vi.fn(async () => 'taken' as const);
    const { log } = await run([new Error('ECONNREFUSED'), [job('a')]], take);
    expect(take).toHaveBeenCalledTimes(1);
    expect(log.error).toHaveBeenCalledTimes(1);
  });
});
