import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { RemoteStepEvents } from '../constructs/remote-step-events.ts';
import { StreamkeepTable } from '../constructs/streamkeep-table.ts';
import { WorkQueue, type WorkQueueProps } from '../constructs/work-queue.ts';
import { acknowledge } from '../nag.ts';
import type { Settings } from '../settings.ts';

export interface DataStackProps extends StackProps {
  readonly settings: Settings;
}

/** The queues, by their names in this stack. */
export type QueueName =
  | 'streamEvents'
  | 'recordJobs'
  | 'recordingEvents'
  | 'completion'
  | 'uploadRetry'
  | 'taskTimers'
  | 'deliveries'
  | 'deletions'
  | 'steps'
  | 'remoteSteps';

/** Everything that outlives a process: queues carry work, the table holds obligations, the spool holds strays. */
export class DataStack extends Stack implements Readonly<Record<QueueName, WorkQueue>> {
  readonly table: StreamkeepTable;
  /** What ingest servers said; the group is the stream. */
  readonly streamEvents: WorkQueue;
  /** Recordings that want a recorder. */
  readonly recordJobs: WorkQueue;
  /** What recorders said; the group is the recording. */
  readonly recordingEvents: WorkQueue;
  /** What follows a recording: notices to deliver, files to post-process. */
  readonly completion: WorkQueue;
  /** Files to close, and objects to bring home, for recorders that are gone. */
  readonly uploadRetry: WorkQueue;
  /** Tasks that begin or end soon, each held back until then. */
  readonly taskTimers: WorkQueue;
  /** Callbacks to send, and to send again. */
  readonly deliveries: WorkQueue;
  /** Recordings to delete. */
  readonly deletions: WorkQueue;
  /** Steps of post-processing that want a worker. */
  readonly steps: WorkQueue;
  /** Steps to hand over to others, and what AWS says of them. */
  readonly remoteSteps: WorkQueue;
  readonly notices: Topic;
  /** Told of every alarm; undefined: nobody is. */
  readonly alarmAction: IAlarmAction | undefined;
  readonly spool: Bucket;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { settings } = props;

    this.table = new StreamkeepTable(this, 'Items', { retain: settings.retainData });

    this.alarmAction =
      settings.alarmTopicArn === undefined
        ? undefined
        : new SnsAction(Topic.fromTopicArn(this, 'AlarmTopic', settings.alarmTopicArn));
    const queue = (constructId: string, queueName: string, queueProps: Omit<WorkQueueProps, 'queueName'>) =>
      new WorkQueue(this, constructId, {
        queueName: `${settings.deployment}-${queueName}`,
        ...(this.alarmAction === undefined ? {} : { alarmAction: this.alarmAction }),
        ...queueProps,
      });
    // Each message that waits for long in one of these two is a stream that nobody records.
    const maxAge = Duration.minutes(1);
    this.streamEvents = queue('StreamEvents', 'stream-events', {
      fifo: true,
      visibilityTimeout: Duration.minutes(1),
      maxAge,
    });
    // A recorder deletes a job as soon as it has claimed the recording.
    this.recordJobs = queue('RecordJobs', 'record-jobs', { visibilityTimeout: Duration.minutes(1), maxAge });
    this.recordingEvents = queue('RecordingEvents', 'recording-events', {
      fifo: true,
      visibilityTimeout: Duration.minutes(1),
    });
    this.completion = queue('Completion', 'completion', { visibilityTimeout: Duration.minutes(6) });
    this.uploadRetry = queue('UploadRetry', 'upload-retry', { visibilityTimeout: Duration.minutes(90) });

    this.taskTimers = queue('TaskTimers', 'task-timers', { visibilityTimeout: Duration.minutes(1) });
    this.deliveries = queue('Deliveries', 'deliveries', { visibilityTimeout: Duration.minutes(4) });
    this.deletions = queue('Deletions', 'deletions', { visibilityTimeout: Duration.minutes(90) });

    // A worker deletes a job as soon as it has claimed the step.
    this.steps = queue('Steps', 'steps', { visibilityTimeout: Duration.minutes(1) });

    this.remoteSteps = queue('RemoteSteps', 'remote-steps', { visibilityTimeout: Duration.minutes(3) });
    new RemoteStepEvents(this, 'RemoteStepEvents', { queue: this.remoteSteps.queue, settings });

    this.notices = new Topic(this, 'Notices', {
      topicName: `${settings.deployment}-notices`,
      enforceSSL: true,
    });

    this.spool = new Bucket(this, 'Spool', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // No file is open for longer than 12 hours: what is still open after a week has been forgotten by everybody.
      lifecycleRules: [
        { id: 'abort-forgotten-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      // Never emptied by the stack: it may hold the only copy of a recording.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      this.spool,
      'Holds strays only until they are brought home, and is read by this deployment alone; access logs would cost a request and an object for every part written.',
      'AwsSolutions-S1',
    );

    new CfnOutput(this, 'TableName', { value: this.table.table.tableName });
    new CfnOutput(this, 'StreamEventsQueueUrl', { value: this.streamEvents.queue.queueUrl });
    new CfnOutput(this, 'RecordJobsQueueUrl', { value: this.recordJobs.queue.queueUrl });
    new CfnOutput(this, 'RecordingEventsQueueUrl', { value: this.recordingEvents.queue.queueUrl });
    new CfnOutput(this, 'CompletionQueueUrl', { value: this.completion.queue.queueUrl });
    new CfnOutput(this, 'UploadRetryQueueUrl', { value: this.uploadRetry.queue.queueUrl });
    new CfnOutput(this, 'TaskTimersQueueUrl', { value: this.taskTimers.queue.queueUrl });
    new CfnOutput(this, 'DeliveriesQueueUrl', { value: this.deliveries.queue.queueUrl });
    new CfnOutput(this, 'DeletionsQueueUrl', { value: this.deletions.queue.queueUrl });
    new CfnOutput(this, 'StepsQueueUrl', { value: this.steps.queue.queueUrl });
    new CfnOutput(this, 'RemoteStepsQueueUrl', { value: this.remoteSteps.queue.queueUrl });
    new CfnOutput(this, 'NoticesTopicArn', { value: this.notices.topicArn });
    new CfnOutput(this, 'SpoolBucketName', { value: this.spool.bucketName });
  }
}
