import { describe, expect, it } from 'vitest';
import { endsInput, jumpBack, mediaOfLine, saysUnsupported, ticksOfLine, withoutUrls } from './ffmpeg-log.ts';

const SMALL = { videoCodec: 'h264', width: 640, height: 360 };

describe('A line of ffmpeg’s log', () => {
  it.each([
    [
      '  Stream #0:0: Video: h264 (High), yuv420p(tv, bt709, progressive), 1280x720 [SAR 1:1 DAR 16:9], 30 fps, 1k tbn',
      { videoCodec: 'h264', width: 1280, height: 720, framesPerSecond: 30 },
    ],
    [
      '  Stream #0:1[0x101](und): Video: hevc (Main) (HEVC / 0x43564548), yuv420p(tv), 3840x2160, 25 fps',
      { videoCodec: 'hevc', width: 3840, height: 2160, framesPerSecond: 25 },
    ],
    ['  Stream #0:0: Video: h264, none, 90k tbr', { videoCodec: 'h264' }],
    ['  Stream #0:0: Video: h264, yuv420p, 640x360, 29.97 fps, 1k tbn', { ...SMALL, framesPerSecond: 29.97 }],
    ['  Stream #0:0: Video: h264, yuv420p, 640x360, 1k fps, 1k tbn', { ...SMALL, framesPerSecond: 1000 }],
    [
      '  Stream #0:1: Audio: aac (LC), 44100 Hz, stereo, fltp, 128 kb/s',
      { audioCodec: 'aac', audioSampleRate: 44_100, audioChannels: 2 },
    ],
    [
      '  Stream #0:1: Audio: opus, 48000 Hz, hexadecagonal, fltp',
      { audioCodec: 'opus', audioSampleRate: 48_000 },
    ],
    ['  Stream #0:0(eng): Audio: mp3 (mp3float), 44100 Hz', { audioCodec: 'mp3' }],
    ['  Stream #0:2: Data: none', undefined],
    ['    title           : Stream #1:0: Video: fake', undefined],
    ['Input #0, flv, from ...', undefined],
  ])('tells what the source carries: %s', (line, media) => {
    expect(mediaOfLine(line)).toEqual(media);
  });

  it.each([
    ['mono', 1],
    ['5.1(side)', 6],
    ['7.1.4', 12],
    ['quad(side)', 4],
    ['3 channels (FL+FR+LFE)', 3],
  ])('tells how many channels there are: %s', (layout, audioChannels) => {
    const line = `  Stream #0:1: Audio: ac3, 48000 Hz, ${layout}, fltp`;
    expect(mediaOfLine(line)).toEqual({ audioCodec: 'ac3', audioSampleRate: 48_000, audioChannels });
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

describe('Time stamps that jump back', () => {
  const line = (previous: number, current: number) =>
    `[tee @ 0x55ad] Non-monotonous DTS in output stream 0:0; previous: ${previous}, current: ${current}; changing to ${previous + 1}. This may result in incorrect timestamps in the output file.`;

  it('are told of in milliseconds, in whatever unit the format has them', () => {
    expect(jumpBack(line(4023, 500), 1000)).toEqual({ fromMs: 4023, toMs: 500 });
    expect(jumpBack(line(360_000, -90_000), 90_000)).toEqual({ fromMs: 4000, toMs: -1000 });
  });

  it('are not told of when they are only out of order, or are not spoken of', () => {
    expect(jumpBack(line(4023, 3100), 1000)).toBeUndefined();
    expect(jumpBack(line(360_000, 280_000), 90_000)).toBeUndefined();
    expect(jumpBack('frame=  200 fps=0.0', 1000)).toBeUndefined();
  });

  it('are in the unit of the format', () => {
    expect(ticksOfLine("Input #0, flv, from 'tcp://127.0.0.1:1':")).toBe(1000);
    expect(ticksOfLine("Input #0, mpegts, from 'tcp://127.0.0.1:1':")).toBe(90_000);
    expect(ticksOfLine('Output #0, tee, to')).toBeUndefined();
  });
});
