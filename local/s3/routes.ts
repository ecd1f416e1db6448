import { S3Error } from './errors.ts';
import {
  deleteCors,
  deleteLifecycle,
  getCors,
  getLifecycle,
  putCors,
  putLifecycle,
} from './operations/bucket-configuration.ts';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from './operations/buckets.ts';
import { completeUpload } from './operations/complete-upload.ts';
import { copyObject } from './operations/copy-object.ts';
import { deleteObjects } from './operations/delete-objects.ts';
import { listObjectsV1, listObjectsV2 } from './operations/list-objects.ts';
import { listParts, listUploads } from './operations/list-uploads.ts';
import { deleteObject, getObject, headObject, putObject } from './operations/objects.ts';
import type { Operation } from './operations/operation.ts';
import { uploadPart, uploadPartCopy } from './operations/parts.ts';
import { abortUpload, createUpload } from './operations/uploads.ts';
import type { S3Request } from './request.ts';

/** `METHOD scope[?subresource]` of every operation. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET service': listBuckets,
  'PUT bucket': createBucket,
  'HEAD bucket': headBucket,
  'DELETE bucket': deleteBucket,
  'GET bucket': listObjectsV1,
  'GET bucket?list-type': listObjectsV2,
  'GET bucket?location': getBucketLocation,
  'GET bucket?uploads': listUploads,
  'GET bucket?cors': getCors,
  'PUT bucket?cors': putCors,
  'DELETE bucket?cors': deleteCors,
  'GET bucket?lifecycle': getLifecycle,
  'PUT bucket?lifecycle': putLifecycle,
  'DELETE bucket?lifecycle': deleteLifecycle,
  'POST bucket?delete': deleteObjects,
  'PUT object': putObject,
  'PUT object from another': copyObject,
  'GET object': getObject,
  'HEAD object': headObject,
  'DELETE object': deleteObject,
  'POST object?uploads': createUpload,
  'PUT object?uploadId': uploadPart,
  'PUT object?uploadId from another': uploadPartCopy,
  'GET object?uploadId': listParts,
  'POST object?uploadId': completeUpload,
  'DELETE object?uploadId': abortUpload,
};

/**
 * Query parameters that make another operation of a request. Those without an operation here must be refused: a
 * `PUT ?tagging` taken for a plain PUT would overwrite the object.
 */
const SUBRESOURCES = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'list-type',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
];

/** The operation that a request asks for, and its name. @throws S3Error NotImplemented, MethodNotAllowed */
export function findOperation({ method, bucket, key, query, headers }: S3Request): [string, Operation] {
  const scope = bucket === undefined ? 'service' : key === undefined ? 'bucket' : 'object';
  const subresource = SUBRESOURCES.find((name) => query.has(name));
  const copies = method === 'PUT' && headers['x-amz-copy-source'] !== undefined;
  const name = `${method} ${scope}${subresource === undefined ? '' : `?${subresource}`}`;
  const full = copies ? `${name} from another` : name;
  const operation = OPERATIONS[full];
  if (operation) return [full, operation];
  if (subresource === undefined) throw new S3Error('MethodNotAllowed');
  throw new S3Error('NotImplemented', `${name} is not implemented`);
}
