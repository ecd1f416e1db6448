import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { AddressPolicy } from '../net/address-policy.ts';
import type { Bucket } from '../schemas/storage.ts';
import type { Identify } from './credentials.ts';
import type { Chunks, CopySource, ListedObject, ObjectStore, Part, Streamed } from './object-store.ts';
import { createTranslated, failedFor, orMissing as orMissingOf } from './s3-errors.ts';

export interface S3ClientOptions {
  /** Which addresses an endpoint that the bucket names may have; absent: any. */
  readonly policy?: AddressPolicy;
  /** Absent: the SDK's own credentials. */
  readonly identify?: Identify | undefined;
  /** Gives up after seconds, for somebody waits. */
  readonly isTrial?: boolean;
}

// Of silence, not of the whole: `requestTimeout` would only warn, and a large part may take its time.
const PATIENT = { connectionTimeout: 3000, socketTimeout: 30_000 };
const IMPATIENT = { connectionTimeout: 3000, requestTimeout: 3000, throwOnRequestTimeout: true };

const nothing = (): void => undefined;

/** Whoever calls says what failed. Without a logger the SDK writes a bare line about each streamed body that did. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The client for a bucket's region and endpoint. AWS_ENDPOINT_URL_S3 and the like are the SDK's own variables. */
export const s3ClientFor = (
  { region, endpoint, forcePathStyle }: Bucket,
  { policy, identify, isTrial = false }: S3ClientOptions = {},
): S3Client => {
  const guard = endpoint === undefined ? undefined : policy;
  const agent = guard === undefined ? {} : { lookup: guard.lookup };
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    // `memoized`: renewed by itself, and not by the SDK's rules, which never ask again for keys without expiration.
    ...(identify === undefined ? {} : { credentials: Object.assign(() => identify(), { memoized: true }) }),
    // S3 wants chunks of at least 8 KiB in a streamed body; ours are as ffmpeg's socket gave them.
    requestStreamBufferSize: 64 * 1024,
    // One round trip less for each part.
    expectContinueHeader: false,
    logger: SILENT,
    requestHandler: { ...(isTrial ? IMPATIENT : PATIENT), httpAgent: agent, httpsAgent: agent },
    ...(isTrial ? { maxAttempts: 2 } : {}),
    // Emulators answer on one host name for all buckets.
    forcePathStyle:
      forcePathStyle ?? (process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL) !== undefined,
  });
  if (guard !== undefined) {
    // Addresses in place of a name are never looked up.
    client.middlewareStack.add(
      (next) => (input) => {
        guard.check((input.request as { hostname: string }).hostname);
        return next(input);
      },
      { name: 'streamkeepAddressPolicy', step: 'finalizeRequest' },
    );
  }
  return client;
};

/** A URL does not outlive the session that signed it. */
const lifetime = async (client: S3Client, wantedSeconds: number): Promise<number> => {
  const { expiration } = await client.config.credentials();
  if (expiration === undefined) return wantedSeconds;
  return Math.max(1, Math.min(wantedSeconds, Math.floor((expiration.getTime() - Date.now()) / 1000)));
};

/** Sends with a signal; all else is the client's own. */
const abortable = (client: S3Client, abortSignal: AbortSignal): S3Client =>
  Object.assign(Object.create(client) as S3Client, {
    send: (command: Parameters<S3Client['send']>[0]) => client.send(command, { abortSignal }),
  });

/** S3's own limit for one request. */
const MOST_DELETIONS = 1000;

// Buffers stay where they are: the request reads them one after the other.
const bodyOf = (body: Chunks | Buffer | Streamed): { Body: Buffer | Readable; ContentLength: number } => ({
  Body: Buffer.isBuffer(body) ? body : Readable.from('stream' in body ? body.stream : body.buffers),
  ContentLength: body.length,
});

const copySourceOf = ({ bucket, key, etag }: CopySource) => ({
  CopySource: `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
  CopySourceIfMatch: etag,
});

type Present<Options> = { [Name in keyof Options]?: Exclude<Options[Name], undefined> };

const present = <Options extends object>(options: Options): Present<Options> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Present<Options>;

export const createObjectStore = (bucket: Bucket, s3: S3Client, signal?: AbortSignal): ObjectStore => {
  const { bucket: Bucket } = bucket;
  const client = signal === undefined ? s3 : abortable(s3, signal);
  const translated = createTranslated(Bucket);
  const orMissing = orMissingOf(translated);
  // Only of AWS it is known that a checksum of the whole may be asked for; others refuse what they do not know.
  const wholeChecksum =
    bucket.endpoint === undefined
      ? ({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const)
      : {};
  return {
    put: (Key, body, { contentType, cacheControl, metadata, ifMatch, ifNoneMatch } = {}) =>
      translated('PutObject', async () => {
        const { ETag = '' } = await client.send(
          new PutObjectCommand({
            Bucket,
            Key,
            ...bodyOf(body),
            ...present({
              ContentType: contentType,
              CacheControl: cacheControl,
              Metadata: metadata,
              IfMatch: ifMatch,
              IfNoneMatch: ifNoneMatch,
            }),
          }),
        );
        return ETag;
      }),

    get: (Key) =>
      orMissing('GetObject', async () => {
        const {
          Body,
          ETag = '',
          ContentLength = 0,
        } = await client.send(new GetObjectCommand({ Bucket, Key }));
        // Held media are megabytes: read into their one place, not collected and then joined.
        const body = Buffer.allocUnsafeSlow(ContentLength);
        let length = 0;
        for await (const chunk of Body as Readable) length += (chunk as Buffer).copy(body, length);
        if (length < ContentLength) throw new Error(`${length} of ${ContentLength} bytes came`);
        return { body, etag: ETag };
      }),

    head: (Key) =>
      orMissing('HeadObject', async () => {
        const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
        const { ContentLength = 0, ETag = '', Metadata = {}, ContentType, CacheControl } = head;
        return {
          size: ContentLength,
          etag: ETag,
          metadata: Metadata,
          ...present({
            contentType: ContentType,
            cacheControl: CacheControl,
            crc32: head.ChecksumType === 'FULL_OBJECT' ? head.ChecksumCRC32 : undefined,
          }),
        };
      }),

    read: (Key, range) =>
      orMissing('GetObject', async () => {
        const Range =
          range === undefined ? undefined : `bytes=${range.start}-${range.start + range.length - 1}`;
        const { Body, ContentLength = 0 } = await client.send(
          new GetObjectCommand({ Bucket, Key, ...present({ Range }) }),
        );
        return { stream: Body as Readable, length: ContentLength };
      }),

    delete: (Key) =>
      translated('DeleteObject', async () => {
        await client.send(new DeleteObjectCommand({ Bucket, Key }));
      }),

    deleteMany: (keys) =>
      translated('DeleteObjects', async () => {
        for (let first = 0; first < keys.length; first += MOST_DELETIONS) {
          const Objects = keys.slice(first, first + MOST_DELETIONS).map((Key) => ({ Key }));
          const { Errors = [] } = await client.send(
            new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
          );
          // The request went well even when not one of the deletions did.
          const failed = Errors.find(({ Code }) => Code !== 'NoSuchKey');
          if (failed !== undefined) throw failedFor('DeleteObjects', failed, Bucket);
        }
      }),

    list: (Prefix, startAfter) =>
      translated('ListObjectsV2', async () => {
        const found: ListedObject[] = [];
        const pages = paginateListObjectsV2(
          { client },
          { Bucket, Prefix, ...present({ StartAfter: startAfter }) },
        );
        for await (const { Contents = [] } of pages) {
          found.push(...Contents.map(({ Key = '', Size = 0 }) => ({ key: Key, size: Size })));
        }
        return found;
      }),

    createUpload: (Key, ContentType, { cacheControl, metadata } = {}) =>
      translated('CreateMultipartUpload', async () => {
        const { UploadId } = await client.send(
          new CreateMultipartUploadCommand({
            Bucket,
            Key,
            ContentType,
            ...wholeChecksum,
            ...present({ CacheControl: cacheControl, Metadata: metadata }),
          }),
        );
        if (UploadId === undefined) throw new Error('The storage gave no upload id');
        return UploadId;
      }),

    uploadPart: (Key, UploadId, number, body) =>
      translated('UploadPart', async () => {
        const { ETag = '' } = await client.send(
          new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: number, ...bodyOf(body) }),
        );
        return { number, etag: ETag, size: body.length };
      }),

    copy: (source, Key) =>
      translated('CopyObject', async () => {
        await client.send(new CopyObjectCommand({ Bucket, Key, ...copySourceOf(source) }));
      }),

    copyPart: (source, { start, length }, Key, UploadId, number) =>
      translated('UploadPartCopy', async () => {
        const { CopyPartResult } = await client.send(
          new UploadPartCopyCommand({
            Bucket,
            Key,
            UploadId,
            PartNumber: number,
            ...copySourceOf(source),
            CopySourceRange: `bytes=${start}-${start + length - 1}`,
          }),
        );
        return { number, etag: CopyPartResult?.ETag ?? '', size: length };
      }),

    listParts: (Key, UploadId) =>
      orMissing('ListParts', async () => {
        const found: Part[] = [];
        let marker: string | undefined;
        do {
          const page = await client.send(
            new ListPartsCommand({ Bucket, Key, UploadId, ...present({ PartNumberMarker: marker }) }),
          );
          for (const { PartNumber = 0, ETag = '', Size = 0 } of page.Parts ?? []) {
            found.push({ number: PartNumber, etag: ETag, size: Size });
          }
          // S3 names a next marker on the last page too, so the SDK's paginator would never end.
          marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
        } while (marker !== undefined);
        return found;
      }),

    completeUpload: (Key, UploadId, parts, { ifNoneMatch } = {}) =>
      translated('CompleteMultipartUpload', async () => {
        const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
        const { ETag, ChecksumCRC32, ChecksumType } = await client.send(
          new CompleteMultipartUploadCommand({
            ...{ Bucket, Key, UploadId, MultipartUpload: { Parts } },
            ...present({ IfNoneMatch: ifNoneMatch }),
          }),
        );
        return present({ etag: ETag, crc32: ChecksumType === 'FULL_OBJECT' ? ChecksumCRC32 : undefined });
      }),

    abortUpload: (Key, UploadId) =>
      translated('AbortMultipartUpload', async () => {
        await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      }),

    listUploads: (Prefix) =>
      translated('ListMultipartUploads', async () => {
        // Keys in order, so the key itself comes first; and no key has a thousand.
        const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix }));
        return Uploads.flatMap(({ Key, UploadId }) => (Key === Prefix && UploadId ? [UploadId] : []));
      }),

    presign: (Key, { expiresInSeconds, contentType, downloadName }) =>
      translated('GetObject', async () =>
        getSignedUrl(
          client,
          new GetObjectCommand({
            Bucket,
            Key,
            ...present({
              ResponseContentType: contentType,
              ResponseContentDisposition:
                downloadName === undefined
                  ? undefined
                  : `inline; filename*=UTF-8''${encodeURIComponent(downloadName)}`,
            }),
          }),
          { expiresIn: await lifetime(client, expiresInSeconds) },
        ),
      ),

    within: (bound) =>
      createObjectStore(bucket, s3, signal === undefined ? bound : AbortSignal.any([signal, bound])),
  };
};
