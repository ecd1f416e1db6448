import type { EventEmitter } from 'node:events';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { type Notice, noticeSchema } from '../shared/events/notices.ts';
import { subscribeQueue } from './services/topics.ts';
import type { Clients, Stack } from './stack/resources.ts';

export type NoticeEvents = EventEmitter<{ notice: [Notice] }>;

/** Of the run itself, beside the queues of the templates. */
const QUEUE = 'streamkeep-local-notices';

/** Subscribes to the templates' topics and emits every notice once it is published; `stop` ends that. */
export const followNotices = async (
  stack: Stack,
  { sqs, sns }: Clients,
  notices: NoticeEvents,
  onFault: (error: unknown) => void,
): Promise<{ stop(): Promise<void> }> => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  for (const topic of stack.ofType('AWS::SNS::Topic')) {
    await subscribeQueue(sns, stack.physical(topic).ref, Attributes?.QueueArn ?? '');
  }

  const stopping = new AbortController();
  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
        { abortSignal: stopping.signal },
      );
      for (const { Body = '' } of Messages) notices.emit('notice', noticeSchema.parse(JSON.parse(Body)));
      if (Messages.length === 0) continue;
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  const following = follow().catch((error: unknown) => {
    if (!stopping.signal.aborted) onFault(error);
  });
  return {
    async stop() {
      stopping.abort();
      await following;
    },
  };
};
