import { Stack } from 'aws-cdk-lib';
import { Grant, type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../nag.ts';
import type { Settings } from '../settings.ts';
import type { RecordingBuckets } from './recording-buckets.ts';

export interface StepServicesProps {
  readonly settings: Pick<
    Settings,
    'lambdaFunctions' | 'stateMachines' | 'jobTemplates' | 'mediaConvertRole'
  >;
  readonly buckets: RecordingBuckets;
}

const MEDIA_CONVERT = 'mediaconvert.amazonaws.com';

/** What steps of post-processing may be handed over to: what the settings name, and nothing else. */
export class StepServices extends Construct {
  /** Empty: MediaConvert is not used. */
  readonly mediaConvertRoleArn: string;
  readonly #settings: StepServicesProps['settings'];

  constructor(scope: Construct, id: string, { settings, buckets }: StepServicesProps) {
    super(scope, id);
    this.#settings = settings;
    this.mediaConvertRoleArn =
      settings.jobTemplates.length === 0
        ? ''
        : (settings.mediaConvertRole ?? this.#createMediaConvertRole(buckets).roleArn);
  }

  /** Beginning, asking after and stopping what is handed over. */
  grantUse(role: IRole): void {
    const { lambdaFunctions, stateMachines, jobTemplates } = this.#settings;
    if (lambdaFunctions.length > 0) {
      Grant.addToPrincipal({
        grantee: role,
        actions: ['lambda:InvokeFunction'],
        resourceArns: [...lambdaFunctions],
      });
    }
    if (stateMachines.length > 0) this.#grantExecutions(role, stateMachines);
    if (jobTemplates.length > 0) this.#grantJobs(role, jobTemplates);
  }

  #createMediaConvertRole(buckets: RecordingBuckets): Role {
    const role = new Role(this, 'MediaConvertRole', {
      description: 'Reads what is to be encoded, and writes what was.',
      assumedBy: new ServicePrincipal(MEDIA_CONVERT, {
        // Nobody else can have MediaConvert use it.
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    buckets.grantEncoding(role);
    return role;
  }

  #grantExecutions(role: IRole, stateMachines: readonly string[]): void {
    Grant.addToPrincipal({
      grantee: role,
      actions: ['states:StartExecution'],
      resourceArns: [...stateMachines],
    });
    const executions = stateMachines.map(
      (arn) => `${arn.replace(':stateMachine:', ':execution:')}:streamkeep-*`,
    );
    Grant.addToPrincipal({
      grantee: role,
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resourceArns: executions,
    });
    for (const resource of executions) {
      acknowledgeWildcard(role, resource, 'Each try of a step is an execution, whose name begins like that.');
    }
  }

  #grantJobs(role: IRole, jobTemplates: readonly string[]): void {
    const stack = Stack.of(this);
    const arnOf = (resource: string) => stack.formatArn({ service: 'mediaconvert', resource });
    const templates = jobTemplates.map((name) => arnOf(`jobTemplates/${name}`));
    const [queues, presets, jobs] = [arnOf('queues/*'), arnOf('presets/*'), arnOf('jobs/*')];
    Grant.addToPrincipal({
      grantee: role,
      actions: ['mediaconvert:GetJobTemplate'],
      resourceArns: templates,
    });
    Grant.addToPrincipal({
      grantee: role,
      actions: ['mediaconvert:CreateJob'],
      resourceArns: [...templates, queues, presets],
    });
    Grant.addToPrincipal({ grantee: role, actions: ['mediaconvert:ListJobs'], resourceArns: [queues] });
    Grant.addToPrincipal({
      grantee: role,
      actions: ['mediaconvert:GetJob', 'mediaconvert:CancelJob'],
      resourceArns: [jobs],
    });
    acknowledgeWildcard(role, queues, 'The queue of a job is its template’s to say.');
    acknowledgeWildcard(role, presets, 'The presets of a job are its template’s to say.');
    acknowledgeWildcard(role, jobs, 'MediaConvert makes the ids of jobs up.');
    Grant.addToPrincipal({
      grantee: role,
      actions: ['iam:PassRole'],
      resourceArns: [this.mediaConvertRoleArn],
      conditions: { StringEquals: { 'iam:PassedToService': MEDIA_CONVERT } },
    });
  }
}
