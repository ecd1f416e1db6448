import { describe, expect, it } from 'vitest';
import type { Notice } from '../shared/events/notices.ts';
import { duration, noticeLine, size } from './progress.ts';

const base = {
  noticeId: 'n',
  at: '2026-01-02T03:04:05.678Z',
  recordId: 'r',
  stream: { domain: 'localhost', app: 'live', stream: 'demo' },
  recording: {
    ...{ recordId: 'r', sessionId: 's', domain: 'localhost', app: 'live', stream: 'demo' },
    ...{ state: 'recording' as const, startedAt: '2026-01-02T03:04:05.678Z', formats: [] },
  },
};

describe('A line of progress', () => {
  it.each<[Notice, string]>([
    [{ type: 'recording.started', ...base }, '03:04:05  live/demo  recording started'],
    [
      {
        type: 'recording.ended',
        ...base,
        reason: { cause: 'source', code: 'session-ended', text: 'The stream ended.' },
      },
      '03:04:05  live/demo  ended: The stream ended.',
    ],
    [
      {
        type: 'recording.started',
        ...base,
        stream: { domain: 'example.com', app: 'live', stream: '\u001b[2Jx' },
      },
      '03:04:05  example.com/live/?[2Jx  recording started',
    ],
  ])('says what happened: %#', (notice, expected) => {
    expect(noticeLine(notice)).toBe(expected);
  });

  it('tells size, duration and key of a ready file', () => {
    const file = {
      recordId: 'r',
      fileId: 'f',
      format: 'mp4',
      bucket: 'recordings',
      key: 'a/b.mp4',
      state: 'ready',
      location: 'primary',
      sizeBytes: 4_234_567,
      durationSeconds: 75.2,
      startedAt: base.at,
      epoch: 1,
    } as const;
    expect(noticeLine({ type: 'file.ready', ...base, file })).toBe(
      '03:04:05  live/demo  mp4 ready   4.2 MB, 1:15  recordings/a/b.mp4',
    );
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [999_600, '1.0 MB'],
    [123_456_789, '123 MB'],
    [5e12, '5.0 TB'],
  ])('writes %d bytes as %s', (bytes, expected) => {
    expect(size(bytes)).toBe(expected);
  });

  it.each([
    [1.25, '1.3 s'],
    [60, '1:00'],
    [3723.4, '1:02:03'],
  ])('writes %d seconds as %s', (seconds, expected) => {
    expect(duration(seconds)).toBe(expected);
  });
});
