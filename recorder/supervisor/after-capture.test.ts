import { describe, expect, it } from 'vitest';
import { END_REASONS, type EndCode, endReason } from '../../shared/recordings/end-reason.ts';
import { afterCapture, createTries, PATIENCE_SECONDS, reasonOfStop, repairAfterMs } from './after-capture.ts';

const follows = (code: EndCode, brief = 0, secondsWithoutMedia = 0) =>
  afterCapture({ reason: endReason(code), receivedMedia: true }, { brief, secondsWithoutMedia });

const GO_ON = ['codec-changed', 'time-jumped', 'session-resumed', 'encoder-slow'] as const;
const TROUBLES = ['source-silent', 'source-unreachable', 'source-invalid', 'ffmpeg-failed'] as const;

describe('What follows a capture', () => {
  it('is another one at once when the stream goes on otherwise than before', () => {
    for (const code of GO_ON) expect(follows(code, 0, 1000)).toEqual({ type: 'again', pauseMs: 0 });
  });

  it('is another one, later and later, while the source may come back', () => {
    for (const code of [...TROUBLES, ...GO_ON]) {
      const pauses = [0, 1, 2, 3, 4, 5, 6, 20].map((brief) => follows(code, brief, 1));
      const expected = [0, 0, 250, 500, 1000, 2000, 4000, 4000].map((pauseMs) => ({
        type: 'again',
        pauseMs,
      }));
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
    const goOn: readonly string[] = [...TROUBLES, ...GO_ON];
    for (const code of Object.keys(END_REASONS) as EndCode[]) {
      if (!goOn.includes(code)) expect(follows(code)).toEqual({ type: 'end', reason: endReason(code) });
    }
  });
});

describe('The tries of a recording', () => {
  const tries = () => {
    let now = 0;
    const counted = createTries(() => now);
    return (code: EndCode, seconds: number, receivedMedia = true) => {
      counted.begin();
      now += seconds * 1000;
      const outcome = { reason: endReason(code), receivedMedia };
      const after = counted.after(outcome);
      counted.end(outcome);
      return after.type === 'again' ? after.pauseMs : after.type;
    };
  };

  it('are made at once after a capture that lasted, and slower and slower when none does', () => {
    const capture = tries();
    expect([capture('ffmpeg-failed', 60), capture('ffmpeg-failed', 60)]).toEqual([0, 0]);
    const pauses = Array.from({ length: 7 }, () => capture('time-jumped', 1));
    expect(pauses).toEqual([0, 250, 500, 1000, 2000, 4000, 4000]);
    expect(capture('time-jumped', 6)).toBe(0);
  });

  it('are over when nothing has come for too long', () => {
    const capture = tries();
    expect(capture('source-silent', 60)).toBe(0);
    expect(capture('source-silent', 10, false)).toBe(0);
    expect(capture('source-silent', 10, false)).toBe(250);
    expect(capture('source-silent', 10, false)).toBe('end');
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

describe('A format that cannot be read any further', () => {
  it('is given a new ffmpeg after seconds, then less and less often', () => {
    expect([0, 1, 2, 3, 20].map(repairAfterMs)).toEqual([5000, 5000, 10_000, 20_000, 600_000]);
  });
});
