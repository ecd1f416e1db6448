import { describe, expect, it } from 'vitest';
import { endsInput, mediaOfLine, saysUnsupported, withoutUrls } from './ffmpeg-log.ts';

describe('A line of ffmpeg’s log', () => {
  it.each([
    [
      '  Stream #0:0: Video: h264 (High), yuv420p(tv, bt709, progressive), 1280x720 [SAR 1:1 DAR 16:9], 30 fps, 1k tbn',
      { videoCodec: 'h264', width: 1280, height: 720 },
    ],
    [
      '  Stream #0:1[0x101](und): Video: hevc (Main) (HEVC / 0x43564548), yuv420p(tv), 3840x2160, 25 fps',
      { videoCodec: 'hevc', width: 3840, height: 2160 },
    ],
    ['  Stream #0:0: Video: h264, none, 90k tbr', { videoCodec: 'h264' }],
    ['  Stream #0:1: Audio: aac (LC), 44100 Hz, stereo, fltp, 128 kb/s', { audioCodec: 'aac' }],
    ['  Stream #0:0(eng): Audio: mp3 (mp3float), 44100 Hz', { audioCodec: 'mp3' }],
    ['  Stream #0:2: Data: none', undefined],
    ['    title           : Stream #1:0: Video: fake', undefined],
    ['Input #0, flv, from ...', undefined],
  ])('tells what the source carries: %s', (line, media) => {
    expect(mediaOfLine(line)).toEqual(media);
  });

  it('ends the description of the input', () => {
    expect(endsInput("Output #0, tee, to '[...]'")).toBe(true);
    expect(endsInput('Stream mapping:')).toBe(true);
    expect(endsInput('  Stream #0:0: Video: h264')).toBe(false);
  });

  it.each([
    ['[flv @ 0x55] Video codec (c) is not implemented. Update your FFmpeg version', true],
    ['rtmp://127.0.0.1:1/live: Invalid data found when processing input', true],
    ['Output file #0 does not contain any stream', true],
    ['[mp4 @ 0x55] Non-monotonous DTS in output stream 0:0', false],
  ])('says that the source cannot be recorded, or does not: %s', (line, says) => {
    expect(saysUnsupported(line)).toBe(says);
  });

  it('is shown without URLs, which may hold credentials', () => {
    expect(withoutUrls("Opening 'rtsp://me:pw@127.0.0.1:1/a?key=s' and tcp://h:1 now")).toBe(
      "Opening '(url) and (url) now",
    );
    expect(withoutUrls('RTMP://h/live/key: Input/output error')).not.toContain('key');
  });
});
