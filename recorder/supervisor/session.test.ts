import { describe, expect, it, vi } from 'vitest';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import { planOf, recordingOf } from '../recorder.fixture.ts';
import { createSessionLook } from './session.ts';

const recording = recordingOf(planOf({ mp4: { maxMinutes: 30 } }));
const session = (sessionId: string, live = true): Stream => ({
  ...{ domain: 'push.example.com', app: 'live', stream: 'show', clientId: 'c' },
  ...{ sessionId, live, startedAt: recording.startedAt, recordIds: ['rec_1'] },
});

const make = () => {
  const streams = { get: vi.fn(async (): Promise<Stream | undefined> => session('ses_1')) };
  const recordings = { get: vi.fn(async (): Promise<Recording | undefined> => recording) };
  return { streams, recordings, look: createSessionLook({ streams, recordings }, recording).look };
};

describe('The session of a recording', () => {
  it('is live while its stream says so, which costs one read', async () => {
    const { look, recordings } = make();
    expect(await look()).toBe('live');
    expect(recordings.get).not.toHaveBeenCalled();
  });

  it('has ended when it is gone, not live, or another one', async () => {
    const { look, streams } = make();
    for (const stream of [undefined, session('ses_1', false), session('ses_2')]) {
      streams.get.mockResolvedValueOnce(stream);
      expect(await look()).toBe('ended');
    }
  });

  it('is resumed once when its recording goes on with another one, which counts from then on', async () => {
    const { look, streams, recordings } = make();
    streams.get.mockResolvedValue(session('ses_2'));
    recordings.get.mockResolvedValue({ ...recording, sessionId: 'ses_2' });
    expect([await look(), await look()]).toEqual(['resumed', 'live']);
    streams.get.mockResolvedValue(session('ses_2', false));
    expect(await look()).toBe('ended');
  });

  it('is not waited for by whoever has been told of it, for then it is noted', async () => {
    const { look, streams, recordings } = make();
    streams.get.mockResolvedValue(session('ses_2'));
    setTimeout(() => recordings.get.mockResolvedValue({ ...recording, sessionId: 'ses_2' }), 100);
    expect(await look(true)).toBe('ended');
    recordings.get.mockResolvedValue({ ...recording, sessionId: 'ses_2' });
    expect(await look(true)).toBe('resumed');
  });

  it('is waited for when it is written, and its recording a moment later', async () => {
    const { look, streams, recordings } = make();
    streams.get.mockResolvedValue(session('ses_2'));
    setTimeout(() => recordings.get.mockResolvedValue({ ...recording, sessionId: 'ses_2' }), 100);
    expect(await look()).toBe('resumed');
  });
});
