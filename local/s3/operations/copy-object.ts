import { checksumElement, parseAlgorithm } from '../body/checksums.ts';
import { S3Error } from '../errors.ts';
import { document, leaf } from '../xml.ts';
import { copyBytes, copySource } from './copy.ts';
import { describedObject, writeCondition } from './object-headers.ts';
import { bucketName, isoTime, type Operation, objectKey, quoted, xmlReply } from './operation.ts';

const MAX_COPY_BYTES = 5 * 1024 ** 3;

export const copyObject: Operation = async (context) => {
  const { request, store } = context;
  const bucket = bucketName(context);
  const key = objectKey(context);
  const condition = writeCondition(request.headers);
  store.checkCondition(bucket, key, condition);
  const source = copySource(context);
  const replace = directive(request.headers['x-amz-metadata-directive']) === 'REPLACE';
  if (!replace && source.bucket === bucket && source.object.key === key) {
    throw new S3Error(
      'InvalidRequest',
      'This copy request is illegal because it is trying to copy an object to itself without changing the object’s metadata, storage class, website redirect location or encryption attributes.',
    );
  }
  if (source.object.size > MAX_COPY_BYTES) {
    throw new S3Error(
      'InvalidRequest',
      'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
    );
  }
  const { headers, metadata } = replace ? describedObject(request.headers) : source.object;
  const requested = request.headers['x-amz-checksum-algorithm'];
  const algorithm = requested === undefined ? source.object.checksum?.algorithm : parseAlgorithm(requested);
  const whole = { start: 0, length: source.object.size };
  const { pieces, size, md5, checksum } = await copyBytes(store, source.object, whole, algorithm);
  try {
    const modified = context.now();
    const stored = checksum && { ...checksum, type: 'FULL_OBJECT' as const };
    await store.putObject(
      bucket,
      { key, headers, metadata, etag: md5, size, modified, pieces, ...(stored && { checksum: stored }) },
      condition,
    );
    return xmlReply(
      document('CopyObjectResult', [
        leaf('LastModified', isoTime(modified)),
        leaf('ETag', quoted(md5)),
        checksum ? leaf(checksumElement(checksum.algorithm), checksum.value) : '',
        leaf('ChecksumType', stored?.type),
      ]),
    );
  } finally {
    await store.blobs.release(pieces);
  }
};

function directive(value = 'COPY'): string {
  if (value === 'COPY' || value === 'REPLACE') return value;
  throw new S3Error('InvalidArgument', 'Unknown metadata directive.', {
    ArgumentName: 'x-amz-metadata-directive',
    ArgumentValue: value,
  });
}
