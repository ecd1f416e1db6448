import * as z from 'zod';
import { timeSchema } from './names.ts';

/** How we prove to a storage who we are. Refers to credentials, never holds them. */
export const storageCredentialsSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('role'),
      roleArn: z
        .string()
        .max(2048)
        .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'must be the ARN of a role')
        .describe("Role that is assumed; it must trust Streamkeep's own roles."),
      externalId: z
        .string()
        .regex(/^[\w+=,.@:/-]{2,1224}$/, 'must be 2–1224 letters, digits or _+=,.@:/-')
        .optional()
        .describe('What the trust policy of the role asks for.'),
    }),
    z.strictObject({
      type: z.literal('secret'),
      secretId: z
        .string()
        .max(2048)
        .regex(/^[\w/+=.@:-]+$/, 'must be the name or ARN of a secret')
        .describe(
          'Name or ARN of a secret in AWS Secrets Manager: JSON with `accessKeyId` and `secretAccessKey`.',
        ),
    }),
  ])
  .meta({ id: 'StorageCredentials' });
export type StorageCredentials = z.infer<typeof storageCredentialsSchema>;

/** Everything in it is shown to whoever may read, so it must hold no credentials. */
const endpointSchema = z
  .url({ protocol: /^https?$/, message: 'must be an http or https URL' })
  .max(1024)
  .refine((text) => {
    // Not `canParse`, which takes long texts that cannot be parsed.
    const url = URL.parse(text);
    return url === null || `${url.username}${url.password}${url.search}${url.hash}` === '';
  }, 'must have no user, password or query: credentials belong into a secret');

/** Where objects are written: what a recorder or a function needs to reach one bucket. Holds no secret. */
export const bucketSchema = z.strictObject({
  bucket: z
    .string()
    .min(3)
    .max(63)
    .regex(/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/, 'must be a bucket name'),
  region: z.string().regex(/^[a-z0-9-]{3,32}$/, 'must be a region, such as eu-central-1'),
  // Absent, it is also whatever AWS_ENDPOINT_URL_S3 says.
  endpoint: endpointSchema.optional().describe('Of an S3-compatible store; absent: AWS.'),
  forcePathStyle: z
    .boolean()
    .optional()
    .describe('Whether the bucket is part of the path, not of the host name.'),
  credentials: storageCredentialsSchema
    .optional()
    .describe('Who Streamkeep is to this storage; absent: the roles that it runs with itself.'),
});
export type Bucket = z.infer<typeof bucketSchema>;

const bucketPartSchema = z.object(bucketSchema.shape);

/** What a plan takes of a storage. */
export const bucketOf = (storage: Bucket): Bucket => bucketPartSchema.parse(storage);

const fields = bucketSchema.extend({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, _ or -'),
});

export const storageInputSchema = fields
  .extend({
    default: z
      .boolean()
      .optional()
      .describe(
        'Whether tasks without a template record to it; one storage at most. When absent, the first storage that is ' +
          'made becomes it, and a changed one stays what it is.',
      ),
  })
  .meta({ id: 'StorageInput' });
export type StorageInput = z.infer<typeof storageInputSchema>;

export const storageSchema = fields.extend({
  storageId: z.string(),
  checkedAt: timeSchema.describe('When all that recording needs was last tried on it with success.'),
  createdAt: timeSchema,
});
export type Storage = z.infer<typeof storageSchema>;

/** A storage as the API shows it. */
export const storageViewSchema = z
  .object({ ...storageSchema.shape, default: z.boolean() })
  .meta({ id: 'Storage' });
export type StorageView = z.infer<typeof storageViewSchema>;
