import * as z from 'zod';
import { DEFAULT_PATH, pathProblem } from '../path/placeholders.ts';
import { FORMATS, timeSchema } from './names.ts';

const minutes = (most: number) => z.number().int().min(1).max(most);
const maxMinutes = (most: number) =>
  minutes(most).default(30).describe('Minutes after which a new file begins.');

const isTimeZone = (zone: string): boolean => {
  // Offsets such as +01:00 are time zones for Intl, but have no name.
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

export const hlsSchema = z.strictObject({
  segmentation: minutes(720)
    .optional()
    .describe('Minutes after which a new playlist begins; absent: one playlist until the stream ends.'),
  segmentSeconds: z
    .number()
    .int()
    .min(2)
    .max(30)
    .default(10)
    .describe('Wanted length of a segment; each ends at the next key frame.'),
  resumptionTimeout: z
    .number()
    .int()
    .min(0)
    .max(1800)
    .default(0)
    .describe('Seconds that a recording waits for an interrupted stream to come back.'),
});

export const formatsSchema = z
  .strictObject({
    hls: hlsSchema.optional(),
    mp4: z.strictObject({ maxMinutes: maxMinutes(720) }).optional(),
    flv: z.strictObject({ maxMinutes: maxMinutes(720) }).optional(),
    aac: z
      .strictObject({
        maxMinutes: maxMinutes(120),
        when: z
          .enum(['audio-only', 'always'])
          .default('audio-only')
          .describe('`audio-only`: an AAC file is made only when the stream carries no video.'),
      })
      .optional(),
  })
  .refine((formats) => Object.values(formats).some((format) => format !== undefined), {
    message: 'must name at least one of hls, mp4, flv, aac',
  })
  .meta({ id: 'Formats' });
export type Formats = z.infer<typeof formatsSchema>;

/** Id of something that is referred to. */
export const refersTo = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be an id: 1–64 letters, digits, _ or -');

const postProcessingSchema = z.strictObject({ orchestrationId: refersTo });

const templateFields = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, _ or -'),
  description: z
    .string()
    .max(256)
    .regex(/^[\p{Script=Han}A-Za-z0-9 _-]*$/u, 'may hold Chinese and English letters, digits, space, _ and -')
    .default(''),
  content: z
    .enum(['origin', 'watermarked', 'transcoded'])
    .default('origin')
    .describe('What is recorded: the stream as it comes, with a watermark, or transcoded.'),
  watermarkId: refersTo.optional().describe('Without one, `watermarked` content is recorded as it comes.'),
  transcodeId: refersTo.optional().describe('Of `transcoded` content.'),
  recordStandby: z
    .boolean()
    .default(false)
    .describe('While the stream is interrupted, the standby content of its domain is recorded.'),
  timeZone: z
    .string()
    .max(64)
    .refine((zone) => zone === 'UTC+8' || isTimeZone(zone), 'must be UTC, UTC+8 or an IANA time zone')
    .default('UTC')
    .describe('Of the times in paths: `UTC`, `UTC+8` or an IANA time zone.'),
  formats: formatsSchema,
  storage: z.strictObject({
    primary: refersTo.describe('The storage that is recorded to.'),
    backup: refersTo
      .optional()
      .describe('The storage that is written to while the primary one cannot be; in another region.'),
  }),
  path: z
    .string()
    .min(1)
    .max(512)
    .superRefine((path, context) => {
      const problem = pathProblem(path);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .default(DEFAULT_PATH)
    .describe('Where files lie in the bucket; may hold placeholders such as `{StreamID}` and `{StartYear}`.'),
  maxDuration: minutes(525_600)
    .optional()
    .describe('Minutes after which a recording ends although the stream goes on; absent: never.'),
  retentionDays: z
    .number()
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe('Days after its end that the objects of a recording are kept; absent: for good.'),
  postProcessing: z
    .strictObject({
      hls: postProcessingSchema.optional(),
      mp4: postProcessingSchema.optional(),
      flv: postProcessingSchema.optional(),
      aac: postProcessingSchema.optional(),
    })
    .optional()
    .describe('What happens to the files of a format once they are ready.'),
});

/** Rules between the fields of a template. */
export const templateInputSchema = templateFields
  .superRefine((template, context) => {
    const { content, formats, postProcessing = {}, storage } = template;
    const refuse = (path: string[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    if (content === 'transcoded' && template.transcodeId === undefined) {
      refuse(['transcodeId'], 'is required when content is transcoded');
    }
    if (content !== 'transcoded' && template.transcodeId !== undefined) {
      refuse(['transcodeId'], 'is allowed only when content is transcoded');
    }
    if (content === 'origin' && template.watermarkId !== undefined) {
      refuse(['watermarkId'], 'is allowed only when content is watermarked or transcoded');
    }
    if (content === 'origin' && template.recordStandby) {
      refuse(['recordStandby'], 'is allowed only when content is watermarked or transcoded');
    }
    if (storage.backup === storage.primary) {
      refuse(['storage', 'backup'], 'must be another storage than the primary one, in another region');
    }
    for (const format of FORMATS) {
      if (postProcessing[format] !== undefined && formats[format] === undefined) {
        refuse(['postProcessing', format], `needs ${format} among the formats`);
      }
    }
  })
  .meta({ id: 'TemplateInput' });
export type TemplateInput = z.infer<typeof templateInputSchema>;

export const templateSchema = templateFields.extend({
  templateId: z.string(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Template = z.infer<typeof templateSchema>;
