import { CreateQueueCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Resource } from '../template/load.ts';
import { LOCAL_ACCOUNT, type Physical, type Resolver } from '../template/resolve.ts';
import { LOCAL_REGION } from './credentials.ts';
import { physicalName } from './names.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).optional();

const queueSchema = z.object({
  QueueName: z.string().optional(),
  FifoQueue: scalar,
  ContentBasedDeduplication: scalar,
  DeduplicationScope: scalar,
  FifoThroughputLimit: scalar,
  VisibilityTimeout: scalar,
  DelaySeconds: scalar,
  MessageRetentionPeriod: scalar,
  ReceiveMessageWaitTimeSeconds: scalar,
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() }).optional(),
});

/** A queue's name, needed before it exists: redrive policies name other queues by ARN. */
export const queuePhysical = (resource: Resource, server: string): Physical => {
  const given = resource.properties.QueueName;
  const suffix = typeof given !== 'string' && String(resource.properties.FifoQueue) === 'true' ? '.fifo' : '';
  const name = `${physicalName(resource, given)}${suffix}`;
  return {
    ref: `${server}/${LOCAL_ACCOUNT}/${name}`,
    attributes: {
      Arn: `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}`,
      QueueName: name,
      QueueUrl: `${server}/${LOCAL_ACCOUNT}/${name}`,
    },
  };
};

/** Makes a queue as its template says. */
export const createQueue = async (
  client: SQSClient,
  resolver: Resolver,
  resource: Resource,
  physical: Physical,
): Promise<void> => {
  const { QueueName: _, RedrivePolicy, ...properties } = resolver.properties(resource, queueSchema);
  const Attributes: Partial<Record<QueueAttributeName, string>> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) Attributes[name as QueueAttributeName] = String(value);
  }
  if (RedrivePolicy !== undefined) Attributes.RedrivePolicy = JSON.stringify(RedrivePolicy);
  await client.send(new CreateQueueCommand({ QueueName: physical.attributes.QueueName, Attributes }));
};
