import { createHash, createHmac, hash, type KeyObject } from 'node:crypto';

export const ALGORITHM = 'AWS4-HMAC-SHA256';
export const EMPTY_SHA256 = hash('sha256', '');

/** Where and when a signature holds: `20260101/us-east-1/s3/aws4_request`, and the full time of the request. */
export type Scope = {
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly timestamp: string;
};

export type CanonicalInput = {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  /** Decoded, without the signature itself. */
  readonly query: Iterable<readonly [string, string]>;
  /** The signed headers, in the order of their (lower-case) names. */
  readonly headers: readonly (readonly [string, string])[];
  readonly payloadHash: string;
};

type Key = Buffer | KeyObject | string;

const hmac = (key: Key, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** Percent-encoding as AWS defines it: everything but unreserved characters. */
export const encode = (value: string): string =>
  encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export const encodePath = (path: string): string => path.split('/').map(encode).join('/');

/** S3's canonical request: the path is encoded once and never normalised. */
export function canonicalRequest({ method, path, query, headers, payloadHash }: CanonicalInput): string {
  const parameters = Array.from(query, ([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const lines = headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}\n`);
  const names = headers.map(([name]) => name).join(';');
  return [method, encodePath(path), parameters.join('&'), lines.join(''), names, payloadHash].join('\n');
}

export const scopeText = ({ date, region, service }: Scope): string =>
  `${date}/${region}/${service}/aws4_request`;

export function signingKey(secret: string, { date, region, service }: Scope): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
}

export function requestSignature(key: Buffer, scope: Scope, canonical: string): string {
  const signed = [ALGORITHM, scope.timestamp, scopeText(scope), hash('sha256', canonical)];
  return hmac(key, signed.join('\n')).toString('hex');
}

/** Signs the chunks of a `STREAMING-AWS4-HMAC-SHA256-PAYLOAD` body, each on top of the one before. */
export class ChunkSigner {
  readonly #key: Buffer;
  readonly #scope: Scope;
  #previous: string;
  #hash = createHash('sha256');

  constructor(key: Buffer, scope: Scope, seedSignature: string) {
    this.#key = key;
    this.#scope = scope;
    this.#previous = seedSignature;
  }

  update(data: Buffer): void {
    this.#hash.update(data);
  }

  /** The signature of the chunk whose data came by `update`. */
  endChunk(): string {
    const digest = this.#hash.digest('hex');
    this.#hash = createHash('sha256');
    return this.#sign([
      `${ALGORITHM}-PAYLOAD`,
      this.#time,
      this.#scopeText,
      this.#previous,
      EMPTY_SHA256,
      digest,
    ]);
  }

  /** The signature of the trailers, given as `name:value\n` lines. */
  trailers(lines: string): string {
    const digest = hash('sha256', lines);
    return this.#sign([`${ALGORITHM}-TRAILER`, this.#time, this.#scopeText, this.#previous, digest]);
  }

  get #time(): string {
    return this.#scope.timestamp;
  }

  get #scopeText(): string {
    return scopeText(this.#scope);
  }

  #sign(lines: readonly string[]): string {
    this.#previous = hmac(this.#key, lines.join('\n')).toString('hex');
    return this.#previous;
  }
}
