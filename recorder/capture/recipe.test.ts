import { describe, expect, it } from 'vitest';
import type { Plan } from '../../shared/schemas/recording.ts';
import { type Encoding, videoEncodingSchema } from '../../shared/schemas/transcode.ts';
import { HLS, planOf } from '../recorder.fixture.ts';
import { EFFORTS, presetOf } from './effort.ts';
import { makerArgs } from './maker-args.ts';
import { pictureSize, portionsOf } from './recipe.ts';

const FORMATS = {
  hls: HLS,
  mp4: { maxMinutes: 30 },
  flv: { maxMinutes: 30 },
  aac: { maxMinutes: 30, when: 'always' as const },
};
const MEDIA = {
  ...{ videoCodec: 'h264', width: 1280, height: 720, framesPerSecond: 25 },
  ...{ audioCodec: 'aac', audioSampleRate: 48_000, audioChannels: 2 },
};
const planWith = (encoding?: Partial<Encoding>): Plan =>
  planOf(
    FORMATS,
    encoding === undefined ? {} : { encoding: { overlays: [], audioOnly: false, ...encoding } },
  );
const madeOf = (plan: Plan, media: object, options?: Parameters<typeof portionsOf>[2]) =>
  portionsOf(plan, { ...MEDIA, ...media }, options).recipe?.outputs.map(({ format }) => format);

describe('What is made of a stream', () => {
  it('is nothing when every format can hold it', () => {
    const { recipe, copied, leftOut } = portionsOf(planWith(), MEDIA);
    expect({ recipe, copied, leftOut }).toEqual({
      recipe: undefined,
      copied: ['hls', 'mp4', 'flv', 'aac'],
      leftOut: [],
    });
  });

  it.each([
    ['opus', {}, ['flv', 'aac']],
    ['mp3', { audioSampleRate: 44_100 }, ['aac']],
    ['mp3', { audioSampleRate: 48_000 }, ['flv', 'aac']],
    ['pcm_alaw', { audioSampleRate: 8000, audioChannels: 1 }, ['hls', 'mp4', 'aac']],
    ['pcm_s16le', {}, ['hls', 'mp4', 'flv', 'aac']],
    ['aac_latm', {}, ['mp4', 'flv', 'aac']],
  ])('of sound in %s is AAC for those that cannot hold it', (audioCodec, more, formats) => {
    const plan = planWith();
    expect(madeOf(plan, { audioCodec, ...more })).toEqual(formats);
    const { recipe } = portionsOf(plan, { ...MEDIA, audioCodec, ...more });
    expect(recipe?.video).toBe('copy');
    expect(recipe?.outputs.every(({ sound }) => sound === 1)).toBe(true);
  });

  it('is made without a codec from formats whose copy would take headers off what has none', () => {
    expect(madeOf(planWith(), { audioCodec: 'opus' }, { adts: true })).toEqual(['mp4', 'flv', 'aac']);
  });

  it('leaves out what cannot hold the sound, once that could not be encoded', () => {
    const options = { effort: 'none' } as const;
    const { recipe, copied, leftOut } = portionsOf(planWith(), { ...MEDIA, audioCodec: 'opus' }, options);
    expect(recipe).toBeUndefined();
    expect(copied).toEqual(['hls', 'mp4']);
    expect(leftOut.map(({ format }) => format)).toEqual(['flv', 'aac']);
    // What is to be encoded anyway is copied then, and has its sound made all the same.
    const plan = planWith({ video: videoEncodingSchema.parse({}) });
    expect(madeOf(plan, { audioCodec: 'opus' }, options)).toEqual(['hls', 'mp4', 'flv', 'aac']);
  });

  it('leaves out what cannot hold the picture', () => {
    const { leftOut, copied } = portionsOf(planWith(), { ...MEDIA, videoCodec: 'av1' });
    expect(copied).toEqual(['mp4', 'aac']);
    expect(leftOut.map(({ format }) => format)).toEqual(['hls', 'flv']);
  });

  it('is the codec of the source where nothing else is asked for', () => {
    const overlay = {
      key: 'a',
      sha256: 'b',
      xPercent: 0,
      yPercent: 0,
      widthPercent: 10,
      opacityPercent: 100,
    };
    const codecOf = (videoCodec: string) => {
      const video = portionsOf(planWith({ overlays: [overlay] }), { ...MEDIA, videoCodec }).recipe?.video;
      return typeof video === 'object' ? video.codec : video;
    };
    expect(['h264', 'hevc', 'vp9'].map(codecOf)).toEqual(['h264', 'hevc', 'h264']);
  });

  it('takes less and less effort, and in the end none', () => {
    const plan = planWith({ video: videoEncodingSchema.parse({ codec: 'hevc', height: 480 }) });
    const seen = EFFORTS.map((effort) => {
      const video = portionsOf(plan, MEDIA, { effort }).recipe?.video;
      return typeof video === 'object'
        ? [presetOf(video.codec, effort), video.width, video.height, video.framesPerSecond]
        : video;
    });
    expect(seen).toEqual([
      ['superfast', 852, 480, undefined],
      ['ultrafast', 852, 480, undefined],
      ['ultrafast', 852, 480, 12.5],
      ['ultrafast', 426, 240, 12.5],
      'copy',
    ]);
  });
});

describe('The size of a picture', () => {
  it('is even, keeps its shape, and is never greater than that of the source', () => {
    expect(pictureSize({ width: 1921, height: 1081 }, undefined)).toEqual({ width: 1920, height: 1080 });
    expect(pictureSize({ width: 1080, height: 1920 }, 720)).toEqual({ width: 404, height: 720 });
    expect(pictureSize({ width: 640, height: 360 }, 1080)).toEqual({ width: 640, height: 360 });
  });
});

describe('The command line of the second ffmpeg', () => {
  it('opens nothing but its standard input and the images', () => {
    const overlay = {
      key: 'a',
      sha256: 'b',
      xPercent: 50,
      yPercent: 0,
      widthPercent: 10,
      opacityPercent: 40,
    };
    const plan = planWith({ overlays: [overlay], audio: { codec: 'opus', bitrateKbps: 96 } });
    const { recipe } = portionsOf(plan, MEDIA);
    if (recipe === undefined) throw new Error('There is nothing to make');
    const { args, slaves } = makerArgs({
      ...{ recipe, media: MEDIA, adts: false, effort: 'usual', sinkUrl: 'http://127.0.0.1:9900/x' },
      images: [{ path: '/scratch/images/b', demuxer: 'png_pipe' }],
    });
    const line = args.join(' ');
    expect(line).toContain('-protocol_whitelist pipe -f nut -i pipe:0');
    expect(line).toContain('-protocol_whitelist file -f png_pipe -i /scratch/images/b');
    expect(line).toContain('colorchannelmixer=aa=0.4,scale=w=128:');
    expect(line).toContain('overlay=x=640:y=0');
    expect(line).toContain('-c:a:0 libopus -b:a:0 96k');
    expect(line).toContain('-c:a:1 aac');
    expect(slaves.map(({ name, target }) => [name, /select=\\'(.*?)\\'/.exec(target)?.[1]])).toEqual([
      ['hls', 'v:0,a:0'],
      ['mp4', 'v:0,a:0'],
      ['flv', 'v:0,a:1'],
      ['aac', 'a:1'],
    ]);
  });
});
