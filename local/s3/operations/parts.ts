import { checksumElement, checksumHeader, declaredChecksum } from '../body/checksums.ts';
import { receive } from '../body/receive.ts';
import { S3Error } from '../errors.ts';
import type { Part } from '../store/records.ts';
import type { Upload } from '../store/state.ts';
import { document, leaf } from '../xml.ts';
import { copyBytes, copyRange, copySource } from './copy.ts';
import {
  bucketName,
  type Context,
  isoTime,
  type Operation,
  objectKey,
  quoted,
  xmlReply,
} from './operation.ts';
import { uploadId } from './uploads.ts';

export const uploadPart: Operation = async (context) => {
  const { request, authentication, store } = context;
  const bucket = bucketName(context);
  const key = objectKey(context);
  const number = partNumber(context);
  const upload = store.upload(bucket, key, uploadId(context));
  checkAlgorithm(upload, declaredChecksum(request.headers)?.algorithm);
  const body = receive(request, authentication, { compute: upload.checksum?.algorithm });
  const pieces = await store.blobs.write(body.chunks);
  try {
    const { size, md5, checksum } = body.result();
    await store.putPart(bucket, key, upload.id, {
      number,
      etag: md5,
      size,
      modified: context.now(),
      pieces,
      ...(checksum && { checksum }),
    });
    return {
      status: 200,
      headers: {
        etag: quoted(md5),
        ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }),
      },
    };
  } finally {
    await store.blobs.release(pieces);
  }
};

export const uploadPartCopy: Operation = async (context) => {
  const { request, store } = context;
  const bucket = bucketName(context);
  const key = objectKey(context);
  const number = partNumber(context);
  const upload = store.upload(bucket, key, uploadId(context));
  const { object } = copySource(context);
  const range = copyRange(request.headers['x-amz-copy-source-range'], object.size);
  const { pieces, size, md5, checksum } = await copyBytes(store, object, range, upload.checksum?.algorithm);
  try {
    const part: Part = {
      number,
      etag: md5,
      size,
      modified: context.now(),
      pieces,
      ...(checksum && { checksum }),
    };
    await store.putPart(bucket, key, upload.id, part);
    return xmlReply(
      document('CopyPartResult', [
        leaf('LastModified', isoTime(part.modified)),
        leaf('ETag', quoted(md5)),
        checksum ? leaf(checksumElement(checksum.algorithm), checksum.value) : '',
      ]),
    );
  } finally {
    await store.blobs.release(pieces);
  }
};

function partNumber({ request }: Context): number {
  const value = request.query.get('partNumber') ?? '';
  const number = Number(value);
  if (/^\d{1,5}$/.test(value) && number >= 1 && number <= 10_000) return number;
  throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', {
    ArgumentName: 'partNumber',
    ArgumentValue: value,
  });
}

// Parts of an upload with composite checksums must bring theirs; the others may.
function checkAlgorithm({ checksum }: Upload, given: string | undefined): void {
  if (!checksum || given === checksum.algorithm) return;
  if (given === undefined && checksum.type === 'FULL_OBJECT') return;
  throw new S3Error(
    'InvalidRequest',
    `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm.toLowerCase()}, actual checksum Type: ${given?.toLowerCase() ?? 'null'}`,
  );
}
