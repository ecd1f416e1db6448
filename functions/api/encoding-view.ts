import * as z from 'zod';
import type { Plan } from '../../shared/schemas/recording.ts';
import { audioEncodingSchema, videoEncodingSchema } from '../../shared/schemas/transcode.ts';

/** What callers see of how content is made: not where its images are. */
export const encodingView = z
  .object({
    video: z
      .object(videoEncodingSchema.shape)
      .nullable()
      .describe('null: as the source’s, or with `audioOnly` none at all.'),
    audio: z.object(audioEncodingSchema.shape).nullable().describe('null: as it comes.'),
    audioOnly: z.boolean().describe('Whether only the sound is recorded.'),
    images: z.number().int().describe('Images of the watermark that lie on the picture.'),
    standby: z.boolean().describe('Whether standby content stands in the gaps of interruptions.'),
  })
  .meta({ id: 'RecordingEncoding' });

export const encodingViewOf = ({
  encoding,
  standby,
}: Pick<Plan, 'encoding' | 'standby'>): z.input<typeof encodingView> | null =>
  encoding === undefined
    ? null
    : {
        video: encoding.video ?? null,
        audio: encoding.audio ?? null,
        audioOnly: encoding.audioOnly,
        images: encoding.overlays.length,
        standby: standby !== undefined,
      };
