import { type Transcode, type TranscodeInput, transcodeInputSchema } from '../schemas/transcode.ts';
import type { Watermark } from '../schemas/watermark.ts';

const AT = '2026-11-22T10:00:00.000Z';

export const transcodeWith = (
  transcodeId: string,
  changes: Partial<TranscodeInput> | Record<string, unknown> = {},
): Transcode => ({
  ...transcodeInputSchema.parse({ name: 'hd', ...changes }),
  transcodeId,
  createdAt: AT,
  updatedAt: AT,
});

/** With images `watermarks/0.png`, `watermarks/1.png`, … */
export const watermarkWith = (watermarkId: string, images: number): Watermark => ({
  watermarkId,
  name: 'logo',
  images: Array.from({ length: images }, (_, index) => ({
    ...{ xPercent: 80, yPercent: 5, widthPercent: 10, opacityPercent: 100 },
    key: `watermarks/${index}.png`,
    sha256: String(index).repeat(64),
    fileSha256: 'f'.repeat(64),
    ...{ contentType: 'image/png', width: 320, height: 180, sizeBytes: 100 },
  })),
  createdAt: AT,
  updatedAt: AT,
});
