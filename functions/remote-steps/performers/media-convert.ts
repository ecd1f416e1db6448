import { isDeepStrictEqual } from 'node:util';
import {
  CancelJobCommand,
  CreateJobCommand,
  GetJobCommand,
  GetJobTemplateCommand,
  ListJobsCommand,
  type MediaConvertClient,
  type Job as ServiceJob,
} from '@aws-sdk/client-mediaconvert';
import { stepReason } from '../../../shared/post-processing/reasons.ts';
import { keptFiles } from '../../../shared/post-processing/results.ts';
import type { TryName } from '../../../shared/post-processing/tries.ts';
import type { RemoteFile } from '../../../shared/schemas/remote-steps.ts';
import type { Bucket } from '../../../shared/schemas/storage.ts';
import type { ObjectStore } from '../../../shared/storage/object-store.ts';
import { jobOf, metadataOf } from './media-convert-job.ts';
import type { Begun, HandedStep, Job, Performer, Standing, Task } from './performer.ts';
import { absenceOf, isClientFault, refusedBy } from './service-errors.ts';

export interface MediaConvertPorts {
  readonly client: Pick<MediaConvertClient, 'send'>;
  storeOf(bucket: Bucket): Pick<ObjectStore, 'list'>;
  /** ARN of the role that it reads and writes with. */
  readonly role: string;
  readonly deployment: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Pages of twenty jobs that are looked through for one whose id is not known. */
const MOST_PAGES = 25;
/** Clocks may differ. */
const SLACK_MS = 60_000;

/** What the service says of a job that it will not change any more. */
const OVER = ['ConflictException', 'NotFoundException', 'BadRequestException'];

const uriOf = ({ bucket }: Bucket, key: string): string => `s3://${bucket}/${key}`;

const isElsewhere = ({ endpoint }: Bucket): boolean =>
  endpoint !== undefined && !/\.amazonaws\.com/.test(endpoint);

const failed = (detail: string): Standing => ({
  type: 'failed',
  reason: stepReason('told-failed', detail.slice(0, 500)),
  final: false,
});

/** How a job is, but for its files. Pure. */
export const standingOfJob = (
  job: Pick<ServiceJob, 'Status' | 'ErrorCode' | 'ErrorMessage' | 'JobPercentComplete'>,
): Standing | 'complete' => {
  switch (job.Status) {
    case 'COMPLETE':
      return 'complete';
    case 'ERROR':
      return failed(`${job.ErrorMessage ?? 'It gives no reason.'} (${job.ErrorCode ?? 'no code'})`);
    case 'CANCELED':
      return { type: 'failed', reason: stepReason('stopped-elsewhere'), final: true };
    default:
      return job.JobPercentComplete === undefined
        ? { type: 'underway' }
        : { type: 'underway', percent: job.JobPercentComplete };
  }
};

/**
 * Jobs of AWS Elemental MediaConvert. A request with the token of an earlier one makes no second job, but for a minute only
 * (https://docs.aws.amazon.com/mediaconvert/latest/apireference/idempotency.html), so a try that may have been handed over
 * before is looked for among the jobs.
 */
export const createMediaConvertPerformer = (ports: MediaConvertPorts): Performer<'mediaconvert'> => {
  const { client, deployment } = ports;

  const find = async (name: TryName, since: string): Promise<ServiceJob | undefined> => {
    const [wanted, earliest] = [metadataOf(deployment, name), Date.parse(since) - SLACK_MS];
    let token: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { Jobs = [], NextToken } = await client.send(
        new ListJobsCommand({ Order: 'DESCENDING', ...(token === undefined ? {} : { NextToken: token }) }),
      );
      const found = Jobs.find(({ UserMetadata }) => isDeepStrictEqual({ ...UserMetadata }, wanted));
      if (found !== undefined) return found;
      const oldest = Jobs.at(-1)?.CreatedAt?.getTime() ?? Number.NEGATIVE_INFINITY;
      if (NextToken === undefined || oldest < earliest) return undefined;
      token = NextToken;
    }
    return undefined;
  };

  const get = async (Id: string): Promise<ServiceJob | undefined> => {
    try {
      return (await client.send(new GetJobCommand({ Id }))).Job;
    } catch (error) {
      if (isClientFault(error) && error.name === 'NotFoundException') return undefined;
      throw error;
    }
  };

  const current = ({ name, jobId, since }: Job<'mediaconvert'>): Promise<ServiceJob | undefined> =>
    jobId === undefined ? find(name, since) : get(jobId);

  /** `GetJob` does not say what the files are called, so they are looked for where they should be. */
  const filesOf = async ({
    destination: { bucket, key },
  }: Pick<HandedStep, 'destination'>): Promise<RemoteFile[]> => {
    const found = await ports.storeOf(bucket).list(`${key}/`);
    const files = found.map((object) => ({ key: object.key, sizeBytes: object.size }));
    return keptFiles(
      files.sort((one, other) => Number(other.key.endsWith('.m3u8')) - Number(one.key.endsWith('.m3u8'))),
      bucket.bucket,
    );
  };

  const create = async ({ name, step, inputs }: Task<'mediaconvert'>): Promise<Begun> => {
    const { jobTemplate } = step.step;
    const { JobTemplate: template } = await client.send(new GetJobTemplateCommand({ Name: jobTemplate }));
    if (template === undefined) throw new Error(`MediaConvert gave no template for ${jobTemplate}`);
    const { bucket, key } = step.destination;
    const request = jobOf({
      ...{ name, deployment, role: ports.role, template },
      inputs: inputs.map((input) => uriOf(input.bucket, input.key)),
      folder: uriOf(bucket, `${key}/`),
    });
    const { Job: made } = await client.send(new CreateJobCommand(request));
    return { type: 'begun', ...(made?.Id === undefined ? {} : { jobId: made.Id }) };
  };

  return {
    begin: async (task) => {
      const absence = absenceOf('MEDIACONVERT', ports.environment);
      if (absence !== undefined) return absence;
      const { name, step, run, inputs, isAgain } = task;
      if ([step.destination, ...inputs].some(({ bucket }) => isElsewhere(bucket))) {
        const reason = stepReason('input-unsuitable', 'MediaConvert reads and writes in Amazon S3 only.');
        return { type: 'refused', reason, final: true };
      }
      try {
        const known = isAgain ? await find(name, step.startedAt ?? run.createdAt) : undefined;
        return known?.Id === undefined ? await create(task) : { type: 'begun', jobId: known.Id };
      } catch (error) {
        return refusedBy(error);
      }
    },
    ask: async (job) => {
      const found = await current(job);
      if (found === undefined) {
        return { type: 'failed', reason: stepReason('not-taken', 'There is no such job.'), final: false };
      }
      const standing = standingOfJob(found);
      return standing === 'complete' ? { type: 'succeeded', files: await filesOf(job.step) } : standing;
    },
    stop: async (job) => {
      const Id = job.jobId ?? (await find(job.name, job.since))?.Id;
      if (Id === undefined) return;
      try {
        await client.send(new CancelJobCommand({ Id }));
      } catch (error) {
        if (!isClientFault(error) || !OVER.includes(error.name)) throw error;
      }
    },
  };
};
