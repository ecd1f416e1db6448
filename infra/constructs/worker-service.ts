import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AdjustmentType } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  ContainerImage,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../../shared/constants.ts';
import { acknowledge, acknowledgeWildcard } from '../nag.ts';
import { REPO_ROOT } from '../repo.ts';
import { grantTaskProtection } from './task-protection.ts';

/** Its name in logs. */
const SERVICE = 'worker';

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
    this.taskDefinition = this.#defineTask(props);
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

  #defineTask(props: WorkerServiceProps): FargateTaskDefinition {
    const task = new FargateTaskDefinition(this, 'Task', {
      // For one step. Encoding takes the cores that there are, and 1.7 GB for 2160 lines of AV1; a remux 0.3 GB with its ffmpeg.
      cpu: 2048,
      memoryLimitMiB: 4096,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    task.addContainer('Worker', {
      image: ContainerImage.fromAsset(REPO_ROOT, { platform: Platform.LINUX_ARM64 }),
      command: ['node', '--max-semi-space-size=1', 'worker.mjs'],
      environment: {
        POWERTOOLS_SERVICE_NAME: SERVICE,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...props.environment,
      },
      logging: LogDriver.awsLogs({ logGroup, streamPrefix: SERVICE }),
      // Everything goes from storage to storage through memory.
      readonlyRootFilesystem: true,
      stopTimeout: Duration.seconds(60),
    });
    acknowledge(
      task,
      'The variables are names of queues, table and bucket; none of them is a secret.',
      'AwsSolutions-ECS2',
    );
    acknowledgeWildcard(
      task.obtainExecutionRole(),
      '*',
      'Logging in to the image registry (ecr:GetAuthorizationToken) has no resource that could be named.',
    );
    return task;
  }
}
