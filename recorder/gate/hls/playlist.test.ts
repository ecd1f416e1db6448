import { describe, expect, it } from 'vitest';
import { type MediaPlaylist, PlaylistError, parseHls } from './playlist.ts';

const BASE = new URL('https://cdn.example.com/live/show.m3u8?token=1');
const parse = (...lines: string[]) => parseHls(['#EXTM3U', ...lines].join('\n'), BASE);
const media = (...lines: string[]): MediaPlaylist => {
  const playlist = parse(...lines);
  if (playlist.type !== 'media') throw new Error('It is no media playlist');
  return playlist;
};
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('A media playlist', () => {
  it('has numbered segments, under absolute URLs', () => {
    const { targetSeconds, segments, ended } = media(
      '#EXT-X-VERSION:3',
      '#EXT-X-TARGETDURATION:6',
      '#EXT-X-MEDIA-SEQUENCE:41',
      '#EXTINF:5.005,title, with a comma',
      'a.ts?x=1',
      '# a comment',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-22T10:00:00Z',
      '#EXTINF:6',
      '//other.example.com/b.ts\r',
    );
    expect({ targetSeconds, ended }).toEqual({ targetSeconds: 6, ended: false });
    expect(plain(segments)).toEqual([
      { sequence: 41, seconds: 5.005, discontinuity: false, url: 'https://cdn.example.com/live/a.ts?x=1' },
      { sequence: 42, seconds: 6, discontinuity: true, url: 'https://other.example.com/b.ts' },
    ]);
    expect(media('#EXT-X-ENDLIST').ended).toBe(true);
  });

  it.each([
    'A'.repeat(200_000),
    `${'A,'.repeat(100_000)}="`,
    `${'A="'.repeat(70_000)}"`,
    `A=${' ,'.repeat(100_000)}`,
  ])('is read in no time, whatever its attributes are like', (attributes) => {
    const begun = performance.now();
    expect(() => media(`#EXT-X-MAP:${attributes}`)).toThrow(PlaylistError);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it('has keys and maps that hold until there are others', () => {
    const { segments } = media(
      '#EXT-X-KEY:METHOD=AES-128,URI="k1",IV=0xAB',
      '#EXT-X-MAP:URI="init.mp4",BYTERANGE="100@20"',
      '#EXTINF:1,',
      'a.m4s',
      '#EXT-X-KEY:METHOD=NONE',
      '#EXTINF:1,',
      'b.m4s',
    );
    const key = { url: 'https://cdn.example.com/live/k1', iv: '0xAB' };
    const map = {
      url: 'https://cdn.example.com/live/init.mp4',
      range: { start: 20, length: 100 },
      key,
    };
    expect(plain(segments)).toMatchObject([{ key, map }, { map }]);
    expect(segments[1]?.key).toBeUndefined();
  });

  it('has byte ranges that follow on one another', () => {
    const lines = ['#EXT-X-BYTERANGE:100@0', 'all.ts', '#EXT-X-BYTERANGE:50', 'all.ts', 'other.ts'];
    expect(media(...lines).segments.map(({ range }) => range)).toEqual([
      { start: 0, length: 100 },
      { start: 100, length: 50 },
      undefined,
    ]);
  });

  it('leaves out the parts of segments that are still being made', () => {
    const { segments } = media(
      '#EXTINF:4,',
      'a.ts',
      '#EXT-X-PART:DURATION=1,URI="part.ts"',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="hint.ts"',
    );
    expect(segments).toHaveLength(1);
  });

  it.each([
    ['an encryption that players alone can undo', '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x"'],
    ['an IV that is none', '#EXT-X-KEY:METHOD=AES-128,URI="k",IV=1234\n"'],
    ['a key without a URL', '#EXT-X-KEY:METHOD=AES-128'],
    ['a URL that is none', 'http://[x/'],
    ['a range that is none', '#EXT-X-BYTERANGE:-1@0'],
    ['a duration that is none', '#EXTINF:never,'],
    ['a duration without end', '#EXT-X-TARGETDURATION:1e99'],
  ])('is refused with %s', (_, line) => {
    expect(() => parse(line)).toThrow(PlaylistError);
  });

  it.each(['', 'EXTM3U', '<html>', '#EXT-X-ENDLIST'])('is none when it is %j', (text) => {
    expect(() => parseHls(text, BASE)).toThrow(PlaylistError);
  });
});

describe('A multivariant playlist', () => {
  it('has variants, some with sound of their own', () => {
    const playlist = parse(
      '#EXT-X-STREAM-INF:BANDWIDTH=100,CODECS="avc1.4d401f,mp4a.40.2",AUDIO="far"',
      'low.m3u8',
      '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=5,URI="frames.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="far",URI="words.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="far",NAME="b",URI="b.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="far",NAME="a",DEFAULT=YES,URI="a.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="near",NAME="n"',
      '#EXT-X-STREAM-INF:AUDIO="near",BANDWIDTH=900',
      'high.m3u8',
    );
    expect(plain(playlist)).toEqual({
      type: 'multivariant',
      variants: [
        {
          url: 'https://cdn.example.com/live/low.m3u8',
          bandwidth: 100,
          audio: 'https://cdn.example.com/live/a.m3u8',
        },
        { url: 'https://cdn.example.com/live/high.m3u8', bandwidth: 900 },
      ],
    });
  });
});
