import { encodePath } from '../auth/sigv4.ts';
import { S3Error } from '../errors.ts';
import { type Listing, listKeys } from '../store/listing.ts';
import type { StoredObject } from '../store/records.ts';
import type { Bucket } from '../store/state.ts';
import { document, element, leaf, type Xml } from '../xml.ts';
import {
  bucketName,
  type Context,
  isoTime,
  type Operation,
  queryNumber,
  quoted,
  xmlReply,
} from './operation.ts';

const MAX_KEYS = 1000;

export const listObjectsV2: Operation = async (context) => {
  const { query } = context.request;
  const token = query.get('continuation-token') ?? undefined;
  const startAfter = query.get('start-after') ?? undefined;
  const page = list(context, token === undefined ? (startAfter ?? '') : decodeToken(token));
  const { keys, prefixes, next } = page.listing;
  return xmlReply(
    document('ListBucketResult', [
      ...page.head,
      leaf('KeyCount', keys.length + prefixes.length),
      leaf('ContinuationToken', token),
      leaf('NextContinuationToken', next === undefined ? undefined : encodeToken(next)),
      leaf('StartAfter', startAfter === undefined ? undefined : page.encode(startAfter)),
      ...page.items,
    ]),
  );
};

export const listObjectsV1: Operation = async (context) => {
  const marker = context.request.query.get('marker') ?? '';
  const page = list(context, marker);
  const { next } = page.listing;
  return xmlReply(
    document('ListBucketResult', [
      ...page.head,
      leaf('Marker', page.encode(marker)),
      // S3 gives it with a delimiter only; without one, the last key is the marker.
      leaf(
        'NextMarker',
        next !== undefined && context.request.query.get('delimiter') ? page.encode(next) : undefined,
      ),
      ...page.items,
    ]),
  );
};

type Page = {
  readonly listing: Listing;
  readonly head: readonly Xml[];
  readonly items: readonly Xml[];
  readonly encode: (name: string) => string;
};

function list(context: Context, after: string): Page {
  const bucket = context.store.bucket(bucketName(context));
  const { query } = context.request;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const encode = nameEncoding(query);
  const limit = queryNumber(context, 'max-keys', MAX_KEYS, MAX_KEYS);
  const listing = listKeys(bucket.keys, { prefix, delimiter, after, limit });
  return {
    listing,
    encode,
    head: [
      leaf('Name', bucket.settings.name),
      leaf('Prefix', encode(prefix)),
      leaf('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
      leaf('MaxKeys', limit),
      leaf('EncodingType', query.get('encoding-type') ?? undefined),
      leaf('IsTruncated', listing.next !== undefined),
    ],
    items: [
      ...listing.keys.map((key) => contents(bucket, key, encode)),
      ...listing.prefixes.map((name) => element('CommonPrefixes', leaf('Prefix', encode(name)))),
    ],
  };
}

function contents(bucket: Bucket, key: string, encode: Page['encode']): Xml {
  const { etag, size, modified, checksum } = bucket.objects.get(key) as StoredObject;
  return element('Contents', [
    leaf('Key', encode(key)),
    leaf('LastModified', isoTime(modified)),
    leaf('ETag', quoted(etag)),
    leaf('ChecksumAlgorithm', checksum?.algorithm),
    leaf('ChecksumType', checksum?.type),
    leaf('Size', size),
    leaf('StorageClass', 'STANDARD'),
  ]);
}

/** How names are written in a list: as they are, or with `encoding-type=url`. */
export function nameEncoding(query: URLSearchParams): (name: string) => string {
  const type = query.get('encoding-type');
  if (type === null) return (name) => name;
  if (type === 'url') return (name) => encodePath(name).replaceAll('%20', '+');
  throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request', {
    ArgumentName: 'encoding-type',
    ArgumentValue: type,
  });
}

const encodeToken = (after: string): string => Buffer.from(`1${after}`).toString('base64url');

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('1')) {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  }
  return text.slice(1);
}
