import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/constants.ts';
import { bundleFunctions } from '../bundle.ts';
import { PublicApi } from '../constructs/public-api.ts';
import { RecordingBuckets } from '../constructs/recording-buckets.ts';
import { StreamkeepFunction, type StreamkeepFunctionProps } from '../constructs/streamkeep-function.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data-stack.ts';

export interface ControlStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
}

/** The functions, what calls them, and what they may do; read it from top to bottom as the way of a stream. */
export class ControlStack extends Stack {
  constructor(scope: Construct, id: string, props: ControlStackProps) {
    super(scope, id, props);
    const { settings, data } = props;
    const { streamEvents, recordJobs, recordingEvents, completion, uploadRetry, notices, spool } = data;

    const buckets = new RecordingBuckets(this, 'Buckets', { spool, buckets: settings.recordingBuckets });
    const codeOf = bundleFunctions();
    /** A function that works on the table; `environment` is what it needs besides. */
    const create = (constructId: string, functionProps: Omit<StreamkeepFunctionProps, 'code'>) => {
      const created = new StreamkeepFunction(this, constructId, {
        ...functionProps,
        code: codeOf(functionProps.folder),
        environment: { [ENV.tableName]: data.table.table.tableName, ...functionProps.environment },
      });
      data.table.grantItems(created.function);
      return created;
    };

    const ingest = create('Ingest', {
      folder: 'ingest',
      // Ingest servers hold the publisher back until they have their answer, and give up after some seconds.
      timeout: Duration.seconds(5),
      memorySize: 1024,
      environment: { [ENV.streamEventsQueueUrl]: streamEvents.queue.queueUrl },
    });
    streamEvents.queue.grantSendMessages(ingest.function);

    const streams = create('Streams', {
      folder: 'streams',
      timeout: Duration.seconds(10),
      memorySize: 1024,
      environment: {
        [ENV.recordJobsQueueUrl]: recordJobs.queue.queueUrl,
        [ENV.completionQueueUrl]: completion.queue.queueUrl,
        [ENV.uploadRetryQueueUrl]: uploadRetry.queue.queueUrl,
      },
    });
    streams.consume(streamEvents, { batchSize: 10 });
    recordJobs.queue.grantSendMessages(streams.function);
    completion.queue.grantSendMessages(streams.function);
    uploadRetry.queue.grantSendMessages(streams.function);

    const recordings = create('Recordings', {
      folder: 'recordings',
      timeout: Duration.seconds(10),
      environment: {
        [ENV.recordJobsQueueUrl]: recordJobs.queue.queueUrl,
        [ENV.completionQueueUrl]: completion.queue.queueUrl,
        [ENV.uploadRetryQueueUrl]: uploadRetry.queue.queueUrl,
      },
    });
    recordings.consume(recordingEvents, { batchSize: 10 });
    recordJobs.queue.grantSendMessages(recordings.function);
    completion.queue.grantSendMessages(recordings.function);
    uploadRetry.queue.grantSendMessages(recordings.function);

    const complete = create('Completion', {
      folder: 'completion',
      timeout: Duration.minutes(1),
      environment: { [ENV.noticesTopicArn]: notices.topicArn },
    });
    complete.consume(completion, { batchSize: 10 });
    notices.grantPublish(complete.function);

    const retry = create('UploadRetry', {
      folder: 'upload-retry',
      timeout: Duration.minutes(15),
      environment: {
        [ENV.recordingEventsQueueUrl]: recordingEvents.queue.queueUrl,
        [ENV.spoolBucket]: spool.bucketName,
      },
    });
    // One file may take all of the time, and a region that comes back must not be met by everything at once.
    retry.consume(uploadRetry, { batchSize: 1, maxConcurrency: 20 });
    recordingEvents.queue.grantSendMessages(retry.function);
    buckets.grantMedia(retry.role);

    const sweeper = create('Sweeper', {
      folder: 'sweeper',
      timeout: Duration.seconds(50),
      environment: {
        [ENV.recordJobsQueueUrl]: recordJobs.queue.queueUrl,
        [ENV.completionQueueUrl]: completion.queue.queueUrl,
        [ENV.uploadRetryQueueUrl]: uploadRetry.queue.queueUrl,
      },
      // The next minute brings the next sweep, which finds what this one left.
      retryAttempts: 0,
    });
    new Rule(this, 'EveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweeper.function, { retryAttempts: 0 })],
    });
    recordJobs.queue.grantSendMessages(sweeper.function);
    completion.queue.grantSendMessages(sweeper.function);
    uploadRetry.queue.grantSendMessages(sweeper.function);

    const api = create('Api', {
      folder: 'api',
      // An HTTP API waits 30 s at most.
      timeout: Duration.seconds(29),
      memorySize: 1024,
      environment: { [ENV.recordJobsQueueUrl]: recordJobs.queue.queueUrl },
    });
    recordJobs.queue.grantSendMessages(api.function);
    // Checking a storage writes a probe to it, and a signed URL can do what its signer may.
    buckets.grantMedia(api.role);

    const { url } = new PublicApi(this, 'Http', { ingest: ingest.function, api: api.function });
    new CfnOutput(this, 'ApiUrl', { value: url });
  }
}
