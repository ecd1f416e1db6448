import * as z from 'zod';

/** RFC 3339 time in UTC, e.g. `2026-11-22T10:00:00.000Z`. */
export const timeSchema = z.iso.datetime();

/** A push domain: a host name or an IPv4 address, in lower case. */
export const domainNameSchema = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    'must be a host name in lower case, such as push.example.com',
  )
  .describe('A push domain.');

/** Bytes of `text` in UTF-8. */
const utf8Length = (text: string): number => Buffer.byteLength(text, 'utf8');

// Longest app and stream name, so that a path with both stays under S3's 1024 bytes even when escaped.
const MAX_NAME_BYTES = 256;

const hasControlCharacter = (text: string): boolean => /\p{Cc}/u.test(text);

/** The app or stream part of a stream key: any text a publisher may choose, short and without control characters. */
export const streamPartSchema = z
  .string()
  .min(1)
  .refine((text) => utf8Length(text) <= MAX_NAME_BYTES, `must be at most ${MAX_NAME_BYTES} bytes in UTF-8`)
  .refine((text) => !hasControlCharacter(text), 'must not hold control characters')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
  .describe('Name of an app or of a stream, as publishers give it.');

/** `{domain, app, stream}`: names one stream. */
export const streamKeySchema = z.object({
  domain: domainNameSchema,
  app: streamPartSchema,
  stream: streamPartSchema,
});
export type StreamKey = z.infer<typeof streamKeySchema>;

export const FORMATS = ['hls', 'mp4', 'flv', 'aac'] as const;
export const formatSchema = z.enum(FORMATS);
export type Format = z.infer<typeof formatSchema>;
