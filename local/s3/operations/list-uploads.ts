import { checksumElement } from '../body/checksums.ts';
import { compareUtf8 } from '../store/sorted-keys.ts';
import type { Upload } from '../store/state.ts';
import { document, element, leaf } from '../xml.ts';
import { nameEncoding } from './list-objects.ts';
import {
  bucketName,
  isoTime,
  type Operation,
  objectKey,
  queryNumber,
  quoted,
  xmlReply,
} from './operation.ts';
import { uploadId } from './uploads.ts';

const MAX_PAGE = 1000;
const OWNER = [leaf('ID', 'local'), leaf('DisplayName', 'local')];

export const listParts: Operation = async (context) => {
  const bucket = bucketName(context);
  const key = objectKey(context);
  const upload = context.store.upload(bucket, key, uploadId(context));
  const marker = queryNumber(context, 'part-number-marker', 0, Number.MAX_SAFE_INTEGER);
  const limit = queryNumber(context, 'max-parts', MAX_PAGE, MAX_PAGE);
  const after = [...upload.parts.values()]
    .filter((part) => part.number > marker)
    .sort((a, b) => a.number - b.number);
  const page = after.slice(0, limit);
  return xmlReply(
    document('ListPartsResult', [
      leaf('Bucket', bucket),
      leaf('Key', nameEncoding(context.request.query)(key)),
      leaf('UploadId', upload.id),
      element('Initiator', OWNER),
      element('Owner', OWNER),
      leaf('StorageClass', 'STANDARD'),
      leaf('PartNumberMarker', marker),
      leaf('NextPartNumberMarker', page.at(-1)?.number ?? 0),
      leaf('MaxParts', limit),
      leaf('IsTruncated', after.length > page.length && limit > 0),
      leaf('ChecksumAlgorithm', upload.checksum?.algorithm),
      leaf('ChecksumType', upload.checksum?.type),
      ...page.map((part) =>
        element('Part', [
          leaf('PartNumber', part.number),
          leaf('LastModified', isoTime(part.modified)),
          leaf('ETag', quoted(part.etag)),
          leaf('Size', part.size),
          part.checksum ? leaf(checksumElement(part.checksum.algorithm), part.checksum.value) : '',
        ]),
      ),
    ]),
  );
};

export const listUploads: Operation = async (context) => {
  const { query } = context.request;
  const bucket = context.store.bucket(bucketName(context));
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('upload-id-marker') ?? '';
  const limit = queryNumber(context, 'max-uploads', MAX_PAGE, MAX_PAGE);
  const encode = nameEncoding(query);
  const sorted = [...bucket.uploads.values()].filter(({ key }) => key.startsWith(prefix)).sort(inOrder);
  const marked = sorted.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  const after =
    marked === -1 ? sorted.filter(({ key }) => compareUtf8(key, keyMarker) > 0) : sorted.slice(marked + 1);
  const { uploads, prefixes, truncated } = rollUp(after, prefix, delimiter, limit);
  const last = uploads.at(-1);
  return xmlReply(
    document('ListMultipartUploadsResult', [
      leaf('Bucket', bucket.settings.name),
      leaf('KeyMarker', encode(keyMarker)),
      leaf('UploadIdMarker', idMarker),
      leaf('NextKeyMarker', truncated ? encode(last?.key ?? '') : undefined),
      leaf('NextUploadIdMarker', truncated ? last?.id : undefined),
      leaf('Prefix', encode(prefix)),
      leaf('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
      leaf('EncodingType', query.get('encoding-type') ?? undefined),
      leaf('MaxUploads', limit),
      leaf('IsTruncated', truncated),
      ...uploads.map((upload) =>
        element('Upload', [
          leaf('Key', encode(upload.key)),
          leaf('UploadId', upload.id),
          element('Initiator', OWNER),
          element('Owner', OWNER),
          leaf('StorageClass', 'STANDARD'),
          leaf('Initiated', isoTime(upload.initiated)),
          leaf('ChecksumAlgorithm', upload.checksum?.algorithm),
          leaf('ChecksumType', upload.checksum?.type),
        ]),
      ),
      ...prefixes.map((name) => element('CommonPrefixes', leaf('Prefix', encode(name)))),
    ]),
  );
};

const inOrder = (a: Upload, b: Upload): number =>
  compareUtf8(a.key, b.key) || a.initiated - b.initiated || compareUtf8(a.id, b.id);

/** The page of uploads; those under a common prefix are only named by it. */
function rollUp(sorted: readonly Upload[], prefix: string, delimiter: string, limit: number) {
  const uploads: Upload[] = [];
  const prefixes: string[] = [];
  for (const upload of sorted) {
    const cut = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const common = cut === -1 ? undefined : upload.key.slice(0, cut + delimiter.length);
    if (common !== undefined && prefixes.at(-1) === common) continue;
    if (uploads.length + prefixes.length >= limit) return { uploads, prefixes, truncated: limit > 0 };
    if (common === undefined) uploads.push(upload);
    else prefixes.push(common);
  }
  return { uploads, prefixes, truncated: false };
}
