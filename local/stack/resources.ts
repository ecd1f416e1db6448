import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { bucketPhysical, createBucket } from '../services/buckets.ts';
import { LOCAL_REGION } from '../services/credentials.ts';
import { physicalName } from '../services/names.ts';
import { createQueue, queuePhysical } from '../services/queues.ts';
import { createTable, tablePhysical } from '../services/tables.ts';
import { createSubscription, createTopic, topicPhysical } from '../services/topics.ts';
import type { Assembly, Resource } from '../template/load.ts';
import {
  createResolver,
  LOCAL_ACCOUNT,
  type Physical,
  type Resolver,
  resourceKey,
} from '../template/resolve.ts';

/** Clients of the local services. */
export interface Clients {
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly table: DynamoDBClient;
  readonly s3: S3Client;
}

/** A synthesized app of which everything that holds state exists. */
export interface Stack {
  readonly assembly: Assembly;
  readonly resolver: Resolver;
  readonly ofType: (type: string) => readonly Resource[];
  readonly physical: (resource: Resource) => Physical;
}

const functionPhysical = (resource: Resource): Physical => {
  const name = physicalName(resource, resource.properties.FunctionName);
  return {
    ref: name,
    attributes: { Arn: `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${name}` },
  };
};

const logicalIdOnly = (resource: Resource): Physical => ({ ref: resource.logicalId, attributes: {} });

/** How each type of resource that is played locally is named. */
const namings: Readonly<Record<string, (resource: Resource, queueServer: string) => Physical>> = {
  'AWS::SQS::Queue': queuePhysical,
  'AWS::SNS::Topic': topicPhysical,
  'AWS::DynamoDB::Table': tablePhysical,
  'AWS::DynamoDB::GlobalTable': tablePhysical,
  'AWS::S3::Bucket': bucketPhysical,
  'AWS::Lambda::Function': functionPhysical,
  'AWS::ApiGatewayV2::Api': logicalIdOnly,
  'AWS::ApiGatewayV2::Integration': logicalIdOnly,
  'AWS::ECS::TaskDefinition': logicalIdOnly,
};

/** Makes the queues, topics, tables and buckets of the templates; what the data folder has already stays. */
export const createResources = async (
  assembly: Assembly,
  clients: Clients,
  queueServer: string,
): Promise<Stack> => {
  const all = new Map<string, Physical>();
  for (const resource of assembly.resources) {
    const naming = namings[resource.type];
    if (naming !== undefined)
      all.set(resourceKey(resource.stack, resource.logicalId), naming(resource, queueServer));
  }
  const resolver = createResolver(assembly.stacks, all, LOCAL_REGION);
  const ofType = (type: string): readonly Resource[] =>
    assembly.resources.filter((resource) => resource.type === type);
  const physical = ({ stack, logicalId }: Resource): Physical => {
    const found = all.get(resourceKey(stack, logicalId));
    if (found === undefined) throw new Error(`${logicalId} of ${stack} does not run locally`);
    return found;
  };

  const queues = ofType('AWS::SQS::Queue');
  const tables = [...ofType('AWS::DynamoDB::Table'), ...ofType('AWS::DynamoDB::GlobalTable')];
  await Promise.all([
    ...queues.map((queue) => createQueue(clients.sqs, resolver, queue, physical(queue))),
    ...ofType('AWS::SNS::Topic').map((topic) => createTopic(clients.sns, physical(topic))),
    ...tables.map((table) => createTable(clients.table, resolver, table, physical(table))),
    ...ofType('AWS::S3::Bucket').map((bucket) => createBucket(clients.s3, physical(bucket).ref)),
  ]);
  await Promise.all(
    ofType('AWS::SNS::Subscription').map((resource) => createSubscription(clients.sns, resolver, resource)),
  );
  return { assembly, resolver, ofType, physical };
};
