import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlaylist } from './parse-playlist.ts';
import { type Playlist, renderPlaylist, segmentKey, segmentUri } from './playlist.ts';

const open: Playlist = {
  targetDuration: 10,
  segments: [
    { uri: 'show/000000.ts', durationSeconds: 10.01, programDateTime: '2026-11-22T10:00:00.000Z' },
    { uri: 'show/000001.ts', durationSeconds: 4, discontinuity: true },
  ],
  ended: false,
};

const segments = fc.record(
  {
    uri: fc.string({ unit: 'grapheme', minLength: 1 }).map(segmentUri),
    durationSeconds: fc.integer({ min: 0, max: 30_000_000 }).map((micros) => micros / 1e6),
    programDateTime: fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString()),
    discontinuity: fc.constant(true as const),
  },
  { requiredKeys: ['uri', 'durationSeconds'] },
);
const playlists: fc.Arbitrary<Playlist> = fc.record({
  targetDuration: fc.integer({ min: 30, max: 60 }),
  segments: fc.array(segments),
  ended: fc.boolean(),
});

describe('media playlists', () => {
  it('renders an open playlist', () => {
    expect(renderPlaylist(open)).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:3',
        '#EXT-X-TARGETDURATION:10',
        '#EXT-X-MEDIA-SEQUENCE:0',
        '#EXT-X-PLAYLIST-TYPE:EVENT',
        '#EXT-X-PROGRAM-DATE-TIME:2026-11-22T10:00:00.000Z',
        '#EXTINF:10.010000,',
        'show/000000.ts',
        '#EXT-X-DISCONTINUITY',
        '#EXTINF:4.000000,',
        'show/000001.ts',
        '',
      ].join('\n'),
    );
  });

  it('ends with an end tag', () => {
    expect(renderPlaylist({ ...open, ended: true })).toMatch(/000001\.ts\n#EXT-X-ENDLIST\n$/);
  });

  it('raises the target duration to its longest segment', () => {
    const long = { ...open, segments: [{ uri: 'a.ts', durationSeconds: 12.6 }] };
    expect(renderPlaylist(long)).toContain('#EXT-X-TARGETDURATION:13\n');
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(playlists, (playlist) => {
        expect(parsePlaylist(renderPlaylist(playlist))).toEqual(playlist);
      }),
    );
  });

  it.each([
    ['no playlist', '<html>'],
    ['nothing', ''],
    ['a segment without a duration', '#EXTM3U\n#EXT-X-TARGETDURATION:10\na.ts\n'],
    ['no target duration', '#EXTM3U\n#EXTINF:1,\na.ts\n'],
    ['a segment cut off', '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:1,\n'],
  ])('does not read %s', (_, text) => {
    expect(parsePlaylist(text)).toBeUndefined();
  });

  it('passes over tags it does not know and Windows line ends', () => {
    const text =
      '#EXTM3U\r\n#EXT-X-TARGETDURATION:4\r\n#EXT-X-KEY:METHOD=NONE\r\n#EXTINF:3.5,title\r\na.ts\r\n';
    expect(parsePlaylist(text)).toEqual({
      targetDuration: 4,
      segments: [{ uri: 'a.ts', durationSeconds: 3.5 }],
      ended: false,
    });
  });
});

describe('segment URIs', () => {
  it('percent-encodes what a URI would read otherwise', () => {
    expect(segmentUri('a%2Fb#?/直.ts')).toBe('a%252Fb%23%3F/%E7%9B%B4.ts');
    expect(segmentKey('a%252Fb%23%3F/%E7%9B%B4.ts')).toBe('a%2Fb#?/直.ts');
  });

  it.each([
    '../other/a.ts',
    '/a.ts',
    'https://example.com/a.ts',
    'a/%2E%2E/b.ts',
    'a/%2e./b.ts',
    'a%2Fb',
    '%',
    './a.ts',
    'a//b',
  ])('follows no URI out of its folder: %s', (uri) => {
    expect(segmentKey(uri)).toBeUndefined();
  });
});
