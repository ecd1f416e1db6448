import { describe, expect, it } from 'vitest';
import type { Media } from '../../shared/schemas/recording.ts';
import { unsuitable } from './suitable.ts';
import { stepOf } from './worker.fixture.ts';

const H264: Media = {
  videoCodec: 'h264',
  width: 640,
  height: 360,
  audioCodec: 'aac',
  audioSampleRate: 48_000,
  audioChannels: 2,
};
const { audioCodec: _, audioSampleRate: __, audioChannels: ___, ...SILENT } = H264;
const concat = stepOf({ kind: 'concat' });
const sound = stepOf({ kind: 'concat', format: 'aac' });
const remux = (format: 'hls' | 'mp4' | 'aac') => stepOf({ kind: 'remux', format });
const transcode = stepOf({ kind: 'transcode', video: {} });
const thumbnails = stepOf({ kind: 'thumbnails' });

describe('What a step reads', () => {
  it.each([
    ['another video codec', { ...H264, videoCodec: 'hevc' }, [concat, transcode, thumbnails], [sound]],
    ['no sound', SILENT, [concat, sound, transcode], [thumbnails]],
    [
      'another rate of its sound',
      { ...H264, audioSampleRate: 44_100 },
      [concat, sound],
      [transcode, thumbnails],
    ],
    ['other channels', { ...H264, audioChannels: 1 }, [concat, sound], [transcode, thumbnails]],
    [
      'sound of which it does not tell more',
      { ...SILENT, audioCodec: 'aac' },
      [],
      [concat, sound, transcode],
    ],
    ['another size', { ...H264, width: 320, height: 180 }, [], [concat, sound, transcode, thumbnails]],
  ])('may not go on with %s where the step takes that', (_name, other, refusing, taking) => {
    for (const step of refusing) expect(unsuitable(step, [H264, H264, other])).toContain('transcode');
    for (const step of taking) expect(unsuitable(step, [H264, H264, other])).toBeUndefined();
  });

  it('may not hide the size of a picture that is to be encoded', () => {
    const { width: _width, height: _height, ...media } = H264;
    expect(unsuitable(transcode, [media])).toContain('size');
    expect(unsuitable(remux('mp4'), [media])).toBeUndefined();
  });

  it.each([
    ['AV1', 'HLS', { ...H264, videoCodec: 'av1' }, remux('hls'), remux('mp4')],
    ['Opus', 'AAC', { ...H264, audioCodec: 'opus' }, remux('aac'), remux('mp4')],
  ])('may not be %s that goes into %s', (_codec, _format, media, refusing, taking) => {
    expect(unsuitable(refusing, [media])).toMatch(/cannot hold .*; a transcode/);
    expect(unsuitable(taking, [media])).toBeUndefined();
    expect(unsuitable(transcode, [media])).toBeUndefined();
  });
});
