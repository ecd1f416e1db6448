import { describe, expect, it } from 'vitest';
import { at } from '../recordings/recording.fixture.ts';
import type { Run, RunStep } from '../schemas/post-processing.ts';
import { decide, nextLookAt, type RunInput } from './machine.ts';
import { stepReason } from './reasons.ts';
import { aRemoteStep, aRun, play } from './run.fixture.ts';

const handedOver = (kind: 'lambda' | 'mediaconvert' = 'mediaconvert'): Run =>
  aRun(undefined, { steps: [aRemoteStep(kind, 'a')] });

const only = ({ steps: [step] }: Run): RunStep => step as RunStep;

const claim = (seconds: number, attempt = 0): RunInput => ({
  ...{ type: 'claim', step: 'a', attempt, claimId: `try-${attempt + 1}` },
  ...{ at: at(seconds), leasedUntil: at(seconds + 60) },
  remote: { until: at(seconds + 3600), tokenHash: `hash-${seconds}` },
});
const underway = (seconds: number, more: { jobId?: string; percent?: number } = {}): RunInput => ({
  ...{ type: 'underway', step: 'a', claimId: 'try-1', at: at(seconds), lookAt: at(seconds + 600) },
  ...more,
});
const looked = (seconds: number): RunInput => ({ type: 'looked', at: at(seconds) });

describe('A try that others do', () => {
  it('is begun once more, as the same try, when it is not known that they have it', () => {
    const { run } = play(handedOver(), claim(0));
    expect(nextLookAt(run)).toBe(at(60));
    expect(decide(run, claim(59))).toEqual({ type: 'ignored' });
    const seen = play(run, looked(61));
    expect(seen.effects).toEqual([{ type: 'queue', step: 'a', attempt: 0, delaySeconds: 0 }]);
    const again = only(play(seen.run, claim(62)).run);
    expect(again).toMatchObject({ attempt: 1, failures: 0, remote: { tokenHashes: ['hash-0', 'hash-62'] } });
    // The time that they have does not begin anew.
    expect(again.remote?.until).toBe(at(3600));
  });

  it('is not begun again when they have it, but asked about when nothing is heard', () => {
    const { run } = play(handedOver(), claim(0), underway(1, { jobId: 'job' }));
    expect(only(run)).toMatchObject({ lookAt: at(601), remote: { jobId: 'job', handedAt: at(1) } });
    expect(decide(run, claim(100))).toEqual({ type: 'ignored' });
    expect(decide(run, looked(600))).toEqual({ type: 'ignored' });
    const news = play(run, underway(300, { percent: 40 })).run;
    expect(only(news)).toMatchObject({ percent: 40, lookAt: at(900), remote: { handedAt: at(1) } });
    const seen = play(news, looked(901));
    expect(seen.effects).toEqual([{ type: 'queue', step: 'a', attempt: 0, delaySeconds: 0 }]);
    expect(nextLookAt(seen.run)).toBe(at(901 + 120));
  });

  it('fails when its time is over, is stopped, and tried again', () => {
    const { run, effects } = play(handedOver(), claim(0), underway(1, { jobId: 'job' }), looked(3600));
    expect(only(run)).toMatchObject({
      ...{ state: 'pending', attempt: 1, failures: 1, reason: { code: 'timed-out' } },
      abandoned: [{ attempt: 1, jobId: 'job' }],
    });
    expect(effects).toEqual([
      { type: 'queue', step: 'a', attempt: 1, delaySeconds: 10 },
      { type: 'stop', step: 'a', attempt: 1 },
    ]);
    const over = play(run, { type: 'stopped', step: 'a', attempt: 1, at: at(3602) });
    expect(only(over.run).abandoned).toBeUndefined();
  });

  it('is over for whoever speaks of an earlier one', () => {
    const { run } = play(handedOver(), claim(0), underway(1), looked(3600), claim(3610, 1));
    const of = { step: 'a', claimId: 'try-1', at: at(3611) };
    expect(decide(run, { type: 'succeeded', ...of, files: [] })).toEqual({ type: 'ignored' });
    const reason = stepReason('told-failed');
    expect(decide(run, { type: 'failed', ...of, reason, final: true })).toEqual({ type: 'ignored' });
    expect(decide(run, underway(3611))).toEqual({ type: 'ignored' });
  });

  it('is stopped when the run is cancelled, and looked after until it is', () => {
    const cancelled = play(handedOver(), claim(0), underway(1, { jobId: 'job' }), {
      type: 'cancel',
      at: at(5),
    });
    expect(cancelled.run.state).toBe('cancelled');
    expect(cancelled.effects).toEqual([{ type: 'stop', step: 'a', attempt: 1 }]);
    expect(nextLookAt(cancelled.run)).toBe(at(65));
    const seen = play(cancelled.run, looked(66));
    expect(seen.effects).toEqual([{ type: 'stop', step: 'a', attempt: 1 }]);
    expect(seen.run.endedAt).toBe(at(5));
    const over = play(seen.run, { type: 'stopped', step: 'a', attempt: 1, at: at(67) });
    expect([over.effects, nextLookAt(over.run)]).toEqual([[], undefined]);
  });

  it('of a function is not stopped, as nobody can', () => {
    const { effects, run } = play(handedOver('lambda'), claim(0), { type: 'cancel', at: at(5) });
    expect([effects, nextLookAt(run)]).toEqual([[], undefined]);
  });

  it('is still stopped when the run is run again meanwhile', () => {
    const { run } = play(
      handedOver(),
      ...[claim(0), underway(1, { jobId: 'job' })],
      { type: 'cancel', at: at(5) },
      { type: 'again', at: at(6) },
    );
    expect(only(run)).toMatchObject({ state: 'pending', abandoned: [{ attempt: 1, jobId: 'job' }] });
    expect(play(run, looked(70)).effects).toContainEqual({ type: 'stop', step: 'a', attempt: 1 });
  });
});
