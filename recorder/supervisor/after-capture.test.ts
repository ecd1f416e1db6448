import { describe, expect, it } from 'vitest';
import { END_REASONS, type EndCode, endReason } from '../../shared/recordings/end-reason.ts';
import { afterCapture, PATIENCE_SECONDS, reasonOfStop } from './after-capture.ts';

const follows = (code: EndCode, failures = 0, secondsWithoutMedia = 0) =>
  afterCapture({ reason: endReason(code), receivedMedia: failures === 0 }, { failures, secondsWithoutMedia });

describe('What follows a capture', () => {
  it('is another one at once when the codec has changed', () => {
    expect(follows('codec-changed', 0, 1000)).toEqual({ type: 'again', pauseMs: 0 });
  });

  it('is another one, later and later, while the source may come back', () => {
    for (const code of ['source-silent', 'source-unreachable', 'ffmpeg-failed'] as const) {
      const pauses = [0, 1, 2, 3, 4, 20].map((failures) => follows(code, failures, 1));
      const expected = [250, 500, 1000, 2000, 4000, 4000].map((pauseMs) => ({ type: 'again', pauseMs }));
      expect(pauses).toEqual(expected);
    }
  });

  it('is the end when nothing has come for too long, for the reason of the last capture', () => {
    expect(follows('source-silent', 5, PATIENCE_SECONDS)).toEqual({
      type: 'end',
      reason: endReason('source-silent'),
    });
  });

  it('is the end, with its reason, after everything else', () => {
    const goOn = ['codec-changed', 'source-silent', 'source-unreachable', 'ffmpeg-failed'];
    for (const code of Object.keys(END_REASONS) as EndCode[]) {
      if (!goOn.includes(code)) expect(follows(code)).toEqual({ type: 'end', reason: endReason(code) });
    }
  });
});

describe('The reason of a recording that was stopped', () => {
  it.each<[EndCode, EndCode, EndCode]>([
    // The capture ended by itself just before: the stop would be forgotten while it waits for the stream.
    ['source-silent', 'stopped', 'stopped'],
    ['session-ended', 'stopped', 'stopped'],
    ['codec-changed', 'task-ended', 'task-ended'],
    ['source-unreachable', 'recorder-drained', 'recorder-drained'],
    ['source-silent', 'session-ended', 'session-ended'],
    // Here nothing would go on anyway.
    ['max-duration', 'stopped', 'max-duration'],
    ['source-unsupported', 'session-ended', 'source-unsupported'],
    ['storage-failed', 'recorder-drained', 'storage-failed'],
  ])('when its capture ended with %s and it was told %s is %s', (captured, told, expected) => {
    const outcome = { reason: endReason(captured), receivedMedia: true };
    expect(reasonOfStop(outcome, endReason(told)).code).toBe(expected);
  });

  it('says all that its capture has to say', () => {
    const reason = endReason('session-ended', 'FLV could not be written.');
    expect(reasonOfStop({ reason, receivedMedia: true }, endReason('session-ended'))).toEqual(reason);
  });
});
