import { describe, expect, it } from 'vitest';
import { ffmpeg } from '../containers/media.fixture.ts';
import { lookFilter, lookOfLine, PLAIN_LOOK } from './look.ts';

const lineWith = (colours: string): string =>
  `  Stream #0:0: Video: h264 (High), yuv420p(tv, ${colours}, progressive), 320x180 [SAR 1:1 DAR 16:9], 25 fps, 1k tbn`;

describe('How a picture looks', () => {
  it('is read from what ffmpeg says of its stream', () => {
    const colours = { space: 'bt2020nc', primaries: 'bt2020', transfer: 'smpte2084' };
    const look = { ...colours, range: 'tv', aspect: '1/1' };
    expect(lookOfLine(lineWith('bt2020nc/bt2020/smpte2084'))).toEqual(look);
    expect(lookOfLine(lineWith('left'))).toEqual({ ...PLAIN_LOOK, range: 'tv' });
  });

  it.each([
    'bt709/reserved/bt709',
    'reserved/bt709/bt709',
    'bt709/bt709/reserved',
    'unknown/film/log316',
    'gbr/smpte432/iec61966-2-1',
    'ictcp/ebu3213/arib-std-b67',
  ])('of %s can be given to a picture', (colours) => {
    const look = lookOfLine(lineWith(colours)) ?? PLAIN_LOOK;
    const filter = `color=s=64x36:d=0.04,format=yuv420p,${lookFilter(look)}`;
    expect(() => ffmpeg('-f', 'lavfi', '-i', filter, '-f', 'null', '-')).not.toThrow();
  });
});
