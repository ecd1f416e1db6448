import { describe, expect, it } from 'vitest';
import { parseDestination, pathOf } from './destination.ts';
import { splitSource } from './source.ts';

/** As Streamkeep fills names in: raw for RTMP, else escaped. */
const filled = ({ template, stream }: { template: string; stream: string }): string =>
  template.replace('{stream}', () => (template.startsWith('rtmp') ? stream : encodeURIComponent(stream)));

describe('A source URL', () => {
  it.each([
    ['rtmp://cam.example.com/live/show', 'rtmp://cam.example.com/live/{stream}', 'show'],
    ['rtmp://cam.example.com/live/show?key=a/b', 'rtmp://cam.example.com/live/{stream}?key=a/b', 'show'],
    ['rtmp://cam.example.com/live/a=b', 'rtmp://cam.example.com/live/{stream}', 'a=b'],
    ['rtmp://me:pw@cam.example.com:1936/a/b/c', 'rtmp://me:pw@cam.example.com:1936/a/b/{stream}', 'c'],
    ['rtsp://cam.example.com:8554/', undefined, undefined],
    ['rtsp://cam.example.com/cam1/', 'rtsp://cam.example.com/{stream}/', 'cam1'],
    ['https://cdn.example.com/live/show.m3u8', 'https://cdn.example.com/live/{stream}', 'show.m3u8'],
    ['https://cdn.example.com/live/%E6%BC%94.flv', 'https://cdn.example.com/live/{stream}', '演.flv'],
    ['https://cdn.example.com/live/a=b', 'https://cdn.example.com/live/a={stream}', 'b'],
    ['https://cdn.example.com/?id=7', 'https://cdn.example.com/?id={stream}', '7'],
    [
      'srt://cam.example.com:9000?streamid=cam1&latency=200',
      'srt://cam.example.com:9000?streamid={stream}&latency=200',
      'cam1',
    ],
    [
      'srt://cam.example.com:9000?streamid=read:cam1',
      'srt://cam.example.com:9000?streamid=read:{stream}',
      'cam1',
    ],
    ['srt://cam.example.com:9000', 'srt://cam.example.com:9000?mode={stream}', 'caller'],
  ])('%s has the stream in it', (url, template, stream) => {
    if (template === undefined) {
      expect(() => splitSource(url)).toThrow('names no stream');
      return;
    }
    const split = splitSource(url);
    expect(split).toEqual({ template, stream });
    expect(filled(split)).toBe(url === 'srt://cam.example.com:9000' ? `${url}?mode=caller` : url);
  });

  it.each([
    'show',
    'ftp://cam.example.com/show',
    'file:///etc/passwd',
    'rtmp:///live/show',
    'rtmp://{app}.example.com/x',
  ])('%s is none', (url) => {
    expect(() => splitSource(url)).toThrow(/source URL/);
  });
});

describe('A destination', () => {
  it.each([
    ['s3://bucket', 'bucket', ''],
    ['s3://bucket/', 'bucket', ''],
    ['s3://bucket/a/b/', 'bucket', 'a/b'],
  ])('%s is a bucket and a prefix', (text, bucket, prefix) => {
    expect(parseDestination(text)).toEqual({ bucket, prefix });
  });

  it.each(['bucket', 's3://', 'https://bucket/x', 's3://bucket?x'])('%s is none', (text) => {
    expect(() => parseDestination(text)).toThrow('s3://BUCKET/PREFIX');
  });

  it('gives files a name with their time', () => {
    const time = '{StartYear}-{StartMonth}-{StartDay}-{StartHour}-{StartMinute}-{StartSecond}';
    expect(pathOf({ bucket: 'b', prefix: 'a/b' }, undefined)).toBe(`a/b/{StreamID}-${time}`);
    expect(pathOf({ bucket: 'b', prefix: '' }, 'lobby')).toBe(`lobby-${time}`);
  });
});
