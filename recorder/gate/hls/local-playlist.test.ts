import { describe, expect, it } from 'vitest';
import { localPlaylist, type NameOf } from './local-playlist.ts';
import type { Segment } from './playlist.ts';

const segmentOf = (name: string, more: Partial<Segment> = {}): Segment => ({
  ...{ sequence: 41, seconds: 6, discontinuity: false },
  url: new URL(`https://cdn.example.com/${name}`),
  ...more,
});
const nameOf: NameOf = ({ url }, extension) => `${url.pathname.slice(1)}.${extension}`;
const linesOf = (segments: readonly Segment[], ended = false): string[] => {
  const entries = segments.map((segment, index) => ({ number: 7 + index, segment }));
  return localPlaylist('video', entries, ended, nameOf).trim().split('\n');
};

describe('The playlist that ffmpeg reads', () => {
  it('has our own numbers and names, and no address of the source', () => {
    const lines = linesOf([segmentOf('a.ts?token=1'), segmentOf('b.AAC'), segmentOf('c')]);
    expect(lines).toContain('#EXT-X-MEDIA-SEQUENCE:7');
    expect(lines.filter((line) => !line.startsWith('#'))).toEqual([
      'video-7.ts',
      'video-8.aac',
      'video-9.ts',
    ]);
    expect(lines.join()).not.toContain('example.com');
    expect(lines).not.toContain('#EXT-X-ENDLIST');
  });

  it('ends when it has ended', () => {
    expect(linesOf([], true).at(-1)).toBe('#EXT-X-ENDLIST');
  });

  it('names a map once for all that follow it', () => {
    const map = { url: new URL('https://cdn.example.com/init') };
    const other = { url: new URL('https://cdn.example.com/other') };
    const lines = linesOf([
      segmentOf('a', { map }),
      segmentOf('b', { map }),
      segmentOf('c', { map: other, discontinuity: true }),
    ]);
    expect(lines.filter((line) => /MAP|DISC|m4s/.test(line))).toEqual([
      '#EXT-X-MAP:URI="init.mp4"',
      'video-7.m4s',
      'video-8.m4s',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-MAP:URI="other.mp4"',
      'video-9.m4s',
    ]);
  });

  it('tells the IV that the source’s number stands for', () => {
    const key = { url: new URL('https://cdn.example.com/k') };
    const lines = linesOf([
      segmentOf('a', { key }),
      segmentOf('b', { key: { ...key, iv: '0x01' } }),
      segmentOf('c'),
    ]);
    expect(lines.filter((line) => line.includes('KEY'))).toEqual([
      '#EXT-X-KEY:METHOD=AES-128,URI="k.key",IV=0x00000000000000000000000000000029',
      '#EXT-X-KEY:METHOD=AES-128,URI="k.key",IV=0x01',
      '#EXT-X-KEY:METHOD=NONE',
    ]);
  });
});
