import { describe, expect, it } from 'vitest';
import { newRecording } from '../recordings/recording.fixture.ts';
import { isSpriteOf, renderCues, spriteKeyOf, spriteMetadata, spriteOf } from './sprite.ts';

const recording = newRecording();
const key = spriteKeyOf(recording, 1, 12);

describe('A sprite', () => {
  it('says what it is of, and is understood', () => {
    const sprite = { key, width: 320, height: 180, seconds: [0, 10.08, 20.125] };
    expect(spriteOf(key, spriteMetadata(sprite))).toEqual(sprite);
    expect(spriteOf(key, {})).toBeUndefined();
    expect(spriteOf(key, { 'thumbnail-size': '1x1', 'thumbnail-seconds': 'x' })).toBeUndefined();
  });

  it('is told from what others put beside it', () => {
    expect(isSpriteOf(recording, key)).toBe(true);
    for (const other of [key.replace('12', 'ab'), `${key}.bak`, `x/${key}`, key.replace('.jpg', '/1.jpg')])
      expect(isSpriteOf(recording, other), other).toBe(false);
  });
});

describe('Cues', () => {
  it('follow one another over all sprites, in columns and rows, beyond a day too', () => {
    const later = { key: spriteKeyOf(recording, 2, 1), width: 160, height: 90, seconds: [90_000] };
    const first = { key, width: 160, height: 90, seconds: [0, 10, 20, 30, 40, 50] };
    const lines = renderCues([later, first], 10).split('\n');
    expect(lines.slice(0, 3)).toEqual(['WEBVTT', '', '00:00:00.000 --> 00:00:10.000']);
    expect(lines.slice(-6)).toEqual([
      '00:00:50.000 --> 25:00:00.000',
      'thumbnails-0001-0012.jpg#xywh=0,90,160,90',
      '',
      '25:00:00.000 --> 25:00:10.000',
      'thumbnails-0002-0001.jpg#xywh=0,0,160,90',
      '',
    ]);
  });

  it('show one of two pictures of the same time', () => {
    const other = { key: spriteKeyOf(recording, 2, 1), width: 160, height: 90, seconds: [10, 20] };
    const one = { key, width: 160, height: 90, seconds: [0, 10] };
    expect(renderCues([one, other], 10).match(/-->/g)).toHaveLength(3);
  });
});
