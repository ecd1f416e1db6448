import { ApiProblem, dataOf, itemsOf, type Schemas } from '../../client/index.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../exit.ts';

/** A bucket, and what is known of how it is reached. */
export interface BucketOptions {
  readonly bucket: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly pathStyle?: boolean;
}

type Storage = Schemas['Storage'];

const PAGE = 100;

const find = async ({ api }: Context, wanted: BucketOptions): Promise<Storage | undefined> => {
  const { bucket, region, endpoint } = wanted;
  const all = itemsOf((page) => api.GET('/v1/storages', { params: { query: page } }), PAGE);
  for await (const storage of all) {
    const isIt =
      storage.bucket === bucket &&
      (region === undefined || storage.region === region) &&
      (endpoint === undefined || storage.endpoint === endpoint);
    if (isIt) return storage;
  }
  return undefined;
};

/**
 * The storage of a bucket; made, and kept, when there is none.
 * @throws UsageError when it would have to be made, and its region is not known
 */
export const storageOf = async (context: Context, wanted: BucketOptions, id: string): Promise<Storage> => {
  const { api, out } = context;
  const found = await find(context, wanted);
  if (found !== undefined) return found;
  const { bucket, region, endpoint, pathStyle } = wanted;
  if (region === undefined) {
    throw new UsageError(
      `There is no storage for the bucket ${bucket} yet; say its --region, and one is made.`,
    );
  }
  const body = {
    bucket,
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(pathStyle === undefined ? {} : { forcePathStyle: pathStyle }),
  };
  const create = (name: string) => dataOf(api.POST('/v1/storages', { body: { name, ...body } }));
  const name = bucket.replaceAll('.', '-');
  const storage = await create(name).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.code === 'name-taken')
      return create(`${name.slice(0, 48)}-${id}`);
    throw error;
  });
  out.note(`The storage ${storage.name} was made for the bucket ${bucket}, and stays.`);
  return storage;
};
