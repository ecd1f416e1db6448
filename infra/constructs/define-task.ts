import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  type ContainerDefinition,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../../shared/constants.ts';
import { acknowledge, acknowledgeWildcard } from '../nag.ts';
import { REPO_ROOT } from '../repo.ts';

export interface TaskProps {
  /** Of the container. */
  readonly name: string;
  /** Its name in logs and metrics. */
  readonly service: string;
  /** In units of 1/1024 of a core. */
  readonly cpu: number;
  readonly memoryLimitMiB: number;
  /** Absent: the 20 GiB that are free of charge. */
  readonly ephemeralStorageGiB?: number;
  /** Absent: the image's own, a recorder. */
  readonly command?: string[];
  /** Variables named in `ENV`, on top of those of Powertools. */
  readonly environment: Readonly<Record<string, string>>;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeout: Duration;
}

/** A task with one container from the recorder's image, which can write nowhere unless a volume is mounted. */
export const defineTask = (
  scope: Construct,
  { name, service, environment, stopTimeout, command, ...size }: TaskProps,
): { readonly task: FargateTaskDefinition; readonly container: ContainerDefinition } => {
  const task = new FargateTaskDefinition(scope, 'Task', {
    ...size,
    runtimePlatform: {
      cpuArchitecture: CpuArchitecture.ARM64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
  });
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const container = task.addContainer(name, {
    image: ContainerImage.fromAsset(REPO_ROOT, { platform: Platform.LINUX_ARM64 }),
    ...(command === undefined ? {} : { command }),
    environment: {
      POWERTOOLS_SERVICE_NAME: service,
      POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      POWERTOOLS_LOG_LEVEL: 'INFO',
      ...environment,
    },
    logging: LogDriver.awsLogs({ logGroup, streamPrefix: service }),
    readonlyRootFilesystem: true,
    stopTimeout,
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
  return { task, container };
};
