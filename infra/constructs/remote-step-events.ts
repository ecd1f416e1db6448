import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { JOB_OWNER } from '../../shared/constants.ts';
import type { Settings } from '../settings.ts';

export interface RemoteStepEventsProps {
  /** Takes the events. What fails there goes to its dead-letter queue, like everything else. */
  readonly queue: Queue;
  readonly settings: Pick<Settings, 'deployment' | 'stateMachines' | 'jobTemplates'>;
}

/**
 * What AWS says of steps that it was handed over. Beside the queue, whose policy names the rules. EventBridge is not asked
 * for what nobody may begin.
 */
export class RemoteStepEvents extends Construct {
  constructor(scope: Construct, id: string, { queue, settings }: RemoteStepEventsProps) {
    super(scope, id);
    const { deployment, stateMachines, jobTemplates } = settings;
    const targets = [new SqsQueue(queue)];
    if (stateMachines.length > 0) {
      new Rule(this, 'Executions', {
        description: 'Executions that are over, of state machines that steps of post-processing may start.',
        eventPattern: {
          source: ['aws.states'],
          detailType: ['Step Functions Execution Status Change'],
          detail: {
            stateMachineArn: stateMachines,
            status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
          },
        },
        targets,
      });
    }
    if (jobTemplates.length > 0) {
      new Rule(this, 'Jobs', {
        description: 'Jobs of MediaConvert that this deployment has made.',
        eventPattern: {
          source: ['aws.mediaconvert'],
          detailType: ['MediaConvert Job State Change'],
          detail: {
            status: ['PROGRESSING', 'STATUS_UPDATE', 'COMPLETE', 'ERROR', 'CANCELED'],
            userMetadata: { [JOB_OWNER]: [deployment] },
          },
        },
        targets,
      });
    }
  }
}
