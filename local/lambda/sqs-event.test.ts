import { describe, expect, it } from 'vitest';
import { doneMessages, sqsEvent } from './sqs-event.ts';

const messages = ['a', 'b', 'c'].map((id) => ({ MessageId: id, ReceiptHandle: `r-${id}`, Body: '{}' }));
const ok = (value: unknown) => ({ type: 'ok', value }) as const;
const ids = (done: ReturnType<typeof doneMessages>) => done.map((message) => message.MessageId).join('');

describe('Messages that a batch has done', () => {
  it.each([
    ['all when none failed', ok({ batchItemFailures: [] }), 'abc'],
    ['all when nothing was returned', ok(null), 'abc'],
    ['those that were not named as failed', ok({ batchItemFailures: [{ itemIdentifier: 'b' }] }), 'ac'],
    ['none when the invocation failed', { type: 'error', error: { name: 'E', message: 'm' } } as const, ''],
    ['none when it took too long', { type: 'timeout' } as const, ''],
    ['none when an unknown message is named', ok({ batchItemFailures: [{ itemIdentifier: 'x' }] }), ''],
    ['none when the response is malformed', ok({ batchItemFailures: [{ itemIdentifier: 1 }] }), ''],
  ])('are %s', (_, result, expected) => {
    expect(ids(doneMessages(messages, result, true))).toBe(expected);
  });

  it('are all of them when partial responses were not asked for', () => {
    expect(ids(doneMessages(messages, ok({ batchItemFailures: [{ itemIdentifier: 'b' }] }), false))).toBe(
      'abc',
    );
  });
});

describe('The event of a batch', () => {
  it('carries body, attributes and source', () => {
    const message = {
      MessageId: 'a',
      ReceiptHandle: 'r',
      Body: 'hello',
      MD5OfBody: 'x',
      Attributes: { MessageGroupId: 'g' },
      MessageAttributes: { Colour: { DataType: 'String', StringValue: 'blue' } },
    };
    expect(sqsEvent([message], 'arn:q', 'us-east-1').Records[0]).toEqual({
      messageId: 'a',
      receiptHandle: 'r',
      body: 'hello',
      attributes: { MessageGroupId: 'g' },
      messageAttributes: {
        Colour: { stringValue: 'blue', stringListValues: [], binaryListValues: [], dataType: 'String' },
      },
      md5OfBody: 'x',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:q',
      awsRegion: 'us-east-1',
    });
  });
});
