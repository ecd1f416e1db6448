import { createHash, randomUUID } from 'node:crypto';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { giveBack, handOn, type Injection, readBody, startProxy, tie } from './proxy.ts';
import type { Random } from './random.ts';

/** What is done to messages that are sent from now on. */
export interface Distortion {
  /** Times that each is delivered. */
  readonly copies?: number;
  /** Each copy is held back for up to this long, so that they overtake one another. */
  readonly mostDelayMs?: number;
  /** Probability that a message is taken and never delivered. */
  readonly lost?: number;
  /** Only messages of queues with such a URL. */
  readonly queues?: RegExp;
}

export interface QueueProxy {
  readonly url: string;
  distort(distortion: Distortion): Injection;
  /** Empties every queue, what is held back here included. @returns how many messages that were */
  purge(client: SQSClient): Promise<number>;
  close(): Promise<void>;
}

const messageSchema = z.looseObject({
  MessageBody: z.string(),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
});
const sendSchema = messageSchema.extend({ QueueUrl: z.string() });
const batchSchema = z.object({
  QueueUrl: z.string(),
  Entries: z.array(messageSchema.extend({ Id: z.string() })),
});
type Message = z.infer<typeof messageSchema>;

const addressedSchema = z.looseObject({ QueueUrl: z.string() });

const SEND = 'AmazonSQS.SendMessage';
const SEND_BATCH = 'AmazonSQS.SendMessageBatch';

const receipt = ({ MessageBody }: Message) => ({
  MessageId: randomUUID(),
  MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
});

/** A repetition that a FIFO queue does not take for one: on AWS it would be a redelivery. */
const copyOf = (message: Message, number: number): Message =>
  number === 0 || message.MessageGroupId === undefined
    ? message
    : { ...message, MessageDeduplicationId: randomUUID() };

/** Stands before an SQS endpoint (and SNS, which passes) and distorts what is sent. */
export const startQueueProxy = async (
  target: string,
  random: Random,
  onFault: (error: unknown) => void,
): Promise<QueueProxy> => {
  let distortion: (Distortion & { strikes: number }) | undefined;
  const held = new Set<NodeJS.Timeout>();

  const deliver = async (message: Message & { QueueUrl: string }, headers: IncomingHttpHeaders) => {
    const response = await fetch(target, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': SEND,
        authorization: headers.authorization ?? '',
      },
      body: JSON.stringify(message),
    });
    if (!response.ok) throw new Error(`A message could not be delivered: ${await response.text()}`);
  };

  const send = (message: Message & { QueueUrl: string }, headers: IncomingHttpHeaders): void => {
    if (distortion === undefined) return;
    const { copies = 1, mostDelayMs = 0, lost = 0 } = distortion;
    distortion.strikes += 1;
    if (random.next() < lost) return;
    for (let number = 0; number < copies; number += 1) {
      const timer = setTimeout(() => {
        held.delete(timer);
        deliver({ ...copyOf(message, number), QueueUrl: message.QueueUrl }, headers).catch(onFault);
      }, random.next() * mostDelayMs);
      held.add(timer);
    }
  };

  const pass = (incoming: IncomingMessage, response: ServerResponse): ClientRequest => {
    const upstream = handOn(incoming, target);
    tie(upstream, response);
    upstream.on('response', (answer) => giveBack(answer, response));
    return upstream;
  };

  const distorted = async (incoming: IncomingMessage, response: ServerResponse, isBatch: boolean) => {
    const bytes = await readBody(incoming);
    const body: unknown = JSON.parse(bytes.toString());
    if (distortion?.queues?.test(addressedSchema.parse(body).QueueUrl) === false)
      return pass(incoming, response).end(bytes);
    const answer = (value: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(value));
    };
    if (!isBatch) {
      const message = sendSchema.parse(body);
      send(message, incoming.headers);
      return answer(receipt(message));
    }
    const { QueueUrl, Entries } = batchSchema.parse(body);
    for (const { Id: _, ...message } of Entries) send({ ...message, QueueUrl }, incoming.headers);
    answer({ Successful: Entries.map((entry) => ({ Id: entry.Id, ...receipt(entry) })), Failed: [] });
  };

  const proxy = await startProxy((incoming, response) => {
    const operation = incoming.headers['x-amz-target'];
    if (distortion !== undefined && (operation === SEND || operation === SEND_BATCH)) {
      distorted(incoming, response, operation === SEND_BATCH).catch((error: unknown) => {
        onFault(error);
        response.destroy();
      });
      return;
    }
    incoming.pipe(pass(incoming, response));
  });

  return {
    url: proxy.url,
    distort: (wanted) => {
      const mine = { ...wanted, strikes: 0 };
      distortion = mine;
      return {
        count: () => mine.strikes,
        stop: () => {
          if (distortion === mine) distortion = undefined;
        },
      };
    },
    purge: async (client) => {
      let purged = held.size;
      for (const timer of held) clearTimeout(timer);
      held.clear();
      const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
      for (const QueueUrl of QueueUrls) {
        const { Attributes = {} } = await client.send(
          new GetQueueAttributesCommand({
            QueueUrl,
            AttributeNames: [
              'ApproximateNumberOfMessages',
              'ApproximateNumberOfMessagesNotVisible',
              'ApproximateNumberOfMessagesDelayed',
            ],
          }),
        );
        purged += Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
        await client.send(new PurgeQueueCommand({ QueueUrl }));
      }
      return purged;
    },
    close: () => {
      for (const timer of held) clearTimeout(timer);
      return proxy.close();
    },
  };
};
