import { describe, expect, it } from 'vitest';
import { type Encoding, videoEncodingSchema } from '../../shared/schemas/transcode.ts';
import { weightOf } from './weight.ts';

const encodingOf = (more: Partial<Encoding>): Encoding => ({ overlays: [], audioOnly: false, ...more });
const HD = { videoCodec: 'h264', width: 1280, height: 720, framesPerSecond: 25 };

describe('The slots that a recording takes', () => {
  it('are one for a stream that is copied, whatever it carries', () => {
    expect(weightOf({})).toBe(1);
    expect(weightOf({}, { ...HD, height: 2160 })).toBe(1);
  });

  it('are what its encoder needs of a core', () => {
    const of = (codec: 'h264' | 'hevc' | 'av1') =>
      weightOf({ encoding: encodingOf({ video: videoEncodingSchema.parse({ codec }) }) }, HD);
    expect([of('h264'), of('hevc'), of('av1')]).toEqual([20, 33, 40]);
  });

  it('are less for a smaller picture, fewer pictures, and sound alone', () => {
    const small = videoEncodingSchema.parse({ height: 360, framesPerSecond: 12.5 });
    expect(weightOf({ encoding: encodingOf({ video: small }) }, HD)).toBe(7);
    const audio = { codec: 'aac', bitrateKbps: 64 } as const;
    expect(weightOf({ encoding: encodingOf({ audioOnly: true, audio }) }, HD)).toBe(2);
  });

  it('are one more with standby content, for what makes files of all of it', () => {
    const encoding = encodingOf({ video: videoEncodingSchema.parse({}) });
    const standby = { key: 'standbys/1', sha256: 'ab'.repeat(32), contentType: 'image/png' } as const;
    expect(weightOf({ encoding, standby }, HD)).toBe(weightOf({ encoding }, HD) + 1);
  });

  it('are those of a large picture as long as nobody knows', () => {
    const encoding = encodingOf({ video: videoEncodingSchema.parse({}) });
    expect(weightOf({ encoding })).toBe(weightOf({ encoding }, { ...HD, width: 1920, height: 1080 }));
    expect(weightOf({ encoding })).toBeGreaterThan(20);
  });
});
