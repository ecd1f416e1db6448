import { describe, expect, it } from 'vitest';
import type { Notice } from '../events/notices.ts';
import { aRun } from '../post-processing/run.fixture.ts';
import { runNotice } from '../post-processing/transition.ts';
import { at, recordingWith } from '../recordings/recording.fixture.ts';
import { fileNotice, recordingNotice } from '../recordings/transition.ts';
import { CALLBACK_EVENTS } from '../schemas/callback.ts';
import type { RecordingFile } from '../schemas/recording.ts';
import { makeDelivery, payloadOfNotice, wants } from './make-delivery.ts';
import { callbackPayloadSchema } from './payload.ts';

const recording = recordingWith(0, {
  taskId: 'tsk_1',
  media: { videoCodec: 'h264', width: 1280, height: 720 },
});
const file: RecordingFile = {
  recordId: 'rec_1',
  fileId: '0001-mp4',
  format: 'mp4',
  bucket: 'recordings',
  key: 'demo/1.mp4',
  state: 'ready',
  location: 'primary',
  sizeBytes: 1_000_000,
  durationSeconds: 12.5,
  startedAt: at(0),
  readyAt: at(13),
  epoch: 1,
};
const payloadFor = (notice: Notice) => {
  const payload = payloadOfNotice(notice);
  if (payload === undefined) throw new Error(`There is no payload for ${notice.type}`);
  return payload;
};

describe('the payload of a notice', () => {
  it('of a file says where it is, how long it is, and which session, task and template it is of', () => {
    expect(payloadFor(fileNotice(recording, file, 'file.ready'))).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      type: 'file.ready',
      at: at(13),
      data: {
        recording: {
          ...{ recordId: 'rec_1', domain: 'push.example.com', app: 'live', stream: 'demo' },
          ...{ sessionId: 'ses_1', taskId: 'tsk_1', templateId: 'tpl_1', state: 'recording' },
          startedAt: at(0),
          formats: ['hls', 'mp4'],
          media: { videoCodec: 'h264', width: 1280, height: 720 },
        },
        file: {
          ...{ fileId: '0001-mp4', format: 'mp4', bucket: 'recordings', region: 'eu-central-1' },
          ...{ key: 'demo/1.mp4', location: 'primary', sizeBytes: 1_000_000, durationSeconds: 12.5 },
          ...{ startedAt: at(0), readyAt: at(13) },
        },
      },
    });
  });

  it('names the region of the bucket that the file is really in', () => {
    const plan = { ...recording.plan, backup: { bucket: 'backup', region: 'eu-west-1' } };
    const regionAt = (location: RecordingFile['location']) => {
      const payload = payloadFor(fileNotice({ ...recording, plan }, { ...file, location }, 'file.ready'));
      return payload.type === 'file.ready' ? payload.data.file.region : 'none';
    };
    expect(regionAt('primary')).toBe('eu-central-1');
    expect(regionAt('backup')).toBe('eu-west-1');
    expect(regionAt('spool')).toBeUndefined();
  });

  it('is in its format for every kind, and the same each time', () => {
    const kinds = CALLBACK_EVENTS.map((type): Notice => {
      switch (type) {
        case 'file.ready':
        case 'file.moved':
          return fileNotice(recording, file, type);
        case 'post-processing.finished':
        case 'post-processing.failed':
          return runNotice(recording, aRun(), type);
        default:
          return recordingNotice(recording, type, at(1));
      }
    });
    const payloads = kinds.map(payloadFor);
    expect(payloads.map(({ type }) => type)).toEqual(CALLBACK_EVENTS);
    for (const payload of payloads) expect(callbackPayloadSchema.parse(payload)).toEqual(payload);
    expect(new Set(payloads.map(({ id }) => id)).size).toBe(CALLBACK_EVENTS.length);
    expect(kinds.map(payloadFor)).toEqual(payloads);
  });

  it('does not exist for a file that was only begun', () => {
    expect(payloadOfNotice(fileNotice(recording, file, 'file.opened'))).toBeUndefined();
  });

  it('is shown by valid examples', () => {
    for (const kind of callbackPayloadSchema.options) {
      const examples = kind.meta()?.examples as unknown[];
      expect(examples).toHaveLength(1);
      expect(callbackPayloadSchema.parse(examples[0])).toEqual(examples[0]);
    }
    expect(callbackPayloadSchema.options.map((kind) => kind.meta()?.id)).toEqual([
      'RecordingStartedEvent',
      'RecordingPausedEvent',
      'RecordingResumedEvent',
      'RecordingEndedEvent',
      'RecordingFailedEvent',
      'FileReadyEvent',
      'FileMovedEvent',
      'PostProcessingFinishedEvent',
      'PostProcessingFailedEvent',
      'TestEvent',
    ]);
  });
});

describe('a delivery', () => {
  const payload = payloadFor(fileNotice(recording, file, 'file.ready'));

  it('has the same id whenever it is made, and another one for another callback', () => {
    const first = makeDelivery(payload, 'cbk_1', new Date(at(20)));
    expect(makeDelivery(payload, 'cbk_1', new Date(at(99))).deliveryId).toBe(first.deliveryId);
    expect(makeDelivery(payload, 'cbk_2', new Date(at(20))).deliveryId).not.toBe(first.deliveryId);
    expect(first).toMatchObject({
      eventId: payload.id,
      recordId: 'rec_1',
      state: 'pending',
      dueAt: at(20),
      tries: 0,
    });
    expect(JSON.parse(first.body)).toEqual(payload);
  });
});

describe('a callback', () => {
  const event = { type: 'file.ready', stream: { domain: 'push.example.com' } } as const;

  it.each([
    [{ enabled: true }, true],
    [{ enabled: false }, false],
    [{ enabled: true, events: ['file.ready' as const] }, true],
    [{ enabled: true, events: ['recording.ended' as const] }, false],
    [{ enabled: true, domains: ['other.example.com', 'push.example.com'] }, true],
    [{ enabled: true, domains: ['other.example.com'] }, false],
    [{ enabled: true, events: ['file.ready' as const], domains: ['example.com'] }, false],
  ])('with %j wants an event: %j', (callback, expected) => {
    expect(wants(callback, event)).toBe(expected);
  });
});
