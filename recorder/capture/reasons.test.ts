import { describe, expect, it } from 'vitest';
import { AddressRefusedError } from '../../shared/net/address-policy.ts';
import { type EndCode, endReason } from '../../shared/recordings/end-reason.ts';
import type { FfmpegExit } from './ffmpeg.ts';
import { type Ended, failedOutputs, reasonOfExit, reasonOfFailedOpen, withLosses } from './reasons.ts';
import type { SessionState } from './supervise.ts';

const exitOf = (more: Partial<FfmpegExit> = {}): FfmpegExit => ({
  code: 0,
  unsupported: [],
  failedSlaves: [],
  lastLines: ['last words'],
  ...more,
});

const ENDED = endReason('session-ended');

const ended = (exit: FfmpegExit, more: Partial<Ended> = {}): Ended => ({
  exit,
  lost: [],
  receivedMedia: true,
  hadMedia: true,
  ...more,
});
const NOTHING = { receivedMedia: false, hadMedia: false };

describe('The reason of a capture that could not be opened', () => {
  it('is the address when that is refused, and the network otherwise', () => {
    expect(reasonOfFailedOpen(new AddressRefusedError('no')).code).toBe('source-refused');
    expect(reasonOfFailedOpen(new TypeError('dots')).code).toBe('source-refused');
    expect(reasonOfFailedOpen(new Error('ECONNREFUSED')).text).toContain('ECONNREFUSED');
  });
});

describe('The reason of a capture whose ffmpeg went by itself', () => {
  const unreadable = exitOf({ unsupported: ['Video codec (c)'] });
  it.each<[string, FfmpegExit, Partial<Ended>, SessionState, boolean, EndCode]>([
    ['nothing that ffmpeg can read', unreadable, NOTHING, 'ended', true, 'source-unsupported'],
    [
      'a stream that cannot be read any more',
      unreadable,
      { receivedMedia: false },
      'live',
      true,
      'source-invalid',
    ],
    ['a session that is over', exitOf(), {}, 'ended', true, 'session-ended'],
    ['a session that is over without media', exitOf(), NOTHING, 'ended', true, 'source-no-media'],
    [
      'an encoder that made nothing of it',
      exitOf(),
      { ...NOTHING, lost: [{ format: 'mp4', why: 'its end could not be encoded' }] },
      'ended',
      true,
      'ffmpeg-failed',
    ],
    [
      'a session that ended after an interruption',
      exitOf(),
      { receivedMedia: false },
      'ended',
      true,
      'session-ended',
    ],
    ['a source that closed while the session is live', exitOf(), {}, 'live', true, 'source-silent'],
    ['a publisher that came back', exitOf(), {}, 'resumed', true, 'session-resumed'],
    ['a stream that has become unreadable', unreadable, {}, 'live', false, 'source-invalid'],
    ['ffmpeg itself', exitOf({ code: 1 }), {}, 'live', false, 'ffmpeg-failed'],
  ])('is %s', (_, exit, more, session, inputEnded, code) => {
    expect(reasonOfExit(ended(exit, more), session, inputEnded).code).toBe(code);
  });
});

describe('What a recording lacks', () => {
  it('is told when an output failed', () => {
    const exit = exitOf({ failedSlaves: [{ index: 1, why: 'Invalid argument' }] });
    const lost = failedOutputs(exit, ['flv', 'mp4', 'settings'], ['mp4']);
    const reason = withLosses(ENDED, ended(exit, { lost }));
    expect(reason.code).toBe('session-ended');
    expect(reason.text).toContain('MP4 could not be written (Invalid argument)');
  });

  it('is nothing that was not to be written by it, such as an AAC file where there is no audio', () => {
    const exit = exitOf({
      failedSlaves: [
        { index: 0, why: 'Invalid argument' },
        { index: 2, why: 'x' },
      ],
    });
    expect(failedOutputs(exit, ['flv', 'mp4', 'settings'], ['mp4'])).toEqual([]);
  });

  it('is told when ffmpeg could not read a part of the stream', () => {
    const exit = exitOf({ unsupported: ['Video codec (c) is not implemented'] });
    expect(withLosses(ENDED, ended(exit)).text).toContain('Video codec (c) is not implemented');
  });

  it('is everything when nothing came', () => {
    expect(withLosses(ENDED, ended(exitOf(), NOTHING)).code).toBe('source-no-media');
    const lost = [{ format: 'mp4', why: 'its end could not be encoded' }] as const;
    const reason = withLosses(ENDED, ended(exitOf(), { ...NOTHING, lost }));
    expect(reason.code).toBe('ffmpeg-failed');
    expect(reason.text).toContain('MP4 could not be written (its end could not be encoded)');
  });

  it('is not looked for when something else ended the capture', () => {
    const stopped = endReason('stopped');
    expect(withLosses(stopped, ended(exitOf({ unsupported: ['x'] })))).toEqual(stopped);
    // The session ended while another capture tried again.
    expect(withLosses(ENDED, ended(exitOf(), { receivedMedia: false }))).toEqual(ENDED);
  });
});
