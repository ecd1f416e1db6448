import { describe, expect, it } from 'vitest';
import type { PushEvent } from '../../shared/events/stream-events.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import { createRecordedTelemetry, KEY, planWith, recordingWith, START } from '../common/world.fixture.ts';
import { begunBy, createLosslessStart, isAwaited } from './lossless-start.ts';

const LATER = '2026-11-22T10:00:05.000Z';
const EVENT: PushEvent = { type: 'started', key: KEY, clientId: '10.0.0.7/1', at: START };

const streamWith = (changes: Partial<Stream> = {}): Stream => ({
  ...KEY,
  sessionId: 'ses_1',
  clientId: EVENT.clientId,
  live: true,
  startedAt: START,
  recordIds: ['rec_1'],
  ...changes,
});
const PLAN = { ...planWith(), announceConnected: true };
const waitingRecording = (changes: Partial<Recording> = {}) => recordingWith({ plan: PLAN, ...changes });

describe('the start of a push', () => {
  it.each<[string, Stream | undefined, string[] | undefined]>([
    ['has not been taken in while there is no item', undefined, undefined],
    ['nor while the last session is over', streamWith({ live: false, clientId: 'other' }), undefined],
    ['nor while another one is live that does not know of it', streamWith({ clientId: 'other' }), undefined],
    ['has led to the recordings of its session', streamWith(), ['rec_1']],
    ['has led to none without a rule', streamWith({ recordIds: [], notRecorded: 'No rule.' }), []],
    [
      'has led to none when another one’s push goes on',
      streamWith({ clientId: 'other', rivals: { [EVENT.clientId]: START } }),
      [],
    ],
    [
      'has led to none when it was over before',
      streamWith({ clientId: 'other', live: false, voidStarts: { [EVENT.clientId]: LATER } }),
      [],
    ],
    [
      'has not been taken in when an earlier push of the same connection was over before',
      streamWith({ live: false, voidStarts: { [EVENT.clientId]: '2026-11-22T09:00:00.000Z' } }),
      undefined,
    ],
  ])('%s', (_, stream, recordIds) => {
    expect(begunBy(EVENT, stream)?.recordIds).toEqual(recordIds);
  });
});

describe('a recording', () => {
  it.each<[string, Recording | undefined, boolean]>([
    ['is waited for until it is there', undefined, true],
    ['is waited for until it is connected', waitingRecording(), true],
    ['is waited for until it goes on with the new session', waitingRecording({ sessionId: 'ses_0' }), true],
    ['is not waited for once it is connected', waitingRecording({ connectedAt: LATER }), false],
    ['is not waited for when it has failed', waitingRecording({ state: 'failed' }), false],
    ['is not waited for when nobody asked its recorder to tell', recordingWith(), false],
  ])('%s', (_, recording, expected) => {
    expect(isAwaited(recording, 'ses_1')).toBe(expected);
  });
});

const setUp = (patienceMs: number) => {
  const state: { stream: Stream | undefined; recordings: Map<string, Recording> } = {
    stream: undefined,
    recordings: new Map(),
  };
  const reads = { stream: 0, recordings: 0 };
  const { telemetry, counted } = createRecordedTelemetry();
  const hold = createLosslessStart({
    streams: {
      get: async () => {
        reads.stream += 1;
        return state.stream;
      },
    },
    recordings: {
      get: async (recordId) => {
        reads.recordings += 1;
        return state.recordings.get(recordId);
      },
    },
    telemetry,
    patienceMs,
  });
  const held = async (domain = { adapter: 'nginx-rtmp' as const, losslessStart: true }) => {
    const begin = performance.now();
    await hold(domain, EVENT);
    return performance.now() - begin;
  };
  return { state, reads, counted, held, hold };
};

describe('a publisher', () => {
  it('is held back until every recording is connected, and the stream is read no more than needed', async () => {
    const { state, reads, held } = setUp(10_000);
    state.stream = streamWith({ recordIds: ['rec_1', 'rec_2'] });
    state.recordings.set('rec_1', waitingRecording({ connectedAt: LATER }));
    setTimeout(() => state.recordings.set('rec_2', waitingRecording({ connectedAt: LATER })), 200);
    expect(await held()).toBeGreaterThanOrEqual(199);
    expect(reads.stream).toBe(1);
    // The first is not read again.
    expect(reads.recordings).toBeLessThanOrEqual(6);
  });

  it('is let in as soon as it is known that nothing is recorded', async () => {
    const { state, reads, counted, held } = setUp(10_000);
    state.stream = streamWith({ recordIds: [], notRecorded: 'No rule.' });
    await held();
    expect(reads).toEqual({ stream: 1, recordings: 0 });
    expect(counted).toEqual([]);
  });

  it('is let in at last when nobody connects, and it is counted', async () => {
    const { state, counted, held } = setUp(150);
    state.stream = streamWith();
    expect(await held()).toBeLessThan(1000);
    expect(counted).toEqual(['LosslessStartsMissed']);
  });

  it('is let in although the table fails or hangs', async () => {
    const { telemetry, counted } = createRecordedTelemetry();
    const recordings = { get: async () => undefined };
    for (const get of [
      () => Promise.reject(new Error('no table')),
      () => new Promise<never>(() => undefined),
    ]) {
      await createLosslessStart({ streams: { get }, recordings, telemetry, patienceMs: 150 })(
        { adapter: 'srs', losslessStart: true },
        EVENT,
      );
    }
    expect(counted).toEqual(['LosslessStartsMissed', 'LosslessStartsMissed']);
  });

  it('is not held back where the domain does not want it or its server would not wait', async () => {
    const { hold, reads } = setUp(10_000);
    await hold({ adapter: 'nginx-rtmp', losslessStart: false }, EVENT);
    await hold({ adapter: 'node-media-server', losslessStart: true }, EVENT);
    expect(reads).toEqual({ stream: 0, recordings: 0 });
  });
});
