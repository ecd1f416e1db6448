import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { statementsOf } from '../policies.fixture.ts';
import { resourcesOf, synthesizeTemplates } from '../synthesized.fixture.ts';

const { recorder } = synthesizeTemplates({ sourceAllowedCidrs: '10.0.0.0/8,fd00::/8' });
const taskRole = statementsOf(recorder).filter(
  ({ role }) => role.startsWith('Recorders') && role.includes('TaskRole'),
);

interface Container {
  readonly Name: string;
  readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[];
}

const environmentOf = (template: typeof recorder, name = 'Recorder'): Record<string, unknown> => {
  const containers = resourcesOf(template, 'AWS::ECS::TaskDefinition')
    .flatMap(([, { Properties }]) => Properties.ContainerDefinitions as Container[])
    .filter(({ Name }) => Name === name);
  return Object.fromEntries(
    containers.flatMap((one) => one.Environment.map(({ Name, Value }) => [Name, Value])),
  );
};

describe('the recorder task', () => {
  it('runs on ARM, can write to its scratch folder alone, and has two minutes to hand over', () => {
    recorder.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
      ContainerDefinitions: [
        Match.objectLike({
          ReadonlyRootFilesystem: true,
          StopTimeout: 120,
          MountPoints: [{ ContainerPath: '/scratch', SourceVolume: 'scratch', ReadOnly: false }],
        }),
      ],
    });
  });

  it('has more disk than what is free of charge only when it is told to', () => {
    const disk = (template: typeof recorder): unknown =>
      resourcesOf(template, 'AWS::ECS::TaskDefinition')[0]?.[1].Properties.EphemeralStorage;
    expect(disk(recorder)).toBeUndefined();
    expect(disk(synthesizeTemplates({ overflowGib: '40' }).recorder)).toEqual({ SizeInGiB: 49 });
  });

  it('gets the variables that it uses', () => {
    expect(Object.keys(environmentOf(recorder)).sort()).toEqual([
      'COMPLETION_QUEUE_URL',
      'FAILOVER_SECONDS',
      'OVERFLOW_BYTES',
      'POWERTOOLS_LOG_LEVEL',
      'POWERTOOLS_METRICS_NAMESPACE',
      'POWERTOOLS_SERVICE_NAME',
      'RECORDER_SLOTS',
      'RECORDING_EVENTS_QUEUE_URL',
      'RECORD_JOBS_QUEUE_URL',
      'SCRATCH_FOLDER',
      'SOURCE_ALLOWED_CIDRS',
      'SPOOL_BUCKET',
      'STORAGE_ALLOWED_CIDRS',
      'TABLE_NAME',
      'UPLOAD_RETRY_QUEUE_URL',
    ]);
    expect(environmentOf(recorder)).toMatchObject({
      RECORDER_SLOTS: '20',
      FAILOVER_SECONDS: '20',
      OVERFLOW_BYTES: String(10 * 1024 ** 3),
      SCRATCH_FOLDER: '/scratch',
      SOURCE_ALLOWED_CIDRS: '10.0.0.0/8,fd00::/8',
    });
  });

  it('may pull from public addresses only, unless the deployment says otherwise', () => {
    expect(environmentOf(synthesizeTemplates().recorder).SOURCE_ALLOWED_CIDRS).toBe('');
  });
});

describe('the worker service', () => {
  it('runs the recorder’s image with another command, and nothing while nothing waits', () => {
    recorder.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          Name: 'Worker',
          ReadonlyRootFilesystem: true,
          Command: ['node', '--max-semi-space-size=1', 'worker.mjs'],
        }),
      ],
    });
    recorder.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 0,
      MaxCapacity: 10,
    });
  });

  it('gets the variables that it uses', () => {
    expect(Object.keys(environmentOf(recorder, 'Worker')).sort()).toEqual([
      'COMPLETION_QUEUE_URL',
      'POWERTOOLS_LOG_LEVEL',
      'POWERTOOLS_METRICS_NAMESPACE',
      'POWERTOOLS_SERVICE_NAME',
      'REMOTE_STEPS_QUEUE_URL',
      'SPOOL_BUCKET',
      'STEPS_QUEUE_URL',
      'STORAGE_ALLOWED_CIDRS',
      'TABLE_NAME',
    ]);
  });
});

describe('the recorder service', () => {
  it('replaces tasks only after their successors run, and goes back when those fail', () => {
    recorder.hasResourceProperties('AWS::ECS::Service', {
      LaunchType: 'FARGATE',
      DeploymentConfiguration: Match.objectLike({
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      }),
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'ENABLED' }) },
    });
  });

  it('keeps one task and scales on the free slots that recorders publish', () => {
    recorder.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 1,
      MaxCapacity: 50,
    });
    const alarms = resourcesOf(recorder, 'AWS::CloudWatch::Alarm')
      .filter(([id]) => id.startsWith('Recorders'))
      .map(([, { Properties }]) => Properties);
    expect(alarms.map(({ Threshold }) => Threshold).sort()).toEqual([15, 5]);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        Namespace: 'Streamkeep',
        MetricName: 'FreeSlots',
        Dimensions: [{ Name: 'service', Value: 'recorder' }],
      });
    }
    const changes = resourcesOf(recorder, 'AWS::ApplicationAutoScaling::ScalingPolicy').map(
      ([, { Properties }]) => {
        const { StepAdjustments } = Properties.StepScalingPolicyConfiguration as {
          StepAdjustments: { ScalingAdjustment: number }[];
        };
        return StepAdjustments.map(({ ScalingAdjustment }) => ScalingAdjustment);
      },
    );
    expect(changes).toEqual(expect.arrayContaining([expect.arrayContaining([1, 2]), [-1]]));
  });
});

describe('the network', () => {
  it('lets nothing in', () => {
    recorder.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    const groups = resourcesOf(recorder, 'AWS::EC2::SecurityGroup');
    expect(groups).toHaveLength(1);
    expect(groups[0]?.[1].Properties.SecurityGroupIngress).toBeUndefined();
  });

  it('reaches S3 and DynamoDB through gateways and pays for no NAT', () => {
    recorder.resourceCountIs('AWS::EC2::NatGateway', 0);
    const endpoints = resourcesOf(recorder, 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) => Properties);
    expect(endpoints.map(({ VpcEndpointType }) => VpcEndpointType)).toEqual(['Gateway', 'Gateway']);
    expect(JSON.stringify(endpoints)).toMatch(/\.s3".*\.dynamodb"/);
  });

  it('has no function of its own', () => {
    recorder.resourceCountIs('AWS::Lambda::Function', 0);
  });
});

describe('the task role', () => {
  const resourcesFor = (action: string) =>
    taskRole.filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources);

  it('names every action and every resource', () => {
    for (const { actions, resources } of taskRole) {
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      expect(resources).not.toContain('"*"');
    }
  });

  it('receives jobs and nothing else', () => {
    expect(resourcesFor('sqs:ReceiveMessage')).toEqual([expect.stringContaining('RecordJobs')]);
  });

  it('protects tasks of its own cluster only', () => {
    for (const action of ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection']) {
      expect(resourcesFor(action)).toEqual([expect.stringMatching(/task\/.*RecordersCluster.*\/\*/)]);
    }
  });

  it('writes to the spool alone, as long as the deployment names no buckets', () => {
    expect(resourcesFor('s3:PutObject')).toEqual([expect.stringContaining('Spool')]);
  });
});
