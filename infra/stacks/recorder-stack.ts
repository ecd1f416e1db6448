import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/constants.ts';
import { RecorderNetwork } from '../constructs/recorder-network.ts';
import { RecorderService } from '../constructs/recorder-service.ts';
import { RecordingBuckets } from '../constructs/recording-buckets.ts';
import { WorkerService } from '../constructs/worker-service.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data-stack.ts';

export interface RecorderStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
}

/** The pool of recorders and that of workers, and what they may do. */
export class RecorderStack extends Stack {
  constructor(scope: Construct, id: string, props: RecorderStackProps) {
    super(scope, id, props);
    const { settings, data } = props;
    const { recordJobs, recordingEvents, completion, steps, remoteSteps, uploadRetry, spool } = data;

    const network = new RecorderNetwork(this, 'Network');
    const recorders = new RecorderService(this, 'Recorders', {
      vpc: network.vpc,
      securityGroup: network.securityGroup,
      slots: settings.recorderSlots,
      maxTasks: settings.maxRecorders,
      overflowGib: settings.overflowGib,
      environment: {
        [ENV.tableName]: data.table.table.tableName,
        [ENV.recordJobsQueueUrl]: recordJobs.queue.queueUrl,
        [ENV.recordingEventsQueueUrl]: recordingEvents.queue.queueUrl,
        [ENV.completionQueueUrl]: completion.queue.queueUrl,
        [ENV.uploadRetryQueueUrl]: uploadRetry.queue.queueUrl,
        [ENV.spoolBucket]: spool.bucketName,
        [ENV.sourceAllowedCidrs]: settings.sourceAllowedCidrs.join(','),
        [ENV.storageAllowedCidrs]: settings.storageAllowedCidrs.join(','),
        [ENV.recorderSlots]: String(settings.recorderSlots),
        [ENV.failoverSeconds]: String(settings.failoverSeconds),
      },
    });

    const role = recorders.taskDefinition.taskRole;
    // Claims, leases and journals.
    data.table.grantItems(role);
    recordJobs.queue.grantConsumeMessages(role);
    // A recorder that is told to stop hands its recordings over.
    recordJobs.queue.grantSendMessages(role);
    recordingEvents.queue.grantSendMessages(role);
    completion.queue.grantSendMessages(role);
    uploadRetry.queue.grantSendMessages(role);
    const buckets = new RecordingBuckets(this, 'Buckets', { spool, settings });
    buckets.grantMedia(role);

    const workers = new WorkerService(this, 'Workers', {
      cluster: recorders.cluster,
      securityGroup: network.securityGroup,
      maxTasks: settings.maxWorkers,
      queue: steps.queue,
      environment: {
        [ENV.tableName]: data.table.table.tableName,
        [ENV.stepsQueueUrl]: steps.queue.queueUrl,
        [ENV.remoteStepsQueueUrl]: remoteSteps.queue.queueUrl,
        [ENV.completionQueueUrl]: completion.queue.queueUrl,
        [ENV.spoolBucket]: spool.bucketName,
        [ENV.storageAllowedCidrs]: settings.storageAllowedCidrs.join(','),
      },
    });
    const workerRole = workers.taskDefinition.taskRole;
    // Claims, progress and what comes of steps.
    data.table.grantItems(workerRole);
    steps.queue.grantConsumeMessages(workerRole);
    // A step that has succeeded lets the turn of others come.
    steps.queue.grantSendMessages(workerRole);
    remoteSteps.queue.grantSendMessages(workerRole);
    completion.queue.grantSendMessages(workerRole);
    buckets.grantMedia(workerRole);
  }
}
