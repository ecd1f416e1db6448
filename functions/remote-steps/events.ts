import * as z from 'zod';
import { keptFiles } from '../../shared/post-processing/results.ts';
import { executionNameOf, type TryName } from '../../shared/post-processing/tries.ts';
import type { RemoteFile } from '../../shared/schemas/remote-steps.ts';
import { parseJson } from '../common/parse-json.ts';
import { standingOfJob } from './performers/media-convert.ts';
import type { Standing } from './performers/performer.ts';

const outputGroupSchema = z.object({
  outputDetails: z.array(z.object({ outputFilePaths: z.array(z.string()).default([]) })).default([]),
  playlistFilePaths: z.array(z.string()).default([]),
});

/** As in https://docs.aws.amazon.com/mediaconvert/latest/ug/mediaconvert_event_list.html. */
export const mediaConvertEventSchema = z.object({
  source: z.literal('aws.mediaconvert'),
  'detail-type': z.literal('MediaConvert Job State Change'),
  detail: z.object({
    jobId: z.string(),
    status: z.string(),
    userMetadata: z.record(z.string(), z.string()).default({}),
    jobProgress: z.object({ jobPercentComplete: z.number().optional() }).optional(),
    errorCode: z.number().optional(),
    errorMessage: z.string().optional(),
    outputGroupDetails: z.array(outputGroupSchema).default([]),
  }),
});
export type MediaConvertEvent = z.infer<typeof mediaConvertEventSchema>;

/**
 * As in https://docs.aws.amazon.com/step-functions/latest/dg/cw-events.html: input and output are left out
 * when they are too long for an event.
 */
export const executionEventSchema = z.object({
  source: z.literal('aws.states'),
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    executionArn: z.string(),
    name: z.string(),
    status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']),
    input: z.string().nullish(),
    output: z.string().nullish(),
    outputDetails: z.object({ included: z.boolean() }).nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});
export type ExecutionEvent = z.infer<typeof executionEventSchema>;

const nameSchema = z.object({
  recordId: z.string(),
  runId: z.string(),
  step: z.string(),
  attempt: z.coerce.number().int(),
});

/** The try that a job was made for; undefined when it is not ours. */
export const tryOfJob = ({ detail }: MediaConvertEvent): TryName | undefined =>
  nameSchema.safeParse(detail.userMetadata).data;

/** The try that an execution was started for: somebody else may start one with the same input, but not of that name. */
export const tryOfExecution = (input: string | null | undefined, name: string): TryName | undefined => {
  const found = nameSchema.safeParse(parseJson(input ?? 'null')).data;
  return found !== undefined && executionNameOf(found) === name ? found : undefined;
};

const fileAt = (uri: string): RemoteFile[] => {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  return bucket === undefined || key === undefined ? [] : [{ bucket, key }];
};

/** The files that a job names: playlists and manifests first. */
const filesOf = ({ detail: { outputGroupDetails } }: MediaConvertEvent): RemoteFile[] => {
  const playlists = outputGroupDetails.flatMap(({ playlistFilePaths }) => playlistFilePaths);
  const media = outputGroupDetails.flatMap(({ outputDetails }) =>
    outputDetails.flatMap(({ outputFilePaths }) => outputFilePaths),
  );
  return keptFiles([...new Set([...playlists, ...media])].flatMap(fileAt), '');
};

/** How a job is, as its event says; undefined when the event says nothing of that. Pure. */
export const standingOfEvent = (event: MediaConvertEvent): Standing | undefined => {
  const { status, jobProgress, errorCode, errorMessage } = event.detail;
  switch (status) {
    case 'COMPLETE':
      return { type: 'succeeded', files: filesOf(event) };
    case 'ERROR':
    case 'CANCELED': {
      const standing = standingOfJob({ Status: status, ErrorCode: errorCode, ErrorMessage: errorMessage });
      return standing === 'complete' ? undefined : standing;
    }
    case 'PROGRESSING':
    case 'STATUS_UPDATE': {
      const percent = jobProgress?.jobPercentComplete;
      return { type: 'underway', ...(percent === undefined ? {} : { percent }) };
    }
    default:
      return undefined;
  }
};
