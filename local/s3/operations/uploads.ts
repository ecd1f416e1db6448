import { defaultType, parseAlgorithm } from '../body/checksums.ts';
import { S3Error } from '../errors.ts';
import type { Headers } from '../request.ts';
import type { UploadSettings } from '../store/records.ts';
import { checksumType } from '../store/records.ts';
import { document, leaf } from '../xml.ts';
import { describedObject } from './object-headers.ts';
import { bucketName, type Context, type Operation, objectKey, xmlReply } from './operation.ts';

export const createUpload: Operation = async (context) => {
  const { request, store } = context;
  const bucket = bucketName(context);
  const key = objectKey(context);
  const checksum = requestedChecksum(request.headers);
  const id = await store.createUpload(bucket, {
    key,
    ...describedObject(request.headers),
    initiated: context.now(),
    ...(checksum && { checksum }),
  });
  return xmlReply(
    document('InitiateMultipartUploadResult', [
      leaf('Bucket', bucket),
      leaf('Key', key),
      leaf('UploadId', id),
    ]),
    checksum && {
      'x-amz-checksum-algorithm': checksum.algorithm,
      'x-amz-checksum-type': checksum.type,
    },
  );
};

export const abortUpload: Operation = async (context) => {
  await context.store.abortUpload(bucketName(context), objectKey(context), uploadId(context));
  return { status: 204 };
};

export const uploadId = ({ request }: Context): string => request.query.get('uploadId') ?? '';

function requestedChecksum(headers: Headers): UploadSettings['checksum'] {
  const name = headers['x-amz-checksum-algorithm'];
  const requestedType = headers['x-amz-checksum-type'];
  if (name === undefined) {
    if (requestedType === undefined) return undefined;
    throw new S3Error(
      'InvalidRequest',
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const algorithm = parseAlgorithm(name);
  const type = checksumType.safeParse(requestedType ?? defaultType(algorithm));
  if (!type.success) throw new S3Error('InvalidRequest', 'Value for x-amz-checksum-type header is invalid.');
  const possible = type.data === 'FULL_OBJECT' ? algorithm.startsWith('CRC') : algorithm !== 'CRC64NVME';
  if (!possible) {
    throw new S3Error(
      'InvalidRequest',
      `The ${type.data} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    );
  }
  return { algorithm, type: type.data };
}
