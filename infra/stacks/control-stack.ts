import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { ENV, OWED_EVENT_PREFIX } from '../../shared/constants.ts';
import { bundleFunctions } from '../bundle.ts';
import { PublicApi } from '../constructs/public-api.ts';
import { RecordingBuckets } from '../constructs/recording-buckets.ts';
import { StepServices } from '../constructs/step-services.ts';
import { StreamkeepFunction, type StreamkeepFunctionProps } from '../constructs/streamkeep-function.ts';
import type { Settings } from '../settings.ts';
import type { DataStack, QueueName } from './data-stack.ts';

export interface ControlStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
}

type FunctionProps = Omit<StreamkeepFunctionProps, 'code'> & {
  /**
   * Whether it changes nothing in the table.
   * @default false
   */
  readonly onlyReads?: boolean;
  /** The queues that it puts messages into. */
  readonly sendsTo?: readonly QueueName[];
};

/** Whatever changes a recording may have it recorded, closed and told of. */
const RECORDING_WORK = ['recordJobs', 'completion', 'uploadRetry'] as const satisfies readonly QueueName[];

/** Whatever moves a run of post-processing on may let the turn of any step come. */
const STEP_WORK = ['steps', 'remoteSteps'] as const satisfies readonly QueueName[];

/** The functions, what calls them, and what they may do; read it from top to bottom as the way of a stream. */
export class ControlStack extends Stack {
  constructor(scope: Construct, id: string, props: ControlStackProps) {
    super(scope, id, props);
    const { settings, data } = props;
    const { spool, notices } = data;
    const sourceCidrs = { [ENV.sourceAllowedCidrs]: settings.sourceAllowedCidrs.join(',') };
    const storageCidrs = { [ENV.storageAllowedCidrs]: settings.storageAllowedCidrs.join(',') };
    const callbackCidrs = { [ENV.callbackAllowedCidrs]: settings.callbackAllowedCidrs.join(',') };

    const allowedSteps = {
      [ENV.allowedFunctions]: settings.lambdaFunctions.join(','),
      [ENV.allowedStateMachines]: settings.stateMachines.join(','),
      [ENV.allowedJobTemplates]: settings.jobTemplates.join(','),
    };

    const buckets = new RecordingBuckets(this, 'Buckets', { spool, settings });
    const codeOf = bundleFunctions();
    /** A function that works on the table and puts messages into queues. */
    const create = (
      constructId: string,
      { onlyReads = false, sendsTo = [], ...functionProps }: FunctionProps,
    ) => {
      const urls = sendsTo.map((name) => [ENV[`${name}QueueUrl`], data[name].queue.queueUrl]);
      const created = new StreamkeepFunction(this, constructId, {
        ...functionProps,
        code: codeOf(functionProps.folder),
        environment: {
          [ENV.tableName]: data.table.table.tableName,
          ...Object.fromEntries(urls),
          ...functionProps.environment,
        },
      });
      if (onlyReads) data.table.grantReads(created.function);
      else data.table.grantItems(created.function);
      for (const name of sendsTo) data[name].queue.grantSendMessages(created.function);
      return created;
    };

    const ingest = create('Ingest', {
      folder: 'ingest',
      // Ingest servers hold the publisher back until they have their answer, and give up after some seconds.
      timeout: Duration.seconds(5),
      memorySize: 1024,
      onlyReads: true,
      sendsTo: ['streamEvents'],
    });
    data.table.grantPuts(ingest.function, OWED_EVENT_PREFIX);
    ingest.alarmOn(
      'CallbacksUnrecorded',
      'A publisher was let in, but its start could not be put down: nobody records it.',
      data.alarmAction,
    );
    new Rule(this, 'IvsStreams', {
      description: 'Channels of Amazon IVS in this account that go live or end.',
      eventPattern: { source: ['aws.ivs'], detailType: ['IVS Stream State Change'] },
      targets: [new LambdaFunction(ingest.function)],
    });

    const streams = create('Streams', {
      folder: 'streams',
      timeout: Duration.seconds(10),
      memorySize: 1024,
      sendsTo: RECORDING_WORK,
    });
    streams.consume(data.streamEvents, { batchSize: 10 });

    const tasks = create('Tasks', {
      folder: 'tasks',
      timeout: Duration.seconds(10),
      sendsTo: ['streamEvents', 'taskTimers'],
    });
    // They wait beside one another: many tasks begin at the same full hour.
    tasks.consume(data.taskTimers, { batchSize: 10 });

    const recordings = create('Recordings', {
      folder: 'recordings',
      timeout: Duration.seconds(10),
      sendsTo: [...RECORDING_WORK, 'streamEvents'],
    });
    recordings.consume(data.recordingEvents, { batchSize: 10 });

    const complete = create('Completion', {
      folder: 'completion',
      timeout: Duration.minutes(1),
      environment: { [ENV.noticesTopicArn]: notices.topicArn, ...storageCidrs },
      sendsTo: ['deliveries', ...STEP_WORK],
    });
    complete.consume(data.completion, { batchSize: 10 });
    notices.grantPublish(complete.function);
    buckets.grantManifests(complete.role);

    const callbacks = create('Callbacks', {
      folder: 'callbacks',
      // A target has 20 s to answer.
      timeout: Duration.seconds(40),
      environment: callbackCidrs,
      sendsTo: ['deliveries'],
    });
    callbacks.consume(data.deliveries, { batchSize: 10 });

    const retry = create('UploadRetry', {
      folder: 'upload-retry',
      timeout: Duration.minutes(15),
      // Parts of large files pass through it, several at once.
      memorySize: 1024,
      environment: { [ENV.spoolBucket]: spool.bucketName, ...storageCidrs },
      sendsTo: ['recordingEvents', 'completion', 'uploadRetry'],
    });
    // One file may take all of the time, and a region that comes back must not be met by everything at once.
    retry.consume(data.uploadRetry, { batchSize: 1, maxConcurrency: 20 });
    buckets.grantMedia(retry.role);

    const remoteSteps = create('RemoteSteps', {
      folder: 'remote-steps',
      timeout: Duration.seconds(30),
      environment: {
        [ENV.spoolBucket]: spool.bucketName,
        [ENV.deployment]: settings.deployment,
        ...storageCidrs,
        ...allowedSteps,
      },
      sendsTo: ['completion', ...STEP_WORK],
    });
    // MediaConvert takes few requests a second, and hundreds of files may be ready at once.
    remoteSteps.consume(data.remoteSteps, { batchSize: 10, maxConcurrency: 5 });
    buckets.grantReads(remoteSteps.role);
    const services = new StepServices(this, 'StepServices', { settings, buckets });
    services.grantUse(remoteSteps.role);
    remoteSteps.function.addEnvironment(ENV.mediaConvertRole, services.mediaConvertRoleArn);

    const deletions = create('Deletions', {
      folder: 'deletions',
      timeout: Duration.minutes(15),
      environment: { [ENV.spoolBucket]: spool.bucketName, ...storageCidrs },
      sendsTo: ['remoteSteps'],
    });
    // Thousands of objects each; nobody waits for them.
    deletions.consume(data.deletions, { batchSize: 1, maxConcurrency: 5 });
    buckets.grantDeletion(deletions.role);

    const sweeper = create('Sweeper', {
      folder: 'sweeper',
      timeout: Duration.seconds(50),
      environment: sourceCidrs,
      sendsTo: [
        ...RECORDING_WORK,
        'streamEvents',
        'recordingEvents',
        'taskTimers',
        'deliveries',
        'deletions',
        ...STEP_WORK,
      ],
      // The next minute brings the next sweep, which finds what this one left.
      retryAttempts: 0,
    });
    new Rule(this, 'EveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweeper.function, { retryAttempts: 0 })],
    });

    sweeper.alarmOn(
      'SweepsFailed',
      'A part of the sweep failed; what was forgotten there stays undone.',
      data.alarmAction,
    );

    const api = create('Api', {
      folder: 'api',
      // An HTTP API waits 30 s at most.
      timeout: Duration.seconds(29),
      memorySize: 1024,
      environment: {
        [ENV.spoolBucket]: spool.bucketName,
        ...callbackCidrs,
        ...storageCidrs,
        ...allowedSteps,
      },
      sendsTo: [...RECORDING_WORK, 'streamEvents', 'taskTimers', 'deliveries', 'deletions', ...STEP_WORK],
    });
    // Checking a storage writes a probe to it, and a signed URL can do what its signer may.
    buckets.grantMedia(api.role);

    const docs = new StreamkeepFunction(this, 'Docs', {
      folder: 'docs',
      code: codeOf('docs'),
      timeout: Duration.seconds(10),
    });

    const { url } = new PublicApi(this, 'Http', {
      ingest: ingest.function,
      docs: docs.function,
      api: api.function,
    });
    // Those who do a step answer there.
    remoteSteps.function.addEnvironment(ENV.apiUrl, url);
    new CfnOutput(this, 'ApiUrl', { value: url });
  }
}
