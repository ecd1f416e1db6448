import * as z from 'zod';
import { commonToSteps } from './step-common.ts';

const MOST_PARAMETERS = 20;

const remote = {
  ...commonToSteps,
  timeoutSeconds: z
    .number()
    .int()
    .min(60)
    .max(86_400)
    .default(3600)
    .describe('Seconds that one try may take, waiting included; then it has failed.'),
};

const parameters = z
  .record(
    z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1–64 letters, digits, _, . or -'),
    z.string().max(1024),
  )
  .refine((given) => Object.keys(given).length <= MOST_PARAMETERS, `must be ${MOST_PARAMETERS} at most`)
  .optional()
  .describe('Handed over as they are.');

export const lambdaStepSchema = z
  .strictObject({
    kind: z.literal('lambda'),
    ...remote,
    functionArn: z
      .string()
      .regex(
        /^arn:aws[a-z-]*:lambda:[a-z0-9-]{3,32}:\d{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_$-]{1,128})?$/,
        'must be the ARN of a Lambda function, such as arn:aws:lambda:eu-central-1:123456789012:function:index',
      )
      .describe('One of those that the deployment may invoke.'),
    parameters,
  })
  .meta({
    id: 'LambdaStep',
    description: 'Has a Lambda function do something, and waits until that has answered with its token.',
  });

export const stepFunctionsStepSchema = z
  .strictObject({
    kind: z.literal('step-functions'),
    ...remote,
    stateMachineArn: z
      .string()
      .regex(
        /^arn:aws[a-z-]*:states:[a-z0-9-]{3,32}:\d{12}:stateMachine:[A-Za-z0-9_-]{1,80}$/,
        'must be the ARN of a state machine, without version or alias, such as arn:aws:states:eu-central-1:123456789012:stateMachine:review',
      )
      .describe('A standard one, of those that the deployment may start.'),
    parameters,
  })
  .meta({
    id: 'StepFunctionsStep',
    description: 'Starts a state machine of AWS Step Functions, and waits for the end of its execution.',
  });

export const mediaConvertStepSchema = z
  .strictObject({
    kind: z.literal('mediaconvert'),
    ...remote,
    jobTemplate: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,80}$/, 'must be the name of a job template: 1–80 letters, digits, _ or -')
      .describe('Of AWS Elemental MediaConvert; one of those that the deployment may use.'),
  })
  .meta({
    id: 'MediaConvertStep',
    description: 'Has AWS Elemental MediaConvert encode anew, as a job template says.',
  });

/** An object that others have made for a step. */
export const remoteFileSchema = z
  .object({
    bucket: z.string().min(3).max(63),
    key: z.string().min(1).max(1024),
    sizeBytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  })
  .meta({
    id: 'StepFile',
    description: 'An object that a function, a state machine or MediaConvert has made.',
  });
export type RemoteFile = z.infer<typeof remoteFileSchema>;
