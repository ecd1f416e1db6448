import { CreateTopicCommand, type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import * as z from 'zod';
import type { Resource } from '../template/load.ts';
import { LOCAL_ACCOUNT, type Physical, type Resolver } from '../template/resolve.ts';
import { LOCAL_REGION } from './credentials.ts';
import { physicalName } from './names.ts';

const subscriptionSchema = z.object({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  RawMessageDelivery: z.boolean().optional(),
});

export const topicPhysical = (resource: Resource): Physical => {
  const name = physicalName(resource, resource.properties.TopicName);
  const arn = `arn:aws:sns:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}`;
  return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
};

export const createTopic = async (client: SNSClient, physical: Physical): Promise<void> => {
  await client.send(new CreateTopicCommand({ Name: physical.attributes.TopicName }));
};

/** Sends what is published on a topic to a queue, the message alone without the SNS envelope. */
export const subscribeQueue = async (
  client: SNSClient,
  topicArn: string,
  queueArn: string,
): Promise<void> => {
  await client.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: queueArn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
};

/** A subscription of the template's own; only those to queues can be played. */
export const createSubscription = async (
  client: SNSClient,
  resolver: Resolver,
  resource: Resource,
): Promise<void> => {
  const { RawMessageDelivery = false, ...subscription } = resolver.properties(resource, subscriptionSchema);
  if (subscription.Protocol !== 'sqs') return;
  await client.send(
    new SubscribeCommand({ ...subscription, Attributes: { RawMessageDelivery: String(RawMessageDelivery) } }),
  );
};
