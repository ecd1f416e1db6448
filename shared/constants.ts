/**
 * Names that the infrastructure, the functions and the recorder share. A typo here is a type error there.
 * Imported at synthesis too, so this file must not import the AWS SDK or anything that reads the environment.
 */

/** Environment variables set by `infra/` and read through `shared/env.ts`. */
export const ENV = {
  tableName: 'TABLE_NAME',
  streamEventsQueueUrl: 'STREAM_EVENTS_QUEUE_URL',
  recordJobsQueueUrl: 'RECORD_JOBS_QUEUE_URL',
  recordingEventsQueueUrl: 'RECORDING_EVENTS_QUEUE_URL',
  completionQueueUrl: 'COMPLETION_QUEUE_URL',
  uploadRetryQueueUrl: 'UPLOAD_RETRY_QUEUE_URL',
  taskTimersQueueUrl: 'TASK_TIMERS_QUEUE_URL',
  deliveriesQueueUrl: 'DELIVERIES_QUEUE_URL',
  stepsQueueUrl: 'STEPS_QUEUE_URL',
  remoteStepsQueueUrl: 'REMOTE_STEPS_QUEUE_URL',
  deletionsQueueUrl: 'DELETIONS_QUEUE_URL',
  noticesTopicArn: 'NOTICES_TOPIC_ARN',
  spoolBucket: 'SPOOL_BUCKET',
  /** Comma-separated CIDR blocks of internal networks that sources may be pulled from. */
  sourceAllowedCidrs: 'SOURCE_ALLOWED_CIDRS',
  /** Comma-separated CIDR blocks of internal networks that callbacks may be sent to. */
  callbackAllowedCidrs: 'CALLBACK_ALLOWED_CIDRS',
  /** Comma-separated CIDR blocks of internal networks that storages may have their endpoint in. */
  storageAllowedCidrs: 'STORAGE_ALLOWED_CIDRS',
  /** Comma-separated ARNs of the functions that steps of post-processing may be handed over to. */
  allowedFunctions: 'ALLOWED_FUNCTIONS',
  /** Comma-separated ARNs of the state machines that they may start. */
  allowedStateMachines: 'ALLOWED_STATE_MACHINES',
  /** Comma-separated names of the job templates of MediaConvert that they may use. */
  allowedJobTemplates: 'ALLOWED_JOB_TEMPLATES',
  /** ARN of the role that MediaConvert reads and writes with; empty: there is none. */
  mediaConvertRole: 'MEDIA_CONVERT_ROLE',
  /** Where the API is reached, without the version. */
  apiUrl: 'API_URL',
  /** Name of this deployment: prefix of its stacks and queues. */
  deployment: 'DEPLOYMENT',
  /** How many recordings one recorder runs at once. */
  recorderSlots: 'RECORDER_SLOTS',
  /** How many steps of post-processing one worker does at once. */
  /** Seconds that a recorder tries a storage before it writes to the next one. */
  failoverSeconds: 'FAILOVER_SECONDS',
  /** A folder of the recorder's own, for media that wait for a storage. */
  scratchFolder: 'SCRATCH_FOLDER',
  /** Most bytes in it. */
  overflowBytes: 'OVERFLOW_BYTES',
  /** Most bytes that wait in memory before it is used. */
  overflowMemoryBytes: 'OVERFLOW_MEMORY_BYTES',
} as const;

/** The table's keys and its sparse indexes. */
export const TABLE = {
  pk: 'pk',
  sk: 'sk',
  /** Lists of one kind of thing, in order. */
  listIndex: { name: 'by-list', pk: 'listPk', sk: 'listSk' },
  /** Work that must still happen, by due time or by owner. */
  workIndex: { name: 'by-work', pk: 'workPk', sk: 'workSk' },
  /** Recordings of one stream name, newest last. */
  streamIndex: { name: 'by-stream', pk: 'streamPk', sk: 'streamSk' },
  ttl: 'expiresAtSeconds',
} as const;

/** Key in the metadata of MediaConvert's jobs that names the deployment which made them; their events are chosen by it. */
export const JOB_OWNER = 'streamkeep';

/** Keys of events that are noted until they have been taken in; whoever answers ingest servers may write these only. */
export const OWED_EVENT_PREFIX = 'EVENT#';

/** CloudWatch metrics namespace of every function and of the recorder. */
export const METRICS_NAMESPACE = 'Streamkeep';

/** Metrics of which one count is one too many: somebody must look. */
export const ALARMING_METRICS = ['CallbacksUnrecorded', 'SweepsFailed'] as const;
export type AlarmingMetric = (typeof ALARMING_METRICS)[number];

/** Prefix, inside a recording's bucket, of the objects that exist only while a file is open. */
export const WORK_PREFIX = '.streamkeep/';

/** Prefix, inside this installation's own bucket, of the images of watermarks. */
export const WATERMARKS_PREFIX = 'watermarks/';

/** Prefix, inside this installation's own bucket, of standby content. */
export const STANDBYS_PREFIX = 'standbys/';

/** Seconds a presigned URL is valid. */
export const URL_LIFETIME_SECONDS = 3600;
