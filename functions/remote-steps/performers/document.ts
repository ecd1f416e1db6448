import { URL_LIFETIME_SECONDS } from '../../../shared/constants.ts';
import type { StepInput } from '../../../shared/post-processing/inputs.ts';
import type { Bucket } from '../../../shared/schemas/storage.ts';
import { type ObjectStore, StorageError } from '../../../shared/storage/object-store.ts';
import type { Task } from './performer.ts';

const placeOf = ({ bucket, region, endpoint }: Bucket) => ({
  bucket,
  region,
  ...(endpoint === undefined ? {} : { endpoint }),
});

const describeInput = ({ format, bucket, key, sizeBytes, durationSeconds }: StepInput) => ({
  format: format ?? null,
  ...placeOf(bucket),
  key,
  ...(sizeBytes === undefined ? {} : { sizeBytes }),
  ...(durationSeconds === undefined ? {} : { durationSeconds }),
});

/** What those who do a step are told of it: JSON, the same each time that a try is handed over. */
export const describeTask = ({ name, recording, step, inputs }: Task<'lambda'> | Task<'step-functions'>) => {
  const { domain, app, stream } = recording;
  const { bucket, key } = step.destination;
  return {
    ...name,
    stream: { domain, app, stream },
    inputs: inputs.map(describeInput),
    output: { ...placeOf(bucket), prefix: `${key}/` },
    parameters: step.step.parameters ?? {},
  };
};

/** Null for HLS, whose segments would each need a signature of their own, and when it cannot be signed for. */
export const urlOf = async (
  storeOf: (bucket: Bucket) => Pick<ObjectStore, 'presign'>,
  { format, bucket, key }: StepInput,
): Promise<string | null> => {
  if (format === 'hls') return null;
  try {
    return await storeOf(bucket).presign(key, { expiresInSeconds: URL_LIFETIME_SECONDS });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return null;
  }
};
