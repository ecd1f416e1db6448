import {
  BucketAlreadyExists,
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Resource } from '../template/load.ts';
import type { Physical } from '../template/resolve.ts';
import { LOCAL_REGION } from './credentials.ts';
import { bucketName } from './names.ts';

export const bucketPhysical = (resource: Resource): Physical => {
  const name = bucketName(resource, resource.properties.BucketName);
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${LOCAL_REGION}.amazonaws.com`,
    },
  };
};

/** Makes a bucket unless the data folder has it already. */
export const createBucket = async (client: S3Client, name: string): Promise<void> => {
  try {
    await client.send(new CreateBucketCommand({ Bucket: name }));
  } catch (error) {
    if (error instanceof BucketAlreadyOwnedByYou || error instanceof BucketAlreadyExists) return;
    throw error;
  }
};
