import type { Context, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createQueueHandler } from './queue-handler.ts';
import { createRecordedTelemetry } from './world.fixture.ts';

const schema = z.object({ name: z.string() });

const context = { awsRequestId: 'request' } as Context;

const batchOf = (...messages: { group?: string; body: string }[]): SQSEvent => ({
  Records: messages.map(({ group = 'g', body }, index) => ({
    messageId: `m${index}`,
    receiptHandle: '',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '0',
      MessageGroupId: group,
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  })),
});
const named = (name: string, group?: string) => ({
  body: JSON.stringify({ name }),
  ...(group === undefined ? {} : { group }),
});

const setUp = (fifo: boolean) => {
  const handled: string[] = [];
  const { telemetry, counted } = createRecordedTelemetry();
  const handler = createQueueHandler({
    schema,
    fifo,
    telemetry,
    handle: async ({ name }) => {
      if (name.startsWith('bad')) throw new Error('no');
      handled.push(name);
    },
  });
  const run = async (event: SQSEvent) =>
    (await handler(event, context)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { run, handled, counted };
};

describe('a batch of messages', () => {
  it('reports only those that failed', async () => {
    const { run, handled } = setUp(false);
    expect(await run(batchOf(named('a'), named('bad'), named('c')))).toEqual(['m1']);
    expect(handled).toEqual(['a', 'c']);
    expect(await run(batchOf(named('d')))).toEqual([]);
  });

  it('reports all when all failed, and does not throw', async () => {
    expect(await setUp(false).run(batchOf(named('bad'), named('bad2')))).toEqual(['m0', 'm1']);
    expect(await setUp(true).run(batchOf(named('bad')))).toEqual(['m0']);
  });

  it('holds back what is behind a failed message in its group, and nothing else', async () => {
    const { run, handled } = setUp(true);
    const batch = batchOf(named('a', 'x'), named('bad', 'x'), named('b', 'x'), named('c', 'y'));
    expect(await run(batch)).toEqual(['m1', 'm2']);
    expect(handled).toEqual(['a', 'c']);
  });

  it.each(['', '{', '[]', '{"name":1}', 'null'])(
    'fails a body that does not parse, and counts it: %j',
    async (body) => {
      const { run, handled, counted } = setUp(false);
      expect(await run(batchOf({ body }))).toEqual(['m0']);
      expect(handled).toEqual([]);
      expect(counted).toEqual(['MessagesInvalid']);
    },
  );
});
