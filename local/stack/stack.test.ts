// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub is written like this
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startEventSource } from '../lambda/event-sources.ts';
import { LOCAL_REGION, makeCredentials } from '../services/credentials.ts';
import { startQueueServer } from '../services/queue-server.ts';
import { startS3Server } from '../services/s3-server.ts';
import { startTableServer } from '../services/table-server.ts';
import { createStopper } from '../stopper.ts';
import { loadAssembly } from '../template/load.ts';
import { containerServicesOf } from './containers.ts';
import { type Functions, playFunctions } from './functions.ts';
import { type Clients, createResources, type Stack } from './resources.ts';
import { eventSourcesOf, routesOf, schedulesOf } from './triggers.ts';

const DATA = {
  Resources: {
    Work: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'work.fifo',
        FifoQueue: true,
        VisibilityTimeout: 1,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 },
      },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true, KmsMasterKeyId: { Ref: 'NotPlayed' } } },
    Heard: { Type: 'AWS::SQS::Queue' },
    News: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'news' } },
    NewsToHeard: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: { Ref: 'News' },
        Protocol: 'sqs',
        Endpoint: { 'Fn::GetAtt': ['Heard', 'Arn'] },
        RawMessageDelivery: true,
      },
    },
    Items: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-sk',
            KeySchema: [{ AttributeName: 'sk', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
    },
    Spool: { Type: 'AWS::S3::Bucket' },
  },
  Outputs: { WorkArn: { Value: { 'Fn::GetAtt': ['Work', 'Arn'] }, Export: { Name: 'Data:WorkArn' } } },
};

const control = (journal: string) => ({
  Resources: {
    Worker: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'index.handler',
        Role: { Ref: 'NotPlayed' },
        Code: { S3Bucket: { 'Fn::Sub': 'assets-${AWS::AccountId}' }, S3Key: 'abc.zip' },
        Timeout: 5,
        Environment: { Variables: { JOURNAL: journal } },
      },
    },
    Feed: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::ImportValue': 'Data:WorkArn' },
        FunctionName: { Ref: 'Worker' },
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
    Door: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { IntegrationUri: { 'Fn::GetAtt': ['Worker', 'Arn'] } },
    },
    Way: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        RouteKey: 'ANY /v1/{proxy+}',
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Door' }]] },
      },
    },
    Clock: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ScheduleExpression: 'rate(1 minute)',
        Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Worker', 'Arn'] } }],
      },
    },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        ContainerDefinitions: [
          { Image: { Ref: 'NotPlayed' }, Environment: [{ Name: 'REGION', Value: { Ref: 'AWS::Region' } }] },
        ],
      },
    },
    Service: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: { Ref: 'Task' }, DesiredCount: 2 } },
  },
});

/** Notes each message; one that says `fail` is reported as failed. */
const CODE = `
import { appendFileSync } from 'node:fs';
export const handler = async ({ Records }) => {
  const failed = Records.filter(({ body }) => body === 'fail');
  for (const { body, attributes } of Records) {
    appendFileSync(process.env.JOURNAL, attributes.MessageGroupId + ' ' + body + '\\n');
  }
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
`;

const stopper = createStopper();
let journal: string;
let stack: Stack;
let clients: Clients;
let functions: Functions;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'streamkeep-stack-'));
  stopper.add(() => rm(folder, { recursive: true }));
  journal = join(folder, 'journal');
  const outdir = join(folder, 'cdk.out');
  await mkdir(join(outdir, 'asset.abc'), { recursive: true });
  const write = (name: string, content: unknown): Promise<void> =>
    writeFile(join(outdir, name), typeof content === 'string' ? content : JSON.stringify(content));
  const type = 'aws:cloudformation:stack';
  await write('manifest.json', {
    artifacts: {
      Data: { type, properties: { templateFile: 'Data.template.json' } },
      Control: { type, properties: { templateFile: 'Control.template.json' } },
    },
  });
  await write('Data.template.json', DATA);
  await write('Data.assets.json', {});
  await write('Control.template.json', control(journal));
  await write('Control.assets.json', {
    files: { abc: { source: { path: 'asset.abc' }, destinations: { here: { objectKey: 'abc.zip' } } } },
  });
  await write('asset.abc/index.mjs', CODE);

  const credentials = makeCredentials();
  const queues = await startQueueServer();
  stopper.add(() => queues.close());
  const table = await startTableServer(join(folder, 'table'));
  stopper.add(() => table.close());
  const s3 = await startS3Server({ dataDir: join(folder, 's3'), host: '127.0.0.1', port: 0, credentials });
  stopper.add(() => s3.close());
  const common = { region: LOCAL_REGION, credentials };
  clients = {
    sqs: new SQSClient({ ...common, endpoint: queues.url }),
    sns: new SNSClient({ ...common, endpoint: queues.url }),
    table: new DynamoDBClient({ ...common, endpoint: table.url }),
    s3: new S3Client({ ...common, endpoint: s3.url, forcePathStyle: true }),
  };
  const assembly = await loadAssembly(outdir);
  stack = await createResources(assembly, clients, queues.url);
  functions = playFunctions(stack, { env: {}, log: () => new PassThrough(), onFailure: () => {} });
  stopper.add(async () => {
    await Promise.all(functions.used().map((lambda) => lambda.close()));
  });
});
afterAll(() => stopper.stop());

const resource = (logicalId: string) => {
  const found = stack.assembly.resources.find((candidate) => candidate.logicalId === logicalId);
  if (found === undefined) throw new Error(logicalId);
  return stack.physical(found);
};

const send = (group: string, body: string, id = body) =>
  clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: resource('Work').ref,
      MessageBody: body,
      MessageGroupId: group,
      MessageDeduplicationId: `${group}-${id}`,
    }),
  );

const lines = async (): Promise<string[]> =>
  (await readFile(journal, 'utf8').catch(() => '')).split('\n').slice(0, -1);

describe('A synthesized app, played', () => {
  it('has its table with indexes and its bucket', async () => {
    const { Table } = await clients.table.send(
      new DescribeTableCommand({ TableName: resource('Items').ref }),
    );
    expect(Table?.GlobalSecondaryIndexes?.map((index) => index.IndexName)).toEqual(['by-sk']);
    await clients.s3.send(new HeadBucketCommand({ Bucket: resource('Spool').ref }));
  });

  it('can be made again on the same data', async () => {
    await createResources(stack.assembly, clients, new URL(resource('Work').ref).origin);
  });

  it('delivers what is published on its topic', async () => {
    await clients.sns.send(new PublishCommand({ TopicArn: resource('News').ref, Message: 'hello' }));
    const { Messages } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: resource('Heard').ref, WaitTimeSeconds: 5 }),
    );
    expect(Messages?.map((message) => message.Body)).toEqual(['hello']);
  });

  it('routes, schedules and containers come from the templates', () => {
    expect(routesOf(stack, functions)).toMatchObject([
      { routeKey: 'ANY /v1/{proxy+}', target: { name: 'Control-Worker' } },
    ]);
    expect(schedulesOf(stack, functions)).toMatchObject([
      { everyMs: 60_000, function: { name: 'Control-Worker' } },
    ]);
    expect(containerServicesOf(stack)).toEqual([
      { desiredCount: 2, entry: undefined, env: { REGION: 'us-east-1' } },
    ]);
  });

  it('feeds a function from its queue, in order within a group, and puts aside what keeps failing', async () => {
    const [source] = eventSourcesOf(stack, functions);
    if (source === undefined) throw new Error('no event source');
    const groups = Array.from({ length: 20 }, (_, index) => `g${index}`);
    const running = startEventSource(clients.sqs, source, (error) => expect.unreachable(String(error)));
    for (const body of ['1', '2', '3']) await Promise.all(groups.map((group) => send(group, body)));
    await send('bad', 'fail');
    await vi.waitFor(async () => expect(await lines()).toHaveLength(62), { timeout: 40_000 });
    const { Messages } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: resource('Dead').ref, WaitTimeSeconds: 5 }),
    );
    await running.stop();

    const seen = await lines();
    for (const group of groups) {
      expect(seen.filter((line) => line.startsWith(`${group} `))).toEqual([
        `${group} 1`,
        `${group} 2`,
        `${group} 3`,
      ]);
    }
    expect(Messages?.map((message) => message.Body)).toEqual(['fail']);
  });
});

describe('A long poll whose client has died', () => {
  it('gives its messages to the next one at once', async () => {
    const poll = new AbortController();
    const QueueUrl = resource('Heard').ref;
    const dying = clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: poll.signal,
    });
    // A round trip, so that the poll has reached the server, and another one, so that its end has.
    const roundTrip = () => clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl }));
    await roundTrip();
    poll.abort();
    await expect(dying).rejects.toThrow('abort');
    await roundTrip();
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'for the living' }));
    const { Messages } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 3 }));
    expect(Messages?.map((message) => message.Body)).toEqual(['for the living']);
  });
});
