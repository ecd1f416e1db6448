import { sameText } from '../auth/authenticate.ts';
import type { ChunkSigner } from '../auth/sigv4.ts';
import { S3Error } from '../errors.ts';
import { ByteReader } from './byte-reader.ts';

/** S3 refuses smaller chunks, except for the last one. */
const MIN_CHUNK_BYTES = 8192;
const MAX_TRAILERS = 16;

export type ChunkedOptions = {
  /** Verifies the chunks, if they are signed. */
  readonly signer: ChunkSigner | undefined;
  readonly onTrailer: (name: string, value: string) => void;
};

/**
 * Decodes an `aws-chunked` body: `SIZE[;chunk-signature=…]CRLF DATA CRLF`, a chunk of size 0, trailers, an empty line.
 * @throws S3Error IncompleteBody, InvalidChunkSizeError, SignatureDoesNotMatch
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  { signer, onTrailer }: ChunkedOptions,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  let short = false;
  for (;;) {
    const { size, signature } = parseChunkHeader(await reader.line());
    if (short && size > 0) throw new S3Error('InvalidChunkSizeError');
    short = size < MIN_CHUNK_BYTES;
    for (let left = size; left > 0; ) {
      const data = await reader.take(left);
      left -= data.length;
      signer?.update(data);
      yield data;
    }
    if (signer && !sameText(signer.endChunk(), signature)) throw new S3Error('SignatureDoesNotMatch');
    if (size === 0) break;
    if ((await reader.line()) !== '') throw new S3Error('IncompleteBody');
  }
  await readTrailers(reader, signer, onTrailer);
}

function parseChunkHeader(line: string): { size: number; signature: string } {
  const match = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
  if (!match) throw new S3Error('IncompleteBody', 'Malformed chunk header');
  return { size: Number.parseInt(match[1] ?? '', 16), signature: match[2] ?? '' };
}

async function readTrailers(
  reader: ByteReader,
  signer: ChunkSigner | undefined,
  onTrailer: ChunkedOptions['onTrailer'],
): Promise<void> {
  let signed = '';
  for (let count = 0; count < MAX_TRAILERS && !(await reader.ended()); count++) {
    const line = await reader.line();
    if (line === '') continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'x-amz-trailer-signature') {
      if (signer && !sameText(signer.trailers(signed), value)) throw new S3Error('SignatureDoesNotMatch');
      return;
    }
    signed += `${name}:${value}\n`;
    onTrailer(name, value);
  }
  if (signer && signed !== '') throw new S3Error('SignatureDoesNotMatch', 'The trailers are not signed');
}
