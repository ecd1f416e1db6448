import type { AddressPolicy } from '../net/address-policy.ts';
import type { Bucket, StorageCredentials } from '../schemas/storage.ts';
import { createIdentify, type Identify } from './credentials.ts';
import type { ObjectStore } from './object-store.ts';
import { createObjectStore, s3ClientFor } from './s3-object-store.ts';

export interface Stores {
  /** The store of a bucket, the same one each time: its connections and credentials are what all users of it share. */
  of(bucket: Bucket): ObjectStore;
  /** A store to try a bucket out with: it reads credentials anew, and gives up soon. */
  open(bucket: Bucket): ObjectStore;
}

const remembering = <Key, Value>(make: (key: Key) => Value, nameOf: (key: Key) => string) => {
  const made = new Map<string, Value>();
  return (key: Key): Value => {
    const name = nameOf(key);
    const value = made.get(name) ?? make(key);
    made.set(name, value);
    return value;
  };
};

const nameOfCredentials = (credentials: StorageCredentials): string =>
  credentials.type === 'role'
    ? JSON.stringify(['role', credentials.roleArn, credentials.externalId])
    : JSON.stringify(['secret', credentials.secretId]);

const nameOfBucket = ({ bucket, region, endpoint, forcePathStyle, credentials }: Bucket): string =>
  JSON.stringify([bucket, region, endpoint, forcePathStyle, credentials && nameOfCredentials(credentials)]);

/** Every store of one process. Endpoints that storages name are reached only where `policy` allows their address. */
export const createStores = (policy: AddressPolicy): Stores => {
  const identifyOf = remembering((one: StorageCredentials) => createIdentify(one), nameOfCredentials);
  const open = (bucket: Bucket, identify: Identify | undefined, isTrial: boolean): ObjectStore =>
    createObjectStore(bucket, s3ClientFor(bucket, { policy, identify, isTrial }));
  return {
    of: remembering(
      (bucket) => open(bucket, bucket.credentials && identifyOf(bucket.credentials), false),
      nameOfBucket,
    ),
    open: (bucket) => open(bucket, bucket.credentials && createIdentify(bucket.credentials), true),
  };
};
