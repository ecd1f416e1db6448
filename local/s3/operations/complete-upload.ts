import * as z from 'zod';
import { checksumElement, checksumOfParts, declaredChecksum, etagOfParts } from '../body/checksums.ts';
import { S3Error } from '../errors.ts';
import type { Part, StoredObject } from '../store/records.ts';
import type { Upload } from '../store/state.ts';
import { document, leaf } from '../xml.ts';
import { writeCondition } from './object-headers.ts';
import {
  bucketName,
  type Operation,
  objectKey,
  quoted,
  readDocument,
  unquoted,
  xmlReply,
} from './operation.ts';
import { uploadId } from './uploads.ts';

/** Of every part but the last. */
const MIN_PART_BYTES = 5 * 1024 ** 2;
const MAX_PARTS = 10_000;

const listedPart = z.looseObject({ PartNumber: z.coerce.number().int(), ETag: z.string() });
const completion = z.object({
  CompleteMultipartUpload: z.object({ Part: z.union([z.array(listedPart), listedPart]) }),
});
type ListedPart = z.infer<typeof listedPart>;

export const completeUpload: Operation = async (context) => {
  const { request, store } = context;
  const bucket = bucketName(context);
  const key = objectKey(context);
  const condition = writeCondition(request.headers);
  store.upload(bucket, key, uploadId(context));
  store.checkCondition(bucket, key, condition);
  const parsed = completion.safeParse(await readDocument(context, { checksumOfObject: true }));
  if (!parsed.success) throw new S3Error('MalformedXML');
  const listed = [parsed.data.CompleteMultipartUpload.Part].flat();
  // Parts may have come, and others may have completed or aborted, while the document was read.
  const upload = store.upload(bucket, key, uploadId(context));
  const parts = chooseParts(upload, listed);
  const object = assemble(upload, parts, context.now());
  checkWhole(object, request.headers);
  await store.completeUpload(bucket, upload.id, object, condition);
  return xmlReply(
    document('CompleteMultipartUploadResult', [
      leaf('Location', `http://${request.headers.host}/${bucket}/${encodeURI(key)}`),
      leaf('Bucket', bucket),
      leaf('Key', key),
      leaf('ETag', quoted(object.etag)),
      object.checksum ? leaf(checksumElement(object.checksum.algorithm), object.checksum.value) : '',
      leaf('ChecksumType', object.checksum?.type),
    ]),
  );
};

/** The parts that the client lists. @throws S3Error InvalidPartOrder, InvalidPart, EntityTooSmall */
function chooseParts(upload: Upload, listed: readonly ListedPart[]): Part[] {
  if (listed.length > MAX_PARTS) throw new S3Error('MalformedXML');
  if (listed.some(({ PartNumber }, i) => PartNumber <= (listed[i - 1]?.PartNumber ?? 0))) {
    throw new S3Error('InvalidPartOrder', undefined, { UploadId: upload.id });
  }
  const parts = listed.map((item) => {
    const part = upload.parts.get(item.PartNumber);
    if (part?.etag !== unquoted(item.ETag)) {
      throw new S3Error('InvalidPart', undefined, {
        UploadId: upload.id,
        PartNumber: String(item.PartNumber),
        ETag: item.ETag,
      });
    }
    checkPartChecksum(upload, part, item);
    return part;
  });
  const small = parts.slice(0, -1).find((part) => part.size < MIN_PART_BYTES);
  if (small) {
    throw new S3Error('EntityTooSmall', undefined, {
      ProposedSize: String(small.size),
      MinSizeAllowed: String(MIN_PART_BYTES),
      PartNumber: String(small.number),
      ETag: small.etag,
    });
  }
  return parts;
}

function checkPartChecksum(upload: Upload, part: Part, item: ListedPart): void {
  const algorithm = upload.checksum?.algorithm ?? part.checksum?.algorithm;
  if (!algorithm) return;
  const given = item[checksumElement(algorithm)];
  if (given === undefined && upload.checksum?.type === 'COMPOSITE') {
    throw new S3Error(
      'InvalidRequest',
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`,
    );
  }
  if (given !== undefined && given !== part.checksum?.value) {
    throw new S3Error('InvalidPart', undefined, { UploadId: upload.id, PartNumber: String(part.number) });
  }
}

/** The object of the parts: all of it is known already. */
function assemble(upload: Upload, parts: readonly Part[], now: number): StoredObject {
  const { key, headers, metadata, checksum } = upload;
  return {
    key,
    headers,
    metadata,
    etag: etagOfParts(parts.map((part) => part.etag)),
    size: parts.reduce((sum, part) => sum + part.size, 0),
    modified: now,
    pieces: parts.flatMap((part) => part.pieces),
    parts: parts.map((part) => part.size),
    ...(checksum && {
      checksum: {
        ...checksum,
        value: checksumOfParts(
          checksum.algorithm,
          checksum.type,
          parts.map(({ checksum, size }) => ({ value: checksum?.value ?? '', size })),
        ),
      },
    }),
  };
}

// What the client says of the whole object.
function checkWhole(object: StoredObject, headers: Readonly<Record<string, string | undefined>>): void {
  const size = headers['x-amz-mp-object-size'];
  if (size !== undefined && Number(size) !== object.size) {
    throw new S3Error(
      'InvalidRequest',
      'The provided x-amz-mp-object-size does not match the size of the parts',
    );
  }
  const declared = declaredChecksum(headers);
  if (!declared || !object.checksum || declared.algorithm !== object.checksum.algorithm) return;
  const { value } = object.checksum;
  if (declared.value !== value && `${declared.value}-${object.parts?.length}` !== value) {
    throw new S3Error(
      'BadDigest',
      `The ${declared.algorithm} you specified did not match the calculated checksum.`,
    );
  }
}
