import * as z from 'zod';
import { receiveText } from '../body/receive.ts';
import { S3Error } from '../errors.ts';
import { document, element, leaf, parseXml } from '../xml.ts';
import { bucketName, type Context, isoTime, type Operation, xmlReply } from './operation.ts';

const NAME = /^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const OWNER = element('Owner', [leaf('ID', 'local'), leaf('DisplayName', 'local')]);

const createConfiguration = z.object({
  CreateBucketConfiguration: z.union([
    z.object({ LocationConstraint: z.string().optional() }),
    z.string().transform(() => ({ LocationConstraint: undefined })),
  ]),
});

export const listBuckets: Operation = async ({ store }) => {
  const buckets = store
    .buckets()
    .map(({ settings }) => settings)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, created }) =>
      element('Bucket', [leaf('Name', name), leaf('CreationDate', isoTime(created))]),
    );
  return xmlReply(document('ListAllMyBucketsResult', [OWNER, element('Buckets', buckets)]));
};

export const createBucket: Operation = async (context) => {
  const { store, region } = context;
  const name = bucketName(context);
  if (!NAME.test(name)) throw new S3Error('InvalidBucketName', undefined, { BucketName: name });
  checkLocation(await requestedLocation(context), region);
  if (store.findBucket(name)) {
    // Only us-east-1 still answers a repeated creation with success.
    if (region !== 'us-east-1') throw new S3Error('BucketAlreadyOwnedByYou', undefined, { BucketName: name });
  } else {
    await store.putBucket({ name, created: context.now() });
  }
  return { status: 200, headers: { location: `/${name}` } };
};

export const headBucket: Operation = async (context) => {
  context.store.bucket(bucketName(context));
  return { status: 200, headers: { 'x-amz-bucket-region': context.region } };
};

export const deleteBucket: Operation = async (context) => {
  await context.store.deleteBucket(bucketName(context));
  return { status: 204 };
};

export const getBucketLocation: Operation = async (context) => {
  context.store.bucket(bucketName(context));
  // The oldest region has no name here.
  const location = context.region === 'us-east-1' ? '' : context.region;
  return xmlReply(document('LocationConstraint', [location]));
};

async function requestedLocation({ request, authentication }: Context): Promise<string | undefined> {
  const body = await receiveText(request, authentication);
  if (body.trim() === '') return undefined;
  const parsed = createConfiguration.safeParse(parseXml(body));
  if (!parsed.success) throw new S3Error('MalformedXML');
  return parsed.data.CreateBucketConfiguration.LocationConstraint;
}

function checkLocation(location: string | undefined, region: string): void {
  if (location === undefined ? region === 'us-east-1' : location === region && region !== 'us-east-1') return;
  if (location === 'us-east-1') throw new S3Error('InvalidLocationConstraint');
  throw new S3Error(
    'IllegalLocationConstraintException',
    `The ${location ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
