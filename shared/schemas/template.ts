import { z } from 'zod';
import { DEFAULT_PATH, pathProblem } from '../path/placeholders.ts';
import { timeSchema } from './names.ts';

const minutes = (most: number) => z.number().int().min(1).max(most);

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

export const hlsSchema = z.strictObject({
  /** Minutes after which a new playlist begins; absent: one playlist until the stream ends. */
  segmentation: minutes(720).optional(),
  segmentSeconds: z.number().int().min(2).max(30).default(10),
  resumptionTimeout: z.number().int().min(0).max(1800).default(0),
});

export const formatsSchema = z
  .strictObject({
    hls: hlsSchema.optional(),
    mp4: z.strictObject({ maxMinutes: minutes(720).default(30) }).optional(),
    flv: z.strictObject({ maxMinutes: minutes(720).default(30) }).optional(),
    aac: z
      .strictObject({
        maxMinutes: minutes(120).default(30),
        /** `audio-only`: an AAC file is made only when the stream carries no video. */
        when: z.enum(['audio-only', 'always']).default('audio-only'),
      })
      .optional(),
  })
  .refine((formats) => Object.values(formats).some((format) => format !== undefined), {
    message: 'must name at least one of hls, mp4, flv, aac',
  });
export type Formats = z.infer<typeof formatsSchema>;

export const templateInputSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, _ or -'),
  description: z
    .string()
    .max(256)
    .regex(/^[\p{Script=Han}A-Za-z0-9 _-]*$/u, 'may hold Chinese and English letters, digits, space, _ and -')
    .default(''),
  content: z.enum(['origin']).default('origin'),
  timeZone: z
    .string()
    .max(64)
    .refine((zone) => zone === 'UTC+8' || isTimeZone(zone), 'must be UTC, UTC+8 or an IANA time zone')
    .default('UTC'),
  formats: formatsSchema,
  storage: z.strictObject({ primary: z.string().min(1).max(64) }),
  path: z
    .string()
    .min(1)
    .max(512)
    .superRefine((path, context) => {
      const problem = pathProblem(path);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .default(DEFAULT_PATH),
  /** Minutes after which a recording ends although the stream goes on. */
  maxDuration: z.number().int().min(1).max(525_600).optional(),
});
export type TemplateInput = z.infer<typeof templateInputSchema>;

export const templateSchema = templateInputSchema.extend({
  templateId: z.string(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Template = z.infer<typeof templateSchema>;
