import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesizeTemplates } from '../synthesized.fixture.ts';

const { data } = synthesizeTemplates();
const queues = resourcesOf(data, 'AWS::SQS::Queue');
const isDeadLetters = ([id]: [string, unknown]) => id.includes('DeadLetters');

describe('the table', () => {
  it('has its keys, three indexes that carry whole items, and expiry', () => {
    const index = (name: string, pk: string, sk: string) => ({
      IndexName: name,
      KeySchema: [
        { AttributeName: pk, KeyType: 'HASH' },
        { AttributeName: sk, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    });
    data.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        index('by-list', 'listPk', 'listSk'),
        index('by-work', 'workPk', 'workSk'),
        index('by-stream', 'streamPk', 'streamSk'),
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAtSeconds', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it('is protected and kept unless the deployment says otherwise', () => {
    data.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: Match.objectLike({ DeletionProtectionEnabled: true }),
    });
    synthesizeTemplates({ retainData: 'false' }).data.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: Match.objectLike({ DeletionProtectionEnabled: false }),
    });
  });
});

describe('the queues', () => {
  it('are ten, each with a dead-letter queue of its own that keeps messages for 14 days', () => {
    const sources = queues.filter((queue) => !isDeadLetters(queue));
    expect(sources.map(([, { Properties }]) => Properties.QueueName)).toEqual([
      'streamkeep-stream-events.fifo',
      'streamkeep-record-jobs',
      'streamkeep-recording-events.fifo',
      'streamkeep-completion',
      'streamkeep-upload-retry',
      'streamkeep-task-timers',
      'streamkeep-deliveries',
      'streamkeep-deletions',
      'streamkeep-steps',
      'streamkeep-remote-steps',
    ]);
    for (const [id, { Properties }] of sources) {
      const deadLetters = queues.find(
        ([other]) => isDeadLetters([other, {}]) && other.startsWith(id.slice(0, -13)),
      );
      expect(deadLetters?.[1].Properties).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 3600 });
      expect(Properties.RedrivePolicy).toEqual({
        deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters?.[0], 'Arn'] },
        maxReceiveCount: 5,
      });
    }
  });

  it('are FIFO where their name says so, with limits and deduplication per group and by explicit id', () => {
    for (const [, { Properties }] of queues.filter((queue) => !isDeadLetters(queue))) {
      const isFifo = String(Properties.QueueName).endsWith('.fifo');
      expect(Properties.FifoQueue).toBe(isFifo ? true : undefined);
      expect(Properties.FifoThroughputLimit).toBe(isFifo ? 'perMessageGroupId' : undefined);
      expect(Properties.DeduplicationScope).toBe(isFifo ? 'messageGroup' : undefined);
      expect(Properties.ContentBasedDeduplication ?? false).toBe(false);
    }
  });

  it('have dead-letter queues that are FIFO when they are', () => {
    for (const [, { Properties }] of queues.filter(isDeadLetters)) {
      expect(Properties.FifoQueue).toBe(String(Properties.QueueName).endsWith('.fifo') ? true : undefined);
    }
  });

  it('are encrypted and refuse plain HTTP', () => {
    const denied = resourcesOf(data, 'AWS::SQS::QueuePolicy').filter(([, { Properties }]) =>
      JSON.stringify(Properties).includes('"aws:SecureTransport":"false"'),
    );
    expect(denied).toHaveLength(queues.length);
    for (const [, { Properties }] of queues) expect(Properties.SqsManagedSseEnabled).toBe(true);
  });

  it('let a consumer wait for messages', () => {
    data.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'streamkeep-record-jobs',
      ReceiveMessageWaitTimeSeconds: 20,
      VisibilityTimeout: 60,
    });
  });

  it('raise an alarm for every dead-letter queue that is not empty', () => {
    const watched = resourcesOf(data, 'AWS::CloudWatch::Alarm')
      .filter(([, { Properties }]) => Properties.MetricName === 'ApproximateNumberOfMessagesVisible')
      .map(([, { Properties }]) => Properties.Dimensions);
    expect(watched).toHaveLength(10);
    for (const [id] of queues.filter(isDeadLetters)) {
      expect(watched).toContainEqual([{ Name: 'QueueName', Value: { 'Fn::GetAtt': [id, 'QueueName'] } }]);
    }
  });

  it('send alarms to the topic that the deployment names', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-west-1:111122223333:pager';
    const alarms = resourcesOf(synthesizeTemplates({ alarmTopicArn }).data, 'AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(0);
    for (const [, { Properties }] of alarms) expect(Properties.AlarmActions).toEqual([alarmTopicArn]);
  });

  it('carry the name of their deployment, so that one account can hold several', () => {
    const names = resourcesOf(synthesizeTemplates({ deployment: 'staging' }).data, 'AWS::SQS::Queue');
    for (const [, { Properties }] of names) expect(Properties.QueueName).toMatch(/^staging-/);
  });
});

describe('the spool bucket', () => {
  it('is private, encrypted, kept, and ends uploads that everybody has forgotten', () => {
    data.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: Match.anyValue(),
        LifecycleConfiguration: {
          Rules: [
            Match.objectLike({
              Status: 'Enabled',
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            }),
          ],
        },
      },
    });
  });

  it('refuses plain HTTP', () => {
    data.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 's3:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      }),
    });
  });
});

describe('the events of AWS', () => {
  it('are not asked for when steps may be handed over to nobody', () => {
    data.resourceCountIs('AWS::Events::Rule', 0);
  });

  it('come from state machines and jobs that the deployment allows, into the queue of those who wait for them', () => {
    const stateMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:review';
    const context = { stateMachines: stateMachineArn, jobTemplates: 'ladder' };
    const template = synthesizeTemplates(context).data;
    const Targets = [
      Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^RemoteStepsQueue'), 'Arn'] } }),
    ];
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [stateMachineArn],
          status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
      Targets,
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({
        source: ['aws.mediaconvert'],
        detail: Match.objectLike({ userMetadata: { streamkeep: ['streamkeep'] } }),
      }),
      Targets,
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { ArnEquals: { 'aws:SourceArn': Match.anyValue() } },
          }),
        ]),
      }),
    });
  });
});
