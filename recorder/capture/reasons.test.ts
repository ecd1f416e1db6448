import { describe, expect, it } from 'vitest';
import { AddressRefusedError } from '../../shared/net/address-policy.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { FfmpegExit } from './ffmpeg.ts';
import { reasonOfExit, reasonOfFailedOpen, withLosses } from './reasons.ts';

const exitOf = (more: Partial<FfmpegExit> = {}): FfmpegExit => ({
  code: 0,
  unsupported: [],
  failedSlaves: [],
  lastLines: ['last words'],
  ...more,
});

const ENDED = endReason('session-ended');
const recorded = { formats: ['mp4', 'aac'] as const, media: { videoCodec: 'h264' }, receivedMedia: true };

describe('The reason of a capture that could not be opened', () => {
  it('is the address when that is refused, and the network otherwise', () => {
    expect(reasonOfFailedOpen(new AddressRefusedError('no')).code).toBe('source-refused');
    expect(reasonOfFailedOpen(new TypeError('dots')).code).toBe('source-refused');
    expect(reasonOfFailedOpen(new Error('ECONNREFUSED')).text).toContain('ECONNREFUSED');
  });
});

describe('The reason of a capture whose ffmpeg went by itself', () => {
  it.each([
    [
      'nothing that ffmpeg can read',
      exitOf({ unsupported: ['Video codec (c)'] }),
      true,
      true,
      false,
      'source-unsupported',
    ],
    ['a session that is over', exitOf(), true, true, true, 'session-ended'],
    ['a session that is over without media', exitOf(), true, true, false, 'source-no-media'],
    ['a source that closed while the session is live', exitOf(), false, true, true, 'source-silent'],
    ['ffmpeg itself', exitOf({ code: 1 }), false, false, true, 'ffmpeg-failed'],
  ])('is %s', (_, exit, sessionEnded, inputEnded, receivedMedia, code) => {
    expect(reasonOfExit(exit, sessionEnded, inputEnded, receivedMedia).code).toBe(code);
  });
});

describe('What a recording lacks', () => {
  it('is told when an output failed', () => {
    const exit = exitOf({ failedSlaves: [{ index: 0, why: 'Invalid argument' }] });
    const reason = withLosses(ENDED, exit, recorded);
    expect(reason.code).toBe('session-ended');
    expect(reason.text).toContain('MP4 could not be written (Invalid argument)');
  });

  it('is not an AAC file where there is no audio', () => {
    const exit = exitOf({ failedSlaves: [{ index: 1, why: 'Invalid argument' }] });
    expect(withLosses(ENDED, exit, recorded)).toEqual(ENDED);
    const withAudio = { ...recorded, media: { audioCodec: 'mp3' } };
    expect(withLosses(ENDED, exit, withAudio).text).toContain('AAC could not be written');
  });

  it('is told when ffmpeg could not read a part of the stream', () => {
    const exit = exitOf({ unsupported: ['Video codec (c) is not implemented'] });
    expect(withLosses(ENDED, exit, recorded).text).toContain('Video codec (c) is not implemented');
  });

  it('is everything when nothing came', () => {
    expect(withLosses(ENDED, exitOf(), { ...recorded, receivedMedia: false }).code).toBe('source-no-media');
  });

  it('is not looked for when something else ended the capture', () => {
    const stopped = endReason('stopped');
    expect(withLosses(stopped, exitOf({ unsupported: ['x'] }), recorded)).toEqual(stopped);
  });
});
