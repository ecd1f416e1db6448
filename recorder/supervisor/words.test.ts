import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import { planOf, recordingOf, silentLog } from '../recorder.fixture.ts';
import { createWords, isHeard, type Word } from './words.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PLAN = planOf({ mp4: { maxMinutes: 30 } });
const owned = recordingOf(PLAN);
const { owner: _, ...unowned } = owned;
const base = { recordId: 'rec_1', epoch: 3, capture: 1, at: '2026-11-22T10:00:00.000Z' };
const ended: Word = { type: 'capture.ended', ...base, reason: endReason('session-ended') };
const started: Word = { type: 'capture.started', ...base, recorderId: 'rcd_1', media: {} };

const build = () => {
  let now: Recording | undefined = owned;
  const recordings = { get: vi.fn(async () => now) };
  const [send, log] = [vi.fn(async () => undefined as undefined), silentLog()];
  const words = createWords({ recorderId: 'rcd_1', recordings, send, log });
  const become = (recording: Recording | undefined): void => {
    now = recording;
  };
  return { words, recordings, send, log, become };
};

describe('A word of a recorder', () => {
  it('that ends a capture is heard when the recording does not record here any more', () => {
    expect(isHeard(ended, owned, 'rcd_1')).toBe(false);
    const heard = [
      undefined,
      unowned,
      { ...owned, state: 'paused' as const },
      { ...owned, owner: 'rcd_2' },
      { ...owned, epoch: 4 },
    ];
    for (const recording of heard) expect(isHeard(ended, recording, 'rcd_1')).toBe(true);
    const handover = { epoch: 3, owner: 'rcd_1' };
    expect(isHeard(ended, { ...owned, owner: 'rcd_2', epoch: 4, handover }, 'rcd_1')).toBe(false);
  });

  it('that begins a capture is heard when it is known what the recording carries', () => {
    expect(isHeard(started, owned, 'rcd_1')).toBe(false);
    expect(isHeard(started, { ...owned, media: {} }, 'rcd_1')).toBe(true);
    expect(isHeard(started, undefined, 'rcd_1')).toBe(true);
  });

  it('is sent once and looked after once when it was heard', async () => {
    const { words, send, recordings, become } = build();
    await words.say(ended);
    become(unowned);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(send).toHaveBeenCalledTimes(1);
    expect(recordings.get).toHaveBeenCalledTimes(1);
  });

  it('is sent again, more and more seldom, until it is heard', async () => {
    const { words, send, become } = build();
    await words.say(ended);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(send.mock.calls).toEqual([[ended], [ended]]);
    await vi.advanceTimersByTimeAsync(19_000);
    expect(send).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(send).toHaveBeenCalledTimes(3);
    become({ ...owned, state: 'completing' });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(send).toHaveBeenCalledTimes(3);
  });

  it('survives a queue and a table that are away', async () => {
    const { words, send, recordings, become } = build();
    send.mockRejectedValueOnce(new Error('the queue is away'));
    recordings.get.mockRejectedValueOnce(new Error('the table is away'));
    await words.say(ended);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(send).toHaveBeenCalledTimes(2);
    become(unowned);
    const heard = words.allHeard(5000);
    await vi.advanceTimersByTimeAsync(500);
    expect(await heard).toBe(true);
  });

  it('is looked after at once when the recorder ends, but not for ever', async () => {
    const { words, become } = build();
    await words.say(ended);
    const heard = words.allHeard(5000);
    become(unowned);
    await vi.advanceTimersByTimeAsync(500);
    expect(await heard).toBe(true);

    const deaf = build();
    await deaf.words.say(ended);
    const unheard = deaf.words.allHeard(5000);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await unheard).toBe(false);
    expect(deaf.send).toHaveBeenCalledTimes(1);
  });

  it('need not be waited for when there was none', async () => {
    expect(await build().words.allHeard(5000)).toBe(true);
  });
});
