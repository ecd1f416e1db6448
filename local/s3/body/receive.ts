import { createHash } from 'node:crypto';
import type { Authentication } from '../auth/authenticate.ts';
import { S3Error } from '../errors.ts';
import type { Headers, S3Request } from '../request.ts';
import type { ChecksumAlgorithm } from '../store/records.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { checksumHeader, declaredChecksum, newDigest } from './checksums.ts';

const MAX_BODY_BYTES = 5 * 1024 ** 3;
const MAX_DOCUMENT_BYTES = 4 * 1024 ** 2;

/** A body on its way in. `chunks` must be read to its end, which verifies all that was claimed of it. */
export type IncomingBody = {
  readonly chunks: AsyncIterable<Buffer>;
  /** After the end: what was counted and computed on the way. */
  readonly result: () => Received;
};

export type Received = {
  readonly size: number;
  /** Hexadecimal. */
  readonly md5: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
};

export type ReceiveOptions = {
  /** Computed even if it is not claimed. */
  readonly compute?: ChecksumAlgorithm | undefined;
  /** The headers carry the checksum of an object that exists already, not of this body. */
  readonly checksumOfObject?: boolean;
};

/**
 * Opens the body of a request, whatever its form. Only what is claimed of it is computed, and the MD5 that S3 needs for
 * the ETag.
 */
export function receive(
  request: S3Request,
  authentication: Authentication,
  options: ReceiveOptions = {},
): IncomingBody {
  const { headers } = request;
  const claims = readClaims(request, authentication.payload, options);
  const md5 = createHash('md5');
  const sha256 = claims.sha256 === undefined ? undefined : createHash('sha256');
  const checksumName = claims.checksum?.algorithm ?? options.compute;
  const checksum = checksumName === undefined ? undefined : newDigest(checksumName);
  let claimedChecksum = claims.checksum?.value;
  let size = 0;
  let received: Received | undefined;

  // Destroying the message would close the connection under the answer that says what is wrong.
  const source: AsyncIterable<Buffer> = request.message.iterator({ destroyOnReturn: false });
  const decoded = claims.streaming
    ? decodeAwsChunked(source, {
        signer: claims.signedChunks ? authentication.chunkSigner() : undefined,
        onTrailer: (name, value) => {
          if (claims.checksum && name === checksumHeader(claims.checksum.algorithm)) claimedChecksum = value;
        },
      })
    : source;

  async function* chunks(): AsyncGenerator<Buffer> {
    request.proceed();
    for await (const chunk of decoded) {
      size += chunk.length;
      if (size > claims.length) throw new S3Error('IncompleteBody');
      md5.update(chunk);
      sha256?.update(chunk);
      checksum?.update(chunk);
      yield chunk;
    }
    if (size !== claims.length) throw new S3Error('IncompleteBody');
    if (sha256 && sha256.digest('hex') !== claims.sha256) throw new S3Error('XAmzContentSHA256Mismatch');
    const digest = md5.digest();
    const contentMd5 = headers['content-md5'];
    if (contentMd5 !== undefined && digest.toString('base64') !== contentMd5) throw new S3Error('BadDigest');
    const value = checksum?.digest().toString('base64');
    if (claims.checksum && value !== claimedChecksum) {
      throw new S3Error(
        'BadDigest',
        `The ${claims.checksum.algorithm} you specified did not match the calculated checksum.`,
      );
    }
    received = {
      size,
      md5: digest.toString('hex'),
      checksum: checksumName && value ? { algorithm: checksumName, value } : undefined,
    };
  }

  return {
    chunks: chunks(),
    result: () => {
      if (!received) throw new Error('The body has not been read to its end');
      return received;
    },
  };
}

/** Reads a request document whole. */
export async function receiveText(
  request: S3Request,
  authentication: Authentication,
  options: ReceiveOptions = {},
): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_DOCUMENT_BYTES) throw new S3Error('MalformedXML');
  const chunks: Buffer[] = [];
  for await (const chunk of receive(request, authentication, options).chunks) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function readClaims({ headers }: S3Request, payload: string, { checksumOfObject }: ReceiveOptions) {
  const streaming = payload.startsWith('STREAMING-');
  if (streaming && !STREAMING.has(payload)) {
    throw new S3Error('NotImplemented', `${payload} is not supported`);
  }
  const sha256 = /^[0-9a-f]{64}$/.test(payload) ? payload : undefined;
  if (!streaming && sha256 === undefined && payload !== 'UNSIGNED-PAYLOAD') {
    throw new S3Error(
      'InvalidArgument',
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-… or a SHA-256',
    );
  }
  const contentMd5 = headers['content-md5'];
  if (contentMd5 !== undefined && Buffer.from(contentMd5, 'base64').length !== 16) {
    throw new S3Error('InvalidDigest');
  }
  return {
    streaming,
    sha256,
    signedChunks: payload.startsWith('STREAMING-AWS4-HMAC'),
    length: streaming ? decodedLength(headers) : plainLength(headers),
    checksum: checksumOfObject ? undefined : declaredChecksum(headers),
  };
}

const STREAMING = new Set([
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
]);

function decodedLength(headers: Headers): number {
  const length = headers['x-amz-decoded-content-length'];
  if (length === undefined) throw new S3Error('MissingContentLength');
  return parseLength(length);
}

// Clients may send no length at all with an empty body.
function plainLength(headers: Headers): number {
  const length = headers['content-length'];
  if (length === undefined && headers['transfer-encoding'] !== undefined) {
    throw new S3Error('NotImplemented', undefined, { Header: 'Transfer-Encoding' });
  }
  return parseLength(length ?? '0');
}

function parseLength(length: string): number {
  const bytes = Number(length);
  if (!/^\d+$/.test(length) || !Number.isSafeInteger(bytes)) {
    throw new S3Error('InvalidArgument', 'Invalid content length');
  }
  if (bytes > MAX_BODY_BYTES) throw new S3Error('EntityTooLarge');
  return bytes;
}
