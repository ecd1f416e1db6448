import { timingSafeEqual } from 'node:crypto';
import { S3Error } from '../errors.ts';
import type { S3Request } from '../request.ts';
import { readSession } from './sessions.ts';
import {
  ALGORITHM,
  ChunkSigner,
  canonicalRequest,
  requestSignature,
  type Scope,
  scopeText,
  signingKey,
} from './sigv4.ts';

export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** What the verified signature says about the body. */
export type Authentication = {
  /** `x-amz-content-sha256`: a hash, `UNSIGNED-PAYLOAD`, or one of `STREAMING-…`. */
  readonly payload: string;
  readonly chunkSigner: () => ChunkSigner;
};

export type AuthenticationOptions = {
  /** Temporary ones that `sessions.ts` has derived from them are taken too. */
  readonly credentials: Credentials;
  readonly region: string;
  /** @default 's3' */
  readonly service?: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

type Claim = {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payload: string;
};

/** The secret key that belongs to what the request names. @throws S3Error */
function secretOf(
  { accessKeyId }: Claim,
  token: string | undefined,
  { credentials, now }: AuthenticationOptions,
): string {
  const session = token === undefined ? undefined : readSession(token, credentials);
  const named = session ?? credentials;
  if (named.accessKeyId !== accessKeyId || (token !== undefined && session === undefined)) {
    throw new S3Error('InvalidAccessKeyId', undefined, { AWSAccessKeyId: accessKeyId });
  }
  if (session !== undefined && session.expiresAt <= now()) throw new S3Error('ExpiredToken');
  return named.secretAccessKey;
}

const MAX_SKEW_MS = 15 * 60 * 1000;
const MAX_EXPIRES_S = 7 * 24 * 3600;

/** Verifies the SigV4 signature of the headers or of the presigned URL. @throws S3Error */
export function authenticate(request: S3Request, options: AuthenticationOptions): Authentication {
  const presigned = request.query.has('X-Amz-Algorithm') || request.query.has('X-Amz-Signature');
  const claim = presigned ? presignedClaim(request, options.now()) : headerClaim(request, options.now());
  const secretAccessKey = secretOf(claim, request.headers['x-amz-security-token'], options);
  const { scope } = claim;
  const { region, service = 's3' } = options;
  if (scope.region !== region || scope.service !== service) {
    const code = presigned ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed';
    const message = `The scope '${scopeText(scope)}' is wrong; expecting region '${region}' and service '${service}'`;
    throw new S3Error(code, message, { Region: region });
  }
  const key = signingKey(secretAccessKey, scope);
  const canonical = canonicalRequest({
    method: request.method,
    path: request.path,
    query: [...request.query].filter(([name]) => name !== 'X-Amz-Signature'),
    headers: signedHeaders(request, claim),
    payloadHash: claim.payload,
  });
  if (!sameText(requestSignature(key, scope, canonical), claim.signature)) {
    throw new S3Error('SignatureDoesNotMatch', undefined, { CanonicalRequest: canonical });
  }
  return { payload: claim.payload, chunkSigner: () => new ChunkSigner(key, scope, claim.signature) };
}

/** Compares signatures in constant time. */
export function sameText(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}

function headerClaim(request: S3Request, now: number): Claim {
  const { authorization } = request.headers;
  if (authorization === undefined) throw new S3Error('AccessDenied');
  const match =
    /^AWS4-HMAC-SHA256 +Credential=([^, ]+), *SignedHeaders=([^, ]+), *Signature=([0-9a-f]+)$/.exec(
      authorization.trim(),
    );
  if (!match) throw new S3Error('AuthorizationHeaderMalformed');
  const [, credential = '', signedHeaders = '', signature = ''] = match;
  const timestamp = request.headers['x-amz-date'];
  const time = parseTimestamp(timestamp);
  if (timestamp === undefined || time === undefined) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid x-amz-date header');
  }
  if (Math.abs(now - time) > MAX_SKEW_MS) {
    const details = { RequestTime: timestamp, ServerTime: new Date(now).toISOString() };
    throw new S3Error('RequestTimeTooSkewed', undefined, details);
  }
  const payload = request.headers['x-amz-content-sha256'];
  if (payload === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  const parsed = parseCredential(credential, timestamp);
  if (!parsed) throw new S3Error('AuthorizationHeaderMalformed');
  return { ...parsed, signedHeaders: signedHeaders.split(';'), signature, payload };
}

function presignedClaim({ query, headers }: S3Request, now: number): Claim {
  const timestamp = query.get('X-Amz-Date') ?? '';
  const time = parseTimestamp(timestamp);
  const expires = query.get('X-Amz-Expires') ?? '';
  const signature = query.get('X-Amz-Signature');
  const parsed = parseCredential(query.get('X-Amz-Credential') ?? '', timestamp);
  const valid = /^\d{1,6}$/.test(expires) && Number(expires) >= 1 && Number(expires) <= MAX_EXPIRES_S;
  if (query.get('X-Amz-Algorithm') !== ALGORITHM || time === undefined || !valid || !signature || !parsed) {
    throw new S3Error('AuthorizationQueryParametersError');
  }
  const end = time + Number(expires) * 1000;
  if (time - now > MAX_SKEW_MS) throw new S3Error('AccessDenied', 'Request is not yet valid');
  if (now > end) {
    const details = { Expires: new Date(end).toISOString(), ServerTime: new Date(now).toISOString() };
    throw new S3Error('AccessDenied', 'Request has expired', { 'X-Amz-Expires': expires, ...details });
  }
  const signedHeaders = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const payload = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  return { ...parsed, signedHeaders, signature, payload };
}

function parseCredential(credential: string, timestamp: string) {
  const parts = credential.split('/');
  const [terminator, service = '', region = '', date = ''] = parts.reverse();
  const accessKeyId = parts.slice(4).reverse().join('/');
  if (terminator !== 'aws4_request' || accessKeyId === '' || !timestamp.startsWith(date)) return undefined;
  return { accessKeyId, scope: { date, region, service, timestamp } };
}

function parseTimestamp(timestamp: string | undefined): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp ?? '');
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
}

/** The signed headers; all of `x-amz-*` that the client sent must be among them. */
function signedHeaders({ message, headers }: S3Request, { signedHeaders }: Claim) {
  const missing = Object.keys(message.headers).filter(
    (name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !signedHeaders.includes(name),
  );
  if (missing.length > 0 || !signedHeaders.includes('host')) {
    throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
      HeadersNotSigned: missing.join(', ') || 'host',
    });
  }
  return signedHeaders.map((name): [string, string] => [name, headers[name] ?? '']);
}
