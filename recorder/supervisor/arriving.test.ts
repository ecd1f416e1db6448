import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Handover, Recording } from '../../shared/schemas/recording.ts';
import type { Lease } from '../../shared/table/recorders.ts';
import { planOf, recordingOf, silentLog } from '../recorder.fixture.ts';
import { awaitPredecessor, sightOf } from './arriving.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PLAN = planOf({ mp4: { maxMinutes: 30 } });
const HANDOVER: Handover = { epoch: 3, owner: 'rcd_1' };
const claimed = recordingOf(PLAN, { handover: HANDOVER, epoch: 4, owner: 'rcd_2' });
const { handover: _, ...settled } = claimed;
const over = (fingerprint?: string): Recording => ({
  ...claimed,
  handover: { ...HANDOVER, over: fingerprint === undefined ? {} : { fingerprint } },
});

const arrive = (first: Recording = claimed) => {
  let now: Recording | undefined = first;
  let lease: Partial<Lease> | undefined = {};
  const ports = {
    recorderId: 'rcd_2',
    recordings: {
      get: vi.fn(async () => now),
      setReceiving: vi.fn(async () => true),
    },
    recorders: { get: async () => lease as Lease | undefined },
    log: silentLog(),
    decide: vi.fn(async () => undefined),
  };
  const [run, onGone, began] = [new AbortController(), vi.fn(), vi.fn()];
  const arrival = awaitPredecessor(ports, first, first.handover ?? HANDOVER, run.signal, onGone);
  void arrival.begins.then(began);
  const become = (recording: Recording | undefined): void => {
    now = recording;
  };
  const lose = (): void => {
    lease = { lost: true };
  };
  const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);
  const reads = () => ports.recordings.get.mock.calls.length;
  return { ...ports, arrival, run, onGone, began, become, lose, pass, reads };
};

describe('A recorder that takes over', () => {
  it('sees what the one that leaves has said', () => {
    expect(sightOf(claimed, 4)).toEqual({ type: 'wait' });
    expect(sightOf(over('f'), 4)).toEqual({ type: 'begin', fingerprint: 'f', isSettled: false });
    const left = { ...claimed, handover: { ...HANDOVER, over: { fingerprint: 'f' }, left: true as const } };
    expect(sightOf(left, 4)).toEqual({ type: 'begin', fingerprint: 'f', isSettled: true });
    expect(sightOf(settled, 4)).toEqual({ type: 'begin', isSettled: true });
    for (const gone of [undefined, { ...claimed, epoch: 5 }, { ...claimed, state: 'paused' as const }]) {
      expect(sightOf(gone, 4)).toEqual({ type: 'gone' });
    }
  });

  it('begins at the key frame that the one before has left out, and looks seldom after that', async () => {
    const { began, become, pass, reads, decide } = arrive();
    await pass(1);
    expect(began).not.toHaveBeenCalled();
    become(over('f'));
    await pass(0.5);
    expect(began).toHaveBeenCalledWith({ fingerprint: 'f' });
    const before = reads();
    become(settled);
    await pass(60);
    expect(reads()).toBe(before + 1);
    expect(decide).not.toHaveBeenCalled();
  });

  it('begins without a key frame when the one before has ended without one', async () => {
    const { began, become, pass } = arrive();
    become(settled);
    await pass(0.5);
    expect(began).toHaveBeenCalledWith({});
  });

  it('waits for nothing when that was over before it came', async () => {
    const { began, pass } = arrive(over('f'));
    await pass(0);
    expect(began).toHaveBeenCalledWith({});
  });

  it('goes on without one that has died, before and after that has left the playlist', async () => {
    const died = arrive();
    died.lose();
    await died.pass(4);
    expect(died.began).toHaveBeenCalledWith({});
    expect(died.decide).toHaveBeenCalledWith(
      'rec_1',
      expect.objectContaining({ type: 'handover.ended', epoch: 3 }),
    );

    const later = arrive(over('f'));
    later.lose();
    await later.pass(10);
    expect(later.decide).toHaveBeenCalledTimes(1);
  });

  it('goes on without one that takes too long', async () => {
    const { began, pass, decide } = arrive();
    await pass(44);
    expect(began).not.toHaveBeenCalled();
    await pass(1);
    expect(began).toHaveBeenCalledWith({});
    expect(decide).toHaveBeenCalledTimes(1);
  });

  it('begins nothing when the recording was ended or taken away meanwhile', async () => {
    const { began, become, pass, onGone } = arrive();
    become({ ...claimed, state: 'completing' });
    await pass(0.5);
    expect(onGone).toHaveBeenCalledTimes(1);
    expect(began).toHaveBeenCalledWith(undefined);
  });

  it('looks no longer once its own run is over', async () => {
    const { run, pass, reads } = arrive();
    run.abort();
    await pass(60);
    expect(reads()).toBe(0);
  });

  it('outlives a table that is away', async () => {
    const { recordings, began, become, pass, log } = arrive();
    recordings.get.mockRejectedValueOnce(new Error('the table is away'));
    become(over());
    await pass(1);
    expect(log.warn).toHaveBeenCalledTimes(1);
    expect(began).toHaveBeenCalledWith({});
  });

  it('says once that it has media', async () => {
    const { arrival, recordings } = arrive();
    arrival.receiving();
    arrival.receiving();
    expect(recordings.setReceiving.mock.calls).toEqual([['rec_1', 4]]);
  });
});
