import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { statementsOf } from '../policies.fixture.ts';
import { resourcesOf, synthesizeTemplates } from '../synthesized.fixture.ts';

const { control } = synthesizeTemplates();
const functions = resourcesOf(control, 'AWS::Lambda::Function');
const statements = statementsOf(control);
const variablesOf = (properties: Record<string, unknown>): Record<string, unknown> =>
  (properties.Environment as { Variables: Record<string, unknown> }).Variables;
const POWERTOOLS = ['POWERTOOLS_LOG_LEVEL', 'POWERTOOLS_METRICS_NAMESPACE', 'POWERTOOLS_SERVICE_NAME'];

const RECORDING_WORK = ['COMPLETION_QUEUE_URL', 'RECORD_JOBS_QUEUE_URL', 'UPLOAD_RETRY_QUEUE_URL'];
const ALLOWED_STEPS = ['ALLOWED_FUNCTIONS', 'ALLOWED_JOB_TEMPLATES', 'ALLOWED_STATE_MACHINES'];
const ALL_WORK = [
  ...RECORDING_WORK,
  'DELETIONS_QUEUE_URL',
  'DELIVERIES_QUEUE_URL',
  'REMOTE_STEPS_QUEUE_URL',
  'STEPS_QUEUE_URL',
  'STREAM_EVENTS_QUEUE_URL',
  'TASK_TIMERS_QUEUE_URL',
];

describe('the functions', () => {
  it.each([
    ['ingest', ['STREAM_EVENTS_QUEUE_URL']],
    ['streams', RECORDING_WORK],
    ['tasks', ['STREAM_EVENTS_QUEUE_URL', 'TASK_TIMERS_QUEUE_URL']],
    ['recordings', [...RECORDING_WORK, 'STREAM_EVENTS_QUEUE_URL']],
    [
      'completion',
      [
        'DELIVERIES_QUEUE_URL',
        'NOTICES_TOPIC_ARN',
        'REMOTE_STEPS_QUEUE_URL',
        'STEPS_QUEUE_URL',
        'STORAGE_ALLOWED_CIDRS',
      ],
    ],
    [
      'remote-steps',
      [
        ...ALLOWED_STEPS,
        'API_URL',
        'COMPLETION_QUEUE_URL',
        'DEPLOYMENT',
        'MEDIA_CONVERT_ROLE',
        'REMOTE_STEPS_QUEUE_URL',
        'SPOOL_BUCKET',
        'STEPS_QUEUE_URL',
        'STORAGE_ALLOWED_CIDRS',
      ],
    ],
    ['callbacks', ['CALLBACK_ALLOWED_CIDRS', 'DELIVERIES_QUEUE_URL']],
    [
      'upload-retry',
      [
        'COMPLETION_QUEUE_URL',
        'RECORDING_EVENTS_QUEUE_URL',
        'SPOOL_BUCKET',
        'STORAGE_ALLOWED_CIDRS',
        'UPLOAD_RETRY_QUEUE_URL',
      ],
    ],
    ['deletions', ['REMOTE_STEPS_QUEUE_URL', 'SPOOL_BUCKET', 'STORAGE_ALLOWED_CIDRS']],
    ['sweeper', [...ALL_WORK, 'RECORDING_EVENTS_QUEUE_URL', 'SOURCE_ALLOWED_CIDRS']],
    [
      'api',
      [...ALL_WORK, ...ALLOWED_STEPS, 'CALLBACK_ALLOWED_CIDRS', 'SPOOL_BUCKET', 'STORAGE_ALLOWED_CIDRS'],
    ],
  ])('%s gets the variables that it uses and no others', (name, used) => {
    const found = functions.map(([, { Properties }]) => variablesOf(Properties));
    const variables = found.find((one) => one.POWERTOOLS_SERVICE_NAME === name);
    expect(Object.keys(variables ?? {}).sort()).toEqual([...POWERTOOLS, 'TABLE_NAME', ...used].sort());
  });

  it('run on Node 24 on ARM, and log to groups that expire', () => {
    expect(functions).toHaveLength(12);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
      const { LogGroup } = Properties.LoggingConfig as { LogGroup: { Ref: string } };
      control.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
      expect(resourcesOf(control, 'AWS::Logs::LogGroup').map(([id]) => id)).toContain(LogGroup.Ref);
    }
  });
});

describe('the event sources', () => {
  it.each([
    ['StreamEvents', 'Streams', 10],
    ['TaskTimers', 'Tasks', 10],
    ['RecordingEvents', 'Recordings', 10],
    ['Completion', 'Completion', 10],
    ['Deliveries', 'Callbacks', 10],
    ['UploadRetry', 'UploadRetry', 1],
    ['Deletions', 'Deletions', 1],
    ['RemoteSteps', 'RemoteSteps', 10],
  ])('%s feeds %s in batches of which only the failed messages come back', (queue, consumer, batchSize) => {
    control.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: batchSize,
      EventSourceArn: { 'Fn::ImportValue': Match.stringLikeRegexp(`GetAtt${queue}Queue`) },
      FunctionName: { Ref: Match.stringLikeRegexp(`^${consumer}Function`) },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it.each([
    ['UploadRetry', 20],
    ['Deletions', 5],
    ['RemoteSteps', 5],
  ])('let only so many of %s run at once, for others who are asked by them', (consumer, most) => {
    control.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: Match.stringLikeRegexp(`^${consumer}Function`) },
      ScalingConfig: { MaximumConcurrency: most },
    });
  });

  it('are these eight, the sweeper’s minute and the channels of IVS', () => {
    control.resourceCountIs('AWS::Lambda::EventSourceMapping', 8);
    control.resourceCountIs('AWS::Events::Rule', 2);
    control.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.ivs'], 'detail-type': ['IVS Stream State Change'] },
      Targets: [
        Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^IngestFunction'), 'Arn'] } }),
      ],
    });
    control.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [
        Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SweeperFunction'), 'Arn'] } }),
      ],
    });
  });
});

describe('the HTTP API', () => {
  it('gives callbacks to ingest and all else under /v1 to api', () => {
    const integrations = control.findResources('AWS::ApiGatewayV2::Integration');
    const targetOf = (target: unknown): unknown => {
      const integration = Object.keys(integrations).find((id) => JSON.stringify(target).includes(`"${id}"`));
      const uri = JSON.stringify(integrations[integration ?? '']?.Properties.IntegrationUri);
      return functions.find(([id]) => uri.includes(`"${id}"`))?.[1].Properties;
    };
    const routes = resourcesOf(control, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const target = targetOf(Properties.Target) as Record<string, unknown>;
      return [Properties.RouteKey, variablesOf(target).POWERTOOLS_SERVICE_NAME];
    });
    expect(routes.sort()).toEqual([
      ['ANY /v1/{proxy+}', 'api'],
      ['GET /v1/docs', 'docs'],
      ['GET /v1/docs/{file}', 'docs'],
      ['GET /v1/ingest/{adapter}/{domain}', 'ingest'],
      ['POST /v1/ingest/{adapter}/{domain}', 'ingest'],
    ]);
  });

  it('is throttled and writes access logs', () => {
    control.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingBurstLimit: 1000, ThrottlingRateLimit: 500 },
      AccessLogSettings: { DestinationArn: Match.anyValue(), Format: Match.anyValue() },
    });
  });
});

describe('the alarms', () => {
  it.each([
    ['CallbacksUnrecorded', 'ingest'],
    ['SweepsFailed', 'sweeper'],
  ])('tell of each of the %s that %s counts', (MetricName, Value) => {
    const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:pager';
    synthesizeTemplates({ alarmTopicArn }).control.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Streamkeep',
      MetricName,
      Dimensions: [{ Name: 'service', Value }],
      Threshold: 1,
      AlarmActions: [alarmTopicArn],
    });
  });
});

describe('the roles', () => {
  const rolesThatMay = (action: string, resource: RegExp) =>
    statements
      .filter(
        ({ actions, resources }) => actions.includes(action) && resources.some((one) => resource.test(one)),
      )
      .map(({ role }) => role.replace(/Role[0-9A-F]+$/, ''))
      .sort();

  it('name every action and every resource', () => {
    for (const { actions, resources } of statements) {
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      expect(resources).not.toContain('"*"');
    }
    expect(
      resourcesOf(control, 'AWS::IAM::Role').filter(([, role]) => 'ManagedPolicyArns' in role.Properties),
    ).toEqual([]);
  });

  it('may send to and receive from the queues of the picture only', () => {
    const changesRecordings = ['Api', 'Recordings', 'Streams', 'Sweeper'];
    const senders = {
      StreamEvents: ['Api', 'Ingest', 'Recordings', 'Sweeper', 'Tasks'],
      TaskTimers: ['Api', 'Sweeper', 'Tasks'],
      RecordJobs: changesRecordings,
      RecordingEvents: ['Sweeper', 'UploadRetry'],
      Completion: [...changesRecordings, 'RemoteSteps', 'UploadRetry'].sort(),
      UploadRetry: [...changesRecordings, 'UploadRetry'],
      Deliveries: ['Api', 'Callbacks', 'Completion', 'Sweeper'],
      Deletions: ['Api', 'Sweeper'],
      FnGetAttSteps: ['Api', 'Completion', 'RemoteSteps', 'Sweeper'],
      RemoteSteps: ['Api', 'Completion', 'Deletions', 'RemoteSteps', 'Sweeper'],
    };
    for (const [queue, roles] of Object.entries(senders)) {
      expect(rolesThatMay('sqs:SendMessage', new RegExp(queue)), queue).toEqual(roles);
    }
    expect(rolesThatMay('sqs:ReceiveMessage', /./)).toEqual([
      'Callbacks',
      'Completion',
      'Deletions',
      'Recordings',
      'RemoteSteps',
      'Streams',
      'Tasks',
      'UploadRetry',
    ]);
    expect(rolesThatMay('sns:Publish', /Notices/)).toEqual(['Completion']);
  });

  it('may hand steps over to nobody, unless the deployment says to whom', () => {
    const actions = statements.flatMap((one) => one.actions);
    expect(actions.filter((one) => /^(lambda|states|mediaconvert|iam):/.test(one))).toEqual([]);
  });

  it('may hand steps over to what the deployment names, in one function only', () => {
    const lambdaFunctions = 'arn:aws:lambda:eu-central-1:123456789012:function:index';
    const stateMachines = 'arn:aws:states:eu-central-1:123456789012:stateMachine:review';
    const context = {
      lambdaFunctions,
      stateMachines,
      jobTemplates: 'ladder',
      recordingBuckets: 'vod-archive',
    };
    const { control: template } = synthesizeTemplates(context);
    const all = statementsOf(template);
    const granted = (action: string) => all.filter(({ actions }) => actions.includes(action));
    for (const action of [
      'lambda:InvokeFunction',
      'states:StartExecution',
      'mediaconvert:CreateJob',
      'iam:PassRole',
    ]) {
      expect(granted(action).map(({ role }) => role.replace(/Role[0-9A-F]+$/, ''))).toEqual(['RemoteSteps']);
    }
    expect(granted('lambda:InvokeFunction')[0]?.resources).toEqual([`"${lambdaFunctions}"`]);
    expect(granted('states:StartExecution')[0]?.resources).toEqual([`"${stateMachines}"`]);
    expect(granted('states:StopExecution')[0]?.resources).toEqual([
      '"arn:aws:states:eu-central-1:123456789012:execution:review:streamkeep-*"',
    ]);
    expect(granted('iam:PassRole')).toMatchObject([
      {
        resources: [
          expect.stringMatching(/^\{"Fn::GetAtt":\["StepServicesMediaConvertRole[0-9A-F]+","Arn"\]\}$/),
        ],
        condition: { StringEquals: { 'iam:PassedToService': 'mediaconvert.amazonaws.com' } },
      },
    ]);
    const encoder = all.filter(({ role }) => role.startsWith('StepServicesMediaConvert'));
    expect(encoder.flatMap(({ actions }) => actions).sort()).toEqual([
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
    ]);
    const mediaConvertRole = 'arn:aws:iam::123456789012:role/encoder';
    const given = synthesizeTemplates({ ...context, mediaConvertRole }).control;
    expect(statementsOf(given).filter(({ actions }) => actions.includes('iam:PassRole'))).toMatchObject([
      { resources: [`"${mediaConvertRole}"`] },
    ]);
    expect(resourcesOf(given, 'AWS::IAM::Role').filter(([id]) => id.includes('MediaConvert'))).toEqual([]);
  });

  it('may touch media only where media are closed, checked or signed for', () => {
    expect(rolesThatMay('s3:PutObject', /\/\*"/)).toEqual(['Api', 'UploadRetry']);
    // It writes nothing but what is said of them.
    const manifests = statements.filter(
      ({ role, actions }) =>
        role.startsWith('Completion') && actions.some((action) => action.startsWith('s3:')),
    );
    expect(manifests.flatMap(({ actions }) => actions).sort()).toEqual(['s3:DeleteObject', 's3:PutObject']);
    for (const resource of manifests.flatMap(({ resources }) => resources))
      expect(resource).toMatch(/\/\*\/recording\.json"/);
  });

  it('may keep images of watermarks where those are taken, and let them go where things are deleted', () => {
    const inSpool = /Spool.*\/\*"/;
    expect(rolesThatMay('s3:PutObject', inSpool)).toContain('Api');
    expect(rolesThatMay('s3:GetObject', inSpool)).toContain('Api');
    expect(rolesThatMay('s3:DeleteObject', inSpool)).toContain('Deletions');
    expect(rolesThatMay('sqs:SendMessage', /Deletions/)).toContain('Sweeper');
  });

  it('may delete media where they are replaced, tried out or no longer wanted', () => {
    expect(rolesThatMay('s3:DeleteObject', /\/\*"/)).toEqual(['Api', 'Deletions', 'UploadRetry']);
  });

  it('look whose an object is before they delete it, and write none, where recordings are deleted', () => {
    const actions = statements
      .filter(({ role }) => role.startsWith('Deletions'))
      .flatMap((statement) => statement.actions.filter((action) => action.startsWith('s3:')));
    expect(actions.sort()).toEqual([
      's3:AbortMultipartUpload',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
    ]);
  });

  it('may note events only in the table where strangers are answered', () => {
    const writes = statements.filter(
      ({ role, actions }) =>
        role.startsWith('Ingest') && actions.some((action) => /^dynamodb:(Put|Update|Delete)/.test(action)),
    );
    expect(writes).toMatchObject([
      {
        actions: ['dynamodb:PutItem'],
        condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['EVENT#*'] } },
      },
    ]);
  });

  it('may not scan the table or change it', () => {
    const actions = new Set(
      statements.flatMap((one) => one.actions).filter((one) => one.startsWith('dynamodb:')),
    );
    expect([...actions].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ]);
  });

  it('reach the users’ buckets that the deployment names', () => {
    const context = { recordingBuckets: 'vod-archive,arn:aws:s3:::other-bucket' };
    const media = statementsOf(synthesizeTemplates(context).control).filter(
      ({ actions, role }) => actions.includes('s3:PutObject') && !role.startsWith('Completion'),
    );
    expect(media).toHaveLength(2);
    for (const { resources } of media) {
      expect(resources).toHaveLength(3);
      expect(resources.join()).toContain(':s3:::vod-archive/*');
      expect(resources).toContain('"arn:aws:s3:::other-bucket/*"');
    }
  });
});
