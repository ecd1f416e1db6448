import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { bundleFunctions } from '../bundle.ts';
import { StreamkeepFunction } from './streamkeep-function.ts';
import { WorkQueue } from './work-queue.ts';

describe('a function', () => {
  const connect = (timeout: Duration, visibilityTimeout: Duration) => {
    const stack = new Stack(new App(), 'Test');
    const queue = new WorkQueue(stack, 'Work', { queueName: 'work', visibilityTimeout });
    const code = Code.fromInline('export const handler = () => {};');
    const worker = new StreamkeepFunction(stack, 'Worker', {
      folder: 'worker',
      code,
      timeout,
      environment: {},
    });
    worker.consume(queue, { batchSize: 1 });
  };

  it('may consume a queue whose messages stay hidden for six times its timeout', () => {
    expect(() => connect(Duration.seconds(10), Duration.seconds(60))).not.toThrow();
  });

  it('may not consume a queue whose messages come back sooner', () => {
    expect(() => connect(Duration.seconds(10), Duration.seconds(59))).toThrow(
      "Worker may run for 10 s, so its queue's visibility timeout must be at least six times that; it is 59 s.",
    );
  });

  it('without a handler is refused by name', () => {
    expect(() => bundleFunctions()('no-such-function')).toThrow(
      'functions/no-such-function/handler.ts is missing',
    );
  });
});
