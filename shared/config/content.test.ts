import { describe, expect, it } from 'vitest';
import { type Template, templateInputSchema } from '../schemas/template.ts';
import { transcodeWith, watermarkWith } from './content.fixture.ts';
import { type ContentParts, contentOf } from './content.ts';

const AT = '2026-11-22T10:00:00.000Z';
const templateWith = (changes: Record<string, unknown>): Template => ({
  ...templateInputSchema.parse({
    name: 'shows',
    formats: { hls: {}, mp4: {} },
    storage: { primary: 'sto_1' },
    ...changes,
  }),
  templateId: 'tpl_1',
  createdAt: AT,
  updatedAt: AT,
});
const contentWith = (changes: Record<string, unknown>, parts: ContentParts = {}) =>
  contentOf(templateWith(changes), parts);

const watermark = watermarkWith('wmk_1', 2);
const hd = transcodeWith('trc_1', { video: { height: 720, bitrateKbps: 3000 } });
const overlay = { xPercent: 80, yPercent: 5, widthPercent: 10, opacityPercent: 100 };
const overlays = [
  { ...overlay, key: 'watermarks/0.png', sha256: '0'.repeat(64) },
  { ...overlay, key: 'watermarks/1.png', sha256: '1'.repeat(64) },
];

const WATERMARKED = { content: 'watermarked', watermarkId: 'wmk_1' };
const TRANSCODED = { content: 'transcoded', transcodeId: 'trc_1' };
const BOTH = { ...TRANSCODED, watermarkId: 'wmk_1' };

describe('content', () => {
  it('is the original by default, without a reason', () => {
    expect(contentWith({})).toEqual({ content: 'origin' });
  });

  it('has the images of the watermark, lowest first, and of each what a recorder must know', () => {
    expect(contentWith(WATERMARKED, { watermark })).toEqual({
      content: 'watermarked',
      encoding: { overlays, audioOnly: false },
    });
  });

  it('is transcoded as the transcode template says, with the watermark if there is one', () => {
    const encoding = {
      video: { codec: 'h264', height: 720, bitrateKbps: 3000, gopSeconds: 2 },
      audio: { codec: 'aac', bitrateKbps: 128 },
      audioOnly: false,
    };
    expect(contentWith(TRANSCODED, { transcode: hd })).toEqual({
      content: 'transcoded',
      encoding: { ...encoding, overlays: [] },
    });
    expect(contentWith(BOTH, { transcode: hd, watermark })).toEqual({
      content: 'transcoded',
      encoding: { ...encoding, overlays },
    });
  });

  it.each([
    [{ crf: 30 }, { crf: 30 }],
    [{ bitrateKbps: 900 }, { bitrateKbps: 900 }],
    [{}, { crf: 23 }],
  ])('of video given %j has one quality: %j', (given, made) => {
    const transcode = transcodeWith('trc_1', { video: given });
    const { encoding } = contentWith(TRANSCODED, { transcode });
    expect(encoding?.video).toEqual({ codec: 'h264', gopSeconds: 2, ...made });
  });

  it('is the sound alone when the transcode template has no picture, and then without a watermark', () => {
    const transcode = transcodeWith('trc_1', { audio: { bitrateKbps: 64 } });
    const sound = {
      content: 'transcoded',
      encoding: { overlays: [], audio: { codec: 'aac', bitrateKbps: 64 }, audioOnly: true },
    };
    expect(contentWith(TRANSCODED, { transcode })).toEqual(sound);
    expect(contentWith(BOTH, { transcode, watermark })).toEqual({
      ...sound,
      contentReason: 'Only the sound is recorded, so there is no watermark on it.',
    });
  });

  it.each<[string, Record<string, unknown>, ContentParts, RegExp]>([
    [
      'a watermark was never named',
      { content: 'watermarked' },
      {},
      /^The template names no watermark, so the/,
    ],
    ['the watermark has been deleted', WATERMARKED, {}, /^The watermark wmk_1 has been deleted, so the/],
    [
      'the transcode template has been deleted',
      TRANSCODED,
      {},
      /^The transcode template trc_1 has been deleted.* names no watermark, so the original stream is recorded\.$/,
    ],
    [
      'both have been deleted',
      BOTH,
      {},
      /^The transcode template trc_1 has been deleted.* watermark wmk_1 has been deleted, so the original/,
    ],
  ])('is the original, and says why, when %s', (_, changes, parts, reason) => {
    const content = contentWith(changes, parts);
    expect(content).toEqual({ content: 'origin', contentReason: expect.stringMatching(reason) });
  });

  it('has its watermark still when the transcode template has been deleted', () => {
    expect(contentWith(BOTH, { watermark })).toEqual({
      content: 'watermarked',
      encoding: { overlays, audioOnly: false },
      contentReason: 'The transcode template trc_1 has been deleted, so the stream is not transcoded.',
    });
  });

  it('is transcoded still when the watermark has been deleted', () => {
    expect(contentWith(BOTH, { transcode: hd })).toMatchObject({
      content: 'transcoded',
      encoding: { overlays: [], video: { height: 720 } },
      contentReason: 'The watermark wmk_1 has been deleted, so there is none on it.',
    });
  });

  it('is not transcoded into what one of the formats cannot hold', () => {
    const transcode = transcodeWith('trc_1', { video: { codec: 'av1' } });
    expect(contentWith(TRANSCODED, { transcode })).toEqual({
      content: 'origin',
      contentReason: expect.stringMatching(
        /^The format hls cannot hold av1, so the stream is not transcoded/,
      ),
    });
  });
});
