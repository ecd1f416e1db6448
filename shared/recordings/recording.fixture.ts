import type { Plan, Recording } from '../schemas/recording.ts';

const T0 = Date.parse('2026-11-22T10:00:00.000Z');
/** The time so many seconds after the recording began. */
export const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();

export const planWith = (resumptionTimeout = 0): Plan => ({
  templateId: 'tpl_1',
  content: 'origin',
  timeZone: 'UTC',
  formats: { hls: { segmentSeconds: 10, resumptionTimeout }, mp4: { maxMinutes: 30 } },
  path: '{StreamID}/{RandomID}',
  sourceUrl: 'rtmp://origin.example.com/{app}/{stream}',
  storage: { bucket: 'recordings', region: 'eu-central-1' },
});

/** A recording as it is made, before anybody has claimed it. */
export const newRecording = (changes: Partial<Recording> = {}): Recording => ({
  recordId: 'rec_1',
  sessionId: 'ses_1',
  domain: 'push.example.com',
  app: 'live',
  stream: 'demo',
  plan: planWith(),
  state: 'recording',
  startedAt: at(0),
  epoch: 0,
  captures: 0,
  revision: 0,
  ...changes,
});

/** A recording that `rcd_1` has, in its first capture. */
export const recordingWith = (resumptionTimeout: number, changes: Partial<Recording> = {}): Recording =>
  newRecording({
    plan: planWith(resumptionTimeout),
    ...{ epoch: 1, owner: 'rcd_1', captures: 1, revision: 1 },
    ...changes,
  });
