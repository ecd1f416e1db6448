import { Duration } from 'aws-cdk-lib';
import { AdjustmentType } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { FargateService, type FargateTaskDefinition, type ICluster } from 'aws-cdk-lib/aws-ecs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { defineTask } from './define-task.ts';
import { grantTaskProtection } from './task-protection.ts';

export interface WorkerServiceProps {
  readonly cluster: ICluster;
  readonly securityGroup: ISecurityGroup;
  /** Most tasks at once. */
  readonly maxTasks: number;
  /** Steps that want a worker. */
  readonly queue: Queue;
  /** Variables named in `ENV`, on top of those of Powertools. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Workers of post-processing as an ECS service: the recorder's image with another command, and none while nothing waits. */
export class WorkerService extends Construct {
  readonly taskDefinition: FargateTaskDefinition;

  constructor(scope: Construct, id: string, props: WorkerServiceProps) {
    super(scope, id);
    this.taskDefinition = defineTask(this, {
      ...{ name: 'Worker', service: 'worker', environment: props.environment },
      // For one step. Encoding takes the cores that there are, and 1.7 GB for 2160 lines of AV1; a remux 0.3 GB with its ffmpeg.
      ...{ cpu: 2048, memoryLimitMiB: 4096 },
      // Everything goes from storage to storage through memory.
      command: ['node', '--max-semi-space-size=1', 'worker.mjs'],
      stopTimeout: Duration.seconds(60),
    }).task;
    grantTaskProtection(this.taskDefinition, props.cluster);
    const service = new FargateService(this, 'Service', {
      cluster: props.cluster,
      taskDefinition: this.taskDefinition,
      assignPublicIp: true,
      securityGroups: [props.securityGroup],
      // One that is stopped gives back what it has, and another one begins that again.
      minHealthyPercent: 0,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
    });
    const scaling = service.autoScaleTaskCount({ minCapacity: 0, maxCapacity: props.maxTasks });
    scaling.scaleOnMetric('OnWaitingSteps', {
      metric: props.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
      scalingSteps: [
        // A busy one is protected from this.
        { upper: 0, change: -1 },
        { lower: 1, change: +1 },
        { lower: 10, change: +4 },
      ],
      cooldown: Duration.minutes(2),
    });
  }
}
