import { createHash } from 'node:crypto';

// `/` would make folders, `%` marks escapes, `\` is a separator on some systems; the others are invisible or
// not allowed in the XML of S3's listings. A leading dot could make `.`, `..` or a folder of working objects.
const DANGEROUS = /^\.|[%/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu;

const MAX_SHORT_BYTES = 256;

const escapeBytes = (text: string): string =>
  Buffer.from(text)
    .toString('hex')
    .toUpperCase()
    .replaceAll(/../g, (byte) => `%${byte}`);

/**
 * An app or stream name as one segment of an object key: dangerous characters become `%XX` of their UTF-8 bytes.
 * Different names stay different, and `originalName` gives the name back. The name must be well-formed Unicode.
 */
export const safeName = (name: string): string => name.replaceAll(DANGEROUS, escapeBytes);

/**
 * As `safeName`, but never longer than 256 bytes: what would be longer becomes `%~` and a SHA-256 digest.
 * No escape begins with `%~`, so a digest cannot be taken for a name.
 */
export const shortName = (name: string): string => {
  const safe = safeName(name);
  if (Buffer.byteLength(safe) <= MAX_SHORT_BYTES) return safe;
  return `%~${createHash('sha256').update(name).digest('base64url')}`;
};

/** The name that `safe` was made of; undefined when `safeName` made no such text, as for a digest. */
export const originalName = (safe: string): string | undefined => {
  try {
    const name = decodeURIComponent(safe);
    return safeName(name) === safe ? name : undefined;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};
