import { describe, expect, it, vi } from 'vitest';
import type { OwedEvent } from '../../shared/events/stream-events.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
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
  const owedEvents = { ofStream: vi.fn(async (): Promise<OwedEvent[]> => []) };
  const { look } = createSessionLook({ streams, recordings, owedEvents }, recording);
  return { streams, recordings, owedEvents, look };
};

const ENDED_AT = '2026-11-22T12:00:00.000Z';
const back = (type: 'started' | 'stopped', at: string): OwedEvent => ({
  type,
  key: recording,
  clientId: 'd',
  at,
});

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

  it('is waited for when its publisher is back at once, until the functions have taken that in', async () => {
    const { look, streams, recordings, owedEvents } = make();
    const ended = { ...session('ses_1', false), endedAt: ENDED_AT };
    const again = { ...session('ses_2'), startedAt: '2026-11-22T12:00:00.500Z', lastEndedAt: ENDED_AT };
    streams.get.mockResolvedValueOnce(ended).mockResolvedValueOnce(ended).mockResolvedValue(again);
    owedEvents.ofStream.mockResolvedValue([back('started', again.startedAt)]);
    setTimeout(() => recordings.get.mockResolvedValue({ ...recording, sessionId: 'ses_2' }), 1000);
    expect(await look()).toBe('resumed');
  });

  it.each([
    ['it is the stop that is still to be taken in', back('stopped', ENDED_AT), {}],
    ['it was away for too long', back('started', '2026-11-22T12:00:01.001Z'), {}],
    ['that is the start of what has ended', back('started', '2026-11-22T11:59:59.900Z'), {}],
    ['the recording is to end', back('started', ENDED_AT), { stopping: endReason('stopped') }],
  ])('is not waited for when %s', async (_, event, changes) => {
    const { look, streams, recordings, owedEvents } = make();
    streams.get.mockResolvedValue({ ...session('ses_1', false), endedAt: ENDED_AT });
    recordings.get.mockResolvedValue({ ...recording, ...changes });
    owedEvents.ofStream.mockResolvedValue([event]);
    const since = performance.now();
    expect(await look()).toBe('ended');
    expect(performance.now() - since).toBeLessThan(100);
  });

  it('is waited for when it is written, and its recording a moment later', async () => {
    const { look, streams, recordings } = make();
    streams.get.mockResolvedValue(session('ses_2'));
    setTimeout(() => recordings.get.mockResolvedValue({ ...recording, sessionId: 'ses_2' }), 100);
    expect(await look()).toBe('resumed');
  });
});
