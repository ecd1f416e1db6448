import * as z from 'zod';
import { timeSchema } from './names.ts';

export const VIDEO_CODECS = ['h264', 'hevc', 'av1'] as const;
export const AUDIO_CODECS = ['aac', 'opus'] as const;

const percentOf = (of: string) => z.number().min(0).max(100).describe(`In percent of ${of}.`);

/** The quality of video that is given neither a bitrate nor a quality. */
const DEFAULT_CRF = 23;
/** What `libopus` takes of a single channel, and whether there are more is not known before the stream is. */
const MOST_OPUS_KBPS = 256;

/** What the picture is encoded as. In plans exactly one of `bitrateKbps` and `crf`; sizes are never above the source's. */
export const videoEncodingSchema = z
  .strictObject({
    codec: z.enum(VIDEO_CODECS).default('h264'),
    bitrateKbps: z.number().int().min(50).max(50_000).optional().describe('Average, in kilobits per second.'),
    crf: z
      .number()
      .int()
      .min(10)
      .max(51)
      .optional()
      .describe(
        `Constant quality: lower is better. Not beside \`bitrateKbps\`; without either: ${DEFAULT_CRF}.`,
      ),
    height: z
      .number()
      .int()
      .min(64)
      .max(4320)
      .multipleOf(2, 'must be even')
      .optional()
      .describe(
        'Greatest height, in pixels; the width follows the aspect ratio. Absent: that of the source.',
      ),
    framesPerSecond: z
      .number()
      .min(1)
      .max(120)
      .optional()
      .describe('Greatest frame rate. Absent: that of the source.'),
    gopSeconds: z.number().min(0.5).max(10).default(2).describe('Seconds between key frames.'),
  })
  .refine(({ bitrateKbps, crf }) => bitrateKbps === undefined || crf === undefined, {
    path: ['crf'],
    message: 'must not stand beside bitrateKbps: a picture has a bitrate or a quality',
  })
  .meta({ id: 'VideoEncoding' });
export type VideoEncoding = z.infer<typeof videoEncodingSchema>;

/** With the quality that it has when none is given. */
export const withQuality = (video: VideoEncoding): VideoEncoding =>
  video.bitrateKbps === undefined && video.crf === undefined ? { ...video, crf: DEFAULT_CRF } : video;

export const audioEncodingSchema = z
  .strictObject({
    codec: z.enum(AUDIO_CODECS).default('aac'),
    bitrateKbps: z.number().int().min(16).max(512).default(128).describe('In kilobits per second.'),
  })
  .refine(({ codec, bitrateKbps }) => codec !== 'opus' || bitrateKbps <= MOST_OPUS_KBPS, {
    path: ['bitrateKbps'],
    message: `must be at most ${MOST_OPUS_KBPS} for opus`,
  })
  .meta({ id: 'AudioEncoding' });
export type AudioEncoding = z.infer<typeof audioEncodingSchema>;

export const transcodeInputSchema = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, _ or -'),
    video: videoEncodingSchema
      .optional()
      .describe('What the picture is encoded as; absent: only the sound is recorded.'),
    audio: audioEncodingSchema.prefault({}).describe('What the sound is encoded as.'),
  })
  .meta({ id: 'TranscodeInput' });
export type TranscodeInput = z.infer<typeof transcodeInputSchema>;

export const transcodeSchema = transcodeInputSchema.safeExtend({
  transcodeId: z.string(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Transcode = z.infer<typeof transcodeSchema>;

/** Where an image of a watermark lies on the picture. */
export const placementSchema = z.strictObject({
  xPercent: percentOf('the width of the picture: the left edge of the image'),
  yPercent: percentOf('the height of the picture: the upper edge of the image'),
  widthPercent: z
    .number()
    .min(0.5)
    .max(100)
    .describe('Width of the image in percent of that of the picture; its height follows.'),
  opacityPercent: z.number().min(1).max(100).default(100).describe('100: nothing shines through.'),
});
export type Placement = z.infer<typeof placementSchema>;

/** An image of a watermark as a recorder finds it: an object in this installation's own bucket. */
export const overlaySchema = placementSchema.extend({
  key: z.string(),
  /** Of the object, hexadecimal. */
  sha256: z.string(),
});
export type Overlay = z.infer<typeof overlaySchema>;

/** What a recorder makes of a stream that is not recorded as it comes; frozen when the recording is made. */
export const encodingSchema = z.object({
  overlays: z.array(overlaySchema),
  /** Absent with `audioOnly` false: the source's codec and quality, as far as it can be encoded (`watermarked`). */
  video: videoEncodingSchema.optional(),
  audio: audioEncodingSchema.optional(),
  /** Only the sound is recorded. */
  audioOnly: z.boolean(),
});
export type Encoding = z.infer<typeof encodingSchema>;
