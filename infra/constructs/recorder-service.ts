import { Duration } from 'aws-cdk-lib';
import { AdjustmentType } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerInsights,
  FargateService,
  type FargateTaskDefinition,
  type ICluster,
} from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { ENV, METRICS_NAMESPACE } from '../../shared/constants.ts';
import { defineTask } from './define-task.ts';
import { grantTaskProtection } from './task-protection.ts';

/** Published by every recorder each minute: how many more recordings it could take. */
const FREE_SLOTS = 'FreeSlots';

/** Its name in logs and metrics. */
const SERVICE = 'recorder';

/** In the image, and the recorder's own there. */
const SCRATCH = '/scratch';

const GIB = 1024 ** 3;
const FREE_DISK_GIB = 20;
const OTHERS_GIB = 8;

export interface RecorderServiceProps {
  readonly vpc: IVpc;
  readonly securityGroup: ISecurityGroup;
  /** Recordings that one task runs at once. */
  readonly slots: number;
  /** GiB of local disk for media that wait while no storage answers. */
  readonly overflowGib: number;
  /** Most tasks at once. */
  readonly maxTasks: number;
  /** Variables named in `ENV`, on top of those of Powertools. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Recorders as an ECS service that grows with the recordings and never ends a task that is busy. */
export class RecorderService extends Construct {
  readonly taskDefinition: FargateTaskDefinition;
  readonly cluster: ICluster;
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: RecorderServiceProps) {
    super(scope, id);
    this.cluster = new Cluster(this, 'Cluster', {
      vpc: props.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
      // The CDK's classes miss an `| undefined` that exact optional properties ask of their own interfaces.
    }) as ICluster;
    this.taskDefinition = this.#defineTask(props);
    this.service = new FargateService(this, 'Service', {
      cluster: this.cluster,
      taskDefinition: this.taskDefinition,
      assignPublicIp: true,
      securityGroups: [props.securityGroup],
      // A deployment starts all successors before it stops a predecessor, which hands its recordings over.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
    });
    this.#scale(props);
    grantTaskProtection(this.taskDefinition, this.cluster);
  }

  /** Mean over the recorders of the slots that are free, a figure that does not depend on how many there are. */
  metricFreeSlots(): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: FREE_SLOTS,
      // Powertools adds the service to every metric, and CloudWatch finds a metric only by all of its dimensions.
      dimensionsMap: { service: SERVICE },
      statistic: 'Average',
      period: Duration.minutes(1),
    });
  }

  #defineTask(props: RecorderServiceProps): FargateTaskDefinition {
    const { task, container } = defineTask(this, {
      ...{ name: 'Recorder', service: SERVICE },
      // 20 recordings without transcoding take a third of a core and 1.1 GB, ffmpeg included. The rest is for media
      // that wait for a storage which is slow or away.
      ...{ cpu: 1024, memoryLimitMiB: 4096 },
      // The image and Fargate's own take a few. 20 GiB are free of charge, and the least that there is; then 21.
      ...(props.overflowGib > FREE_DISK_GIB - OTHERS_GIB
        ? { ephemeralStorageGiB: props.overflowGib + OTHERS_GIB + 1 }
        : {}),
      environment: {
        [ENV.scratchFolder]: SCRATCH,
        [ENV.overflowBytes]: String(props.overflowGib * GIB),
        ...props.environment,
      },
      // All that Fargate grants: recordings are handed over first, then files are closed.
      stopTimeout: Duration.seconds(120),
    });
    // Ends with the task. The only place where the recorder can write.
    task.addVolume({ name: 'scratch' });
    container.addMountPoints({ containerPath: SCRATCH, sourceVolume: 'scratch', readOnly: false });
    return task;
  }

  /** A new task takes a minute to start, so it is asked for while a quarter of the slots is still free. */
  #scale({ slots, maxTasks }: RecorderServiceProps): void {
    const scaling = this.service.autoScaleTaskCount({ minCapacity: 1, maxCapacity: maxTasks });
    scaling.scaleOnMetric('OnFreeSlots', {
      metric: this.metricFreeSlots(),
      adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
      scalingSteps: [
        { upper: Math.floor(slots / 10), change: +2 },
        { upper: Math.floor(slots / 4), change: +1 },
        // Two recorders that are this empty fit into one, with half of it left.
        { lower: Math.ceil((slots * 3) / 4), change: -1 },
      ],
      cooldown: Duration.minutes(3),
    });
  }
}
