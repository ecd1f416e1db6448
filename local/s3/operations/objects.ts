import { checksumHeader } from '../body/checksums.ts';
import { receive } from '../body/receive.ts';
import { S3Error } from '../errors.ts';
import { slicePieces } from '../store/blobs.ts';
import { describedObject, objectHeaders, writeCondition } from './object-headers.ts';
import { bucketName, type Context, type Operation, objectKey, queryNumber, quoted } from './operation.ts';
import { type ByteRange, parseRange, partRange } from './ranges.ts';
import { readDecision } from './read-conditions.ts';

export const putObject: Operation = async (context) => {
  const { request, authentication, store } = context;
  const bucket = bucketName(context);
  const key = objectKey(context);
  const described = describedObject(request.headers);
  const condition = writeCondition(request.headers);
  store.checkCondition(bucket, key, condition);
  const body = receive(request, authentication);
  const pieces = await store.blobs.write(body.chunks);
  try {
    const { size, md5, checksum } = body.result();
    await store.putObject(
      bucket,
      {
        key,
        ...described,
        etag: md5,
        size,
        modified: context.now(),
        pieces,
        ...(checksum && { checksum: { ...checksum, type: 'FULL_OBJECT' } }),
      },
      condition,
    );
    return {
      status: 200,
      headers: {
        etag: quoted(md5),
        ...(checksum && {
          [checksumHeader(checksum.algorithm)]: checksum.value,
          'x-amz-checksum-type': 'FULL_OBJECT',
        }),
      },
    };
  } finally {
    await store.blobs.release(pieces);
  }
};

export const getObject: Operation = async (context) => {
  const { request, store } = context;
  const object = store.object(bucketName(context), objectKey(context));
  const headers = objectHeaders(object, request.headers, request.query);
  const decision = readDecision(object, request.headers);
  if (decision === 'not-modified') {
    return {
      status: 304,
      headers: { etag: quoted(object.etag), 'last-modified': headers['last-modified'] ?? '' },
    };
  }
  if (decision !== 'send') {
    throw new S3Error('PreconditionFailed', undefined, { Condition: decision.failed });
  }
  const range = requestedRange(context, object.size, object.parts);
  const { start, length } = range ?? { start: 0, length: object.size };
  if (range) {
    headers['content-range'] = `bytes ${start}-${start + length - 1}/${object.size}`;
    // The checksum is one of the whole object; clients would compare it with the part they get.
    for (const name of Object.keys(headers)) if (name.startsWith('x-amz-checksum-')) delete headers[name];
  }
  if (request.query.has('partNumber') && object.parts) {
    headers['x-amz-mp-parts-count'] = String(object.parts.length);
  }
  const reply = { status: range ? 206 : 200, headers: { ...headers, 'content-length': String(length) } };
  if (request.method === 'HEAD') return reply;
  // A reader gets the object it began with, though it may be replaced or deleted meanwhile.
  const pieces = slicePieces(object.pieces, start, length);
  store.blobs.retain(pieces);
  return { ...reply, body: store.blobs.read(pieces), done: () => store.blobs.release(pieces) };
};

export const headObject: Operation = getObject;

export const deleteObject: Operation = async (context) => {
  const bucket = bucketName(context);
  const key = objectKey(context);
  const condition = writeCondition(context.request.headers);
  context.store.checkCondition(bucket, key, condition);
  await context.store.deleteObjects(bucket, [key]);
  return { status: 204 };
};

function requestedRange(
  context: Context,
  size: number,
  parts: readonly number[] | undefined,
): ByteRange | undefined {
  const { headers, query } = context.request;
  if (!query.has('partNumber')) return parseRange(headers.range, size);
  if (headers.range !== undefined) {
    throw new S3Error('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
  }
  const range = partRange(parts, size, queryNumber(context, 'partNumber', 1, 10_000));
  return range.length > 0 ? range : undefined;
}
