import { checksumHeader } from '../body/checksums.ts';
import { S3Error } from '../errors.ts';
import { type Headers, headerValue } from '../request.ts';
import type { StoredObject } from '../store/records.ts';
import type { WriteCondition } from '../store/store.ts';
import { quoted, unquoted } from './operation.ts';

const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
const MAX_METADATA_BYTES = 2048;

/** What a client says of an object that it puts. @throws S3Error MetadataTooLarge */
export function describedObject(headers: Headers): Pick<StoredObject, 'headers' | 'metadata'> {
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value = ''] of Object.entries(headers)) {
    if (!name.startsWith('x-amz-meta-')) continue;
    metadata[name.slice('x-amz-meta-'.length)] = value;
    bytes += name.length - 'x-amz-meta-'.length + value.length;
  }
  if (bytes > MAX_METADATA_BYTES) throw new S3Error('MetadataTooLarge');
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of KEPT) {
    const value = name === 'content-encoding' ? withoutAwsChunked(headers[name]) : headers[name];
    if (value) kept[name] = value;
  }
  return { headers: kept, metadata };
}

const withoutAwsChunked = (encoding: string | undefined): string | undefined =>
  encoding
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== 'aws-chunked')
    .join(',');

/** Headers that give an object back; `overrides` is the query with its `response-…` parameters. */
export function objectHeaders(
  object: StoredObject,
  requestHeaders: Headers,
  overrides: URLSearchParams,
): Record<string, string> {
  const headers: Record<string, string> = {
    ...object.headers,
    etag: quoted(object.etag),
    'last-modified': new Date(object.modified).toUTCString(),
    'accept-ranges': 'bytes',
  };
  for (const [name, value] of Object.entries(object.metadata)) headers[`x-amz-meta-${name}`] = value;
  if (object.checksum && requestHeaders['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED') {
    headers[checksumHeader(object.checksum.algorithm)] = object.checksum.value;
    headers['x-amz-checksum-type'] = object.checksum.type;
  }
  for (const name of KEPT) {
    const value = overrides.get(`response-${name}`);
    if (value !== null) headers[name] = headerValue(`response-${name}`, value);
  }
  return headers;
}

/** The conditions of a write. @throws S3Error NotImplemented for conditions that S3 has not for writes */
export function writeCondition(headers: Headers): WriteCondition {
  const ifNoneMatch = headers['if-none-match'];
  const ifMatch = headers['if-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') {
    throw new S3Error('NotImplemented', undefined, { Header: 'If-None-Match' });
  }
  return {
    ...(ifNoneMatch !== undefined && { absent: true }),
    ...(ifMatch !== undefined && { etag: unquoted(ifMatch) }),
  };
}
