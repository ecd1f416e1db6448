import type { Node } from 'constructs';
import * as z from 'zod';

/** `-c name=a,b` on the command line gives a string, `cdk.json` and callers may give a list. */
const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part !== '')
        : value,
    z.array(item).default([]),
  );

/** The command line gives `true` and `false` as strings. */
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')]);

const bucketSchema = z
  .string()
  .regex(
    /^(arn:aws[a-z-]*:s3:::)?[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'must be the name or ARN of one bucket, without wildcards',
  );

const secretSchema = z
  .string()
  .regex(
    /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[\w/+=.@-]+$/,
    'must be the name or ARN of one secret, without wildcards',
  );

const settingsSchema = z.object({
  /** Prefix of stack and queue names; one account and region can hold several deployments. */
  deployment: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,29}$/, 'must be 1-30 lower-case letters, digits or hyphens, a letter first')
    .default('streamkeep'),
  /**
   * Buckets, by name or ARN, that recordings may be written to with Streamkeep's own roles. Storages that bring
   * their own credentials need no entry here. Without any, Streamkeep can write to its spool bucket alone.
   */
  recordingBuckets: listOf(bucketSchema),
  /** Roles, by ARN, that storages may have assumed. */
  storageRoles: listOf(
    z
      .string()
      .regex(
        /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
        'must be the ARN of one role, without wildcards',
      ),
  ),
  /**
   * Secrets, by name or ARN, that hold keys of storages. Those of this account and region whose names begin with the
   * deployment’s `<deployment>/storages/` need no entry here.
   */
  storageSecrets: listOf(secretSchema),
  /** Lambda functions, by ARN, that steps of post-processing may be handed over to; without any, none may. */
  lambdaFunctions: listOf(
    z
      .string()
      .regex(
        /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/,
        'must be the ARN of one function, without wildcards',
      ),
  ),
  /** Standard state machines of AWS Step Functions, by ARN, of this account and region, that steps may start. */
  stateMachines: listOf(
    z
      .string()
      .regex(
        /^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:stateMachine:[\w-]+$/,
        'must be the ARN of one state machine, without version, alias or wildcards',
      ),
  ),
  /** Job templates of AWS Elemental MediaConvert, by name, in this account and region, that steps may use. */
  jobTemplates: listOf(z.string().regex(/^[\w-]{1,80}$/, 'must be the name of one job template')),
  /**
   * The role, by ARN, that MediaConvert reads and writes with. Without it the stack makes one that may read and write the
   * recording buckets, when there are `jobTemplates`.
   */
  mediaConvertRole: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'must be the ARN of one role')
    .optional(),
  /** Internal networks that storages may have their endpoints in, as CIDR blocks; public addresses always may. */
  storageAllowedCidrs: listOf(z.union([z.cidrv4(), z.cidrv6()])),
  /** Internal networks that sources may be pulled from, as CIDR blocks; public addresses always may. */
  sourceAllowedCidrs: listOf(z.union([z.cidrv4(), z.cidrv6()])),
  /** Internal networks that callbacks may be sent to, as CIDR blocks; public addresses always may. */
  callbackAllowedCidrs: listOf(z.union([z.cidrv4(), z.cidrv6()])),
  /** Recordings that one recorder runs at once; its task size is chosen for the default. */
  recorderSlots: z.coerce.number().int().min(4).max(100).default(20),
  /** Seconds that a recorder tries a storage before it goes on in the backup or the spool. */
  failoverSeconds: z.coerce.number().min(1).max(300).default(20),
  /** GiB of local disk on which media of one recorder may wait while no storage answers. */
  overflowGib: z.coerce.number().int().min(0).max(180).default(10),
  /** Most recorder tasks that autoscaling may start. */
  maxRecorders: z.coerce.number().int().min(1).max(1000).default(50),
  /** Most tasks that post-process at once; none runs while there is nothing to do. */
  maxWorkers: z.coerce.number().int().min(1).max(1000).default(10),
  /** Keeps table and spool bucket when the stack is deleted, and protects the table from deletion. */
  retainData: flag.default(true),
  /** ARN of an SNS topic that alarms are sent to; without it they only show in CloudWatch. */
  alarmTopicArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/, 'must be the ARN of an SNS topic')
    .optional(),
});

/** What a deployment can choose, each given as CDK context of the same name. */
export type Settings = z.infer<typeof settingsSchema>;

/**
 * Reads the settings from the construct tree's context.
 * @throws Error naming every setting that is not allowed, and what is.
 */
export const readSettings = (node: Node): Settings => {
  const names = Object.keys(settingsSchema.shape);
  const given = Object.fromEntries(names.map((name) => [name, node.tryGetContext(name) ?? undefined]));
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    (issue) =>
      `${issue.path.join('.')}: ${issue.message} (given: ${JSON.stringify(given[String(issue.path[0])])})`,
  );
  throw new Error(`Context is not valid. ${faults.join('; ')}`);
};
