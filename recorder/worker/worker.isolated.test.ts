import type { SQSClient } from '@aws-sdk/client-sqs';
import { expect, it, vi } from 'vitest';
import { silentLog } from '../recorder.fixture.ts';
import { startWorker, type WorkerOptions } from './worker.ts';

const claimed = vi.hoisted(() => [] as { step: string; end: () => void; isStopped: () => boolean }[]);
vi.mock('./run-step.ts', () => ({
  claimStep: async (_: unknown, { step }: { step: string }) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let isStopped = false;
    claimed.push({ step, end: resolve, isStopped: () => isStopped });
    return (stop: AbortSignal) => {
      stop.addEventListener('abort', () => {
        isStopped = true;
        resolve();
      });
      return promise;
    };
  },
}));

it('A worker does one step at a time, and gives the one that it has back when it is told to leave', async () => {
  const waiting = ['a', 'b', 'c'];
  const busy: number[] = [];
  const receive = ({ MaxNumberOfMessages: most }: { MaxNumberOfMessages: number }, stop: AbortSignal) =>
    waiting.length > 0
      ? Promise.resolve({
          Messages: waiting.splice(0, most).map((step) => ({
            Body: JSON.stringify({ recordId: 'rec_1', runId: 'run_1', step, attempt: 0 }),
            ReceiptHandle: step,
          })),
        })
      : new Promise((_, reject) => stop.addEventListener('abort', reject));
  const send = async (command: { input: never; constructor: { name: string } }, options: never) =>
    command.constructor.name === 'ReceiveMessageCommand'
      ? receive(command.input, (options as { abortSignal: AbortSignal }).abortSignal)
      : {};
  const options = {
    ...{ sqs: { send } as unknown as SQSClient, queueUrl: 'http://q', log: silentLog() },
    onBusy: (count: number) => void busy.push(count),
  };
  const worker = startWorker(options as unknown as WorkerOptions);
  await vi.waitFor(() => expect(busy).toEqual([1]));
  expect([waiting, claimed.map(({ step }) => step)]).toEqual([['b', 'c'], ['a']]);
  claimed[0]?.end();
  await vi.waitFor(() => expect(busy).toEqual([1, 0, 1]));
  expect([waiting, claimed.map(({ step }) => step)]).toEqual([['c'], ['a', 'b']]);
  await worker.drain();
  expect(claimed[1]?.isStopped()).toBe(true);
  expect([waiting, busy]).toEqual([['c'], [1, 0, 1, 0]]);
});
