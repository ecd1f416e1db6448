import type { Plan } from '../schemas/recording.ts';
import type { Template } from '../schemas/template.ts';
import { type Encoding, overlaySchema, type Transcode, withQuality } from '../schemas/transcode.ts';
import type { Watermark } from '../schemas/watermark.ts';
import { misfitsOf } from './format-codecs.ts';

/** What is really recorded, and how it is made. */
export type Content = Pick<Plan, 'content' | 'contentReason' | 'encoding'>;

/** What a template refers to; undefined: it names none, or what it names has been deleted. */
export interface ContentParts {
  readonly watermark?: Watermark | undefined;
  readonly transcode?: Transcode | undefined;
}

// Images know more of themselves than a recorder has to.
const overlaysOf = (watermark: Watermark | undefined): Encoding['overlays'] =>
  (watermark?.images ?? []).map((image) => overlaySchema.strip().parse(image));

const because = (reasons: readonly string[]): Pick<Content, 'contentReason'> =>
  reasons.length === 0 ? {} : { contentReason: reasons.join(' ') };

/** `why`: what came before that, if anything did. */
const watermarked = (
  { watermarkId }: Template,
  watermark: Watermark | undefined,
  why: readonly string[],
): Content => {
  if (watermark !== undefined) {
    const encoding = { overlays: overlaysOf(watermark), audioOnly: false };
    return { content: 'watermarked', encoding, ...because(why) };
  }
  const without =
    watermarkId === undefined
      ? 'The template names no watermark, so the original stream is recorded.'
      : `The watermark ${watermarkId} has been deleted, so the original stream is recorded.`;
  return { content: 'origin', ...because([...why, without]) };
};

const transcoded = (
  { watermarkId }: Template,
  { video, audio }: Transcode,
  watermark: Watermark | undefined,
): Content => {
  if (video === undefined) {
    const why =
      watermarkId === undefined ? [] : ['Only the sound is recorded, so there is no watermark on it.'];
    return { content: 'transcoded', encoding: { overlays: [], audio, audioOnly: true }, ...because(why) };
  }
  const isDeleted = watermarkId !== undefined && watermark === undefined;
  const why = isDeleted ? [`The watermark ${watermarkId} has been deleted, so there is none on it.`] : [];
  const encoding = { overlays: overlaysOf(watermark), video: withQuality(video), audio, audioOnly: false };
  return { content: 'transcoded', encoding, ...because(why) };
};

/** Decides what is recorded by a template, given what there still is of what it refers to. Pure. */
export const contentOf = (template: Template, { watermark, transcode }: ContentParts): Content => {
  const { content, transcodeId, formats } = template;
  if (content === 'origin') return { content };
  if (content === 'watermarked') return watermarked(template, watermark, []);
  if (transcode === undefined) {
    return watermarked(template, watermark, [
      `The transcode template ${transcodeId} has been deleted, so the stream is not transcoded.`,
    ]);
  }
  // Refused when either is saved; but two who save at the same moment do not see each other.
  const [misfit] = misfitsOf(formats, transcode);
  if (misfit !== undefined) {
    const { format, codec } = misfit;
    return watermarked(template, watermark, [
      `The format ${format} cannot hold ${codec}, so the stream is not transcoded.`,
    ]);
  }
  return transcoded(template, transcode, watermark);
};
