import { z } from 'zod';
import { timeSchema } from './names.ts';

/** Where objects are written: what a recorder or a function needs to reach one bucket. Holds no secret. */
export const bucketSchema = z.strictObject({
  bucket: z
    .string()
    .min(3)
    .max(63)
    .regex(/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/, 'must be a bucket name'),
  region: z.string().regex(/^[a-z0-9-]{3,32}$/, 'must be a region, such as eu-central-1'),
  /** Of an S3-compatible store; absent: AWS (or whatever AWS_ENDPOINT_URL_S3 says). */
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  forcePathStyle: z.boolean().optional(),
});
export type Bucket = z.infer<typeof bucketSchema>;

export const storageInputSchema = bucketSchema.extend({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, _ or -'),
});
export type StorageInput = z.infer<typeof storageInputSchema>;

export const storageSchema = storageInputSchema.extend({
  storageId: z.string(),
  checkedAt: timeSchema,
  createdAt: timeSchema,
});
export type Storage = z.infer<typeof storageSchema>;
