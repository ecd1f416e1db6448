import * as z from 'zod';
import { formatSchema, streamKeySchema, timeSchema } from './names.ts';
import { checksumSchema, fileSchema, locationSchema, mediaSchema, reasonSchema } from './recording.ts';
import { CONTENTS } from './template.ts';

const manifestFileSchema = z
  .object({
    fileId: z.string(),
    format: formatSchema,
    state: fileSchema.shape.state,
    location: locationSchema.describe('`primary`: it lies in the bucket that this manifest is in.'),
    bucket: z.string(),
    region: z.string().nullable().describe('Of the bucket; null: of the spool of the installation.'),
    key: z.string().describe('Of the object in its bucket; of HLS, of its playlist.'),
    startedAt: timeSchema.describe('When its media begin.'),
    readyAt: timeSchema.nullable().describe('When it was closed.'),
    durationSeconds: z.number(),
    sizeBytes: z.number().int().describe('Of HLS, of all its segments.'),
    bitsPerSecond: z.number().int().nullable().describe('On average; null: without a duration.'),
    checksum: checksumSchema
      .nullable()
      .describe(
        'What the storage said of the object when it was written; null of HLS, or when nobody knows.',
      ),
    reason: reasonSchema
      .nullable()
      .describe('Why it ended otherwise than with its stream, or why it is not in the primary storage.'),
  })
  .meta({ id: 'ManifestFile' });

/** `recording.json`: all there is to know of a recording that has ended, beside its files. */
export const manifestSchema = z
  .object({
    version: z
      .literal(1)
      .describe('Rises when something is changed or taken away, not when something is added.'),
    recordId: z.string(),
    stream: streamKeySchema,
    sessionId: z.string().describe('Of its last push.'),
    templateId: z.string().nullable().describe('null: a task without a template asked for it.'),
    taskId: z.string().nullable().describe('null: a rule asked for it.'),
    startedAt: timeSchema,
    endedAt: timeSchema.nullable(),
    reason: reasonSchema.nullable().describe('Why it ended.'),
    content: z.object({
      recorded: z.enum(CONTENTS),
      reason: z.string().nullable().describe('Why that is not what the template asks for.'),
    }),
    media: mediaSchema.nullable().describe('What the stream carried.'),
    captures: z
      .number()
      .int()
      .describe('Uninterrupted runs of a recorder; numbers in names of files count them.'),
    recordedSeconds: z.number().describe('That some file has, in whatever format.'),
    gaps: z
      .array(z.object({ from: timeSchema, to: timeSchema }))
      .describe(
        'Between begin and end of its files: what no file has. Shorter ones than a second are left out.',
      ),
    files: z.array(manifestFileSchema).describe('By beginning.'),
  })
  .meta({ id: 'Manifest' });
export type Manifest = z.infer<typeof manifestSchema>;
