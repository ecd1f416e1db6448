import { describe, expect, it } from 'vitest';
import { at } from '../recordings/recording.fixture.ts';
import type { Run } from '../schemas/post-processing.ts';
import { begun, decide, isSpent, nextLookAt, type RunEffect, type RunInput } from './machine.ts';
import { stepReason } from './reasons.ts';
import { anArtifact, aRun, aStep } from './run.fixture.ts';

const FAILED = stepReason('step-failed');

/** Plays inputs, all of which must change something. */
const play = (run: Run, ...inputs: RunInput[]): { run: Run; effects: readonly RunEffect[] } => {
  let [now, effects]: [Run, readonly RunEffect[]] = [run, []];
  for (const input of inputs) {
    const decision = decide(now, input);
    if (decision.type === 'ignored') throw new Error(`${input.type} was ignored`);
    ({ next: now, effects } = decision);
  }
  return { run: now, effects };
};
const stateOf = (run: Run, name: string) => run.steps.find(({ step }) => step.name === name)?.state;
const claim = (step: string, attempt = 0, claimId = `c${attempt}`): RunInput => ({
  type: 'claim',
  ...{ step, attempt, claimId, at: at(1), leasedUntil: at(31) },
});
const succeeded = (step: string, claimId = 'c0'): RunInput => ({
  type: 'succeeded',
  ...{ step, claimId, at: at(9), output: anArtifact(step) },
});
const failed = (step: string, claimId = 'c0', final = false): RunInput => ({
  type: 'failed',
  ...{ step, claimId, at: at(9), reason: FAILED, final },
});

describe('A run', () => {
  it('begins with the steps that take the source', () => {
    const made = { ...aRun(), steps: [aStep('a'), aStep('b', 'a'), aStep('c')] };
    const { run, effects } = begun(made);
    expect(run.steps.map(({ dueAt }) => dueAt)).toEqual([at(0), undefined, at(0)]);
    const job = { type: 'queue', attempt: 0, delaySeconds: 0 };
    expect(effects).toEqual([
      { ...job, step: 'a' },
      { ...job, step: 'c' },
    ]);
  });

  it('goes on to the steps whose input is there, and ends owing a notice', () => {
    const first = play(
      aRun([
        ['a', 'source'],
        ['b', 'a'],
      ]),
      claim('a'),
      succeeded('a'),
    );
    expect(first.effects).toEqual([{ type: 'queue', step: 'b', attempt: 0, delaySeconds: 0 }]);
    const { run, effects } = play(first.run, claim('b'), succeeded('b'));
    expect(run).toMatchObject({ state: 'succeeded', endedAt: at(9), owes: 'post-processing.finished' });
    expect(effects).toEqual([]);
    const { owes: _, ...told } = run;
    expect(nextLookAt(told)).toBeUndefined();
  });

  it('is looked after until its notice stands in the table', () => {
    const { run } = play(aRun(), claim('a'), succeeded('a'));
    expect(nextLookAt(run)).toBe(at(69));
    const { run: again } = play(play(aRun(), claim('a'), failed('a', 'c0', true)).run, {
      type: 'again',
      at: at(10),
    });
    expect(again.owes).toBeUndefined();
  });

  it('gives a step to one worker only', () => {
    const { run } = play(aRun(), claim('a', 0, 'one'));
    expect(decide(run, claim('a', 0, 'other'))).toEqual({ type: 'ignored' });
    expect(decide(run, succeeded('a', 'other'))).toEqual({ type: 'ignored' });
  });

  it('tries a step again, later each time, and then gives it up with what needs it, and with nothing else', () => {
    const tree = aRun([
      ['a', 'source'],
      ['b', 'a'],
      ['c', 'b'],
      ['other', 'source'],
    ]);
    const once = play(tree, claim('a'), failed('a'));
    expect(once.effects).toEqual([{ type: 'queue', step: 'a', attempt: 1, delaySeconds: 10 }]);
    const twice = play(once.run, claim('a', 1), failed('a', 'c1'));
    expect(twice.effects).toEqual([{ type: 'queue', step: 'a', attempt: 2, delaySeconds: 30 }]);
    const thrice = play(twice.run, claim('a', 2), failed('a', 'c2'));
    expect(['a', 'b', 'c', 'other'].map((name) => stateOf(thrice.run, name))).toEqual([
      'failed',
      'skipped',
      'skipped',
      'pending',
    ]);
    expect(thrice.run.state).toBe('running');
    const over = play(thrice.run, claim('other'), succeeded('other'));
    expect(over.run.state).toBe('failed');
    expect(over.run.owes).toBe('post-processing.failed');
  });

  it('does not try again what can never succeed', () => {
    expect(play(aRun(), claim('a'), failed('a', 'c0', true)).run.state).toBe('failed');
  });

  it('takes a step from a worker whose lease has run out, and nothing from it any more', () => {
    const { run, effects } = play(aRun(), claim('a'), { type: 'looked', at: at(32) });
    expect(effects).toEqual([{ type: 'queue', step: 'a', attempt: 1, delaySeconds: 10 }]);
    expect(decide(run, succeeded('a'))).toEqual({ type: 'ignored' });
    expect(play(run, claim('a', 1), succeeded('a', 'c1')).run.state).toBe('succeeded');
  });

  it('has a last worker clear up when every try was lost', () => {
    let run = aRun();
    for (const attempt of [0, 1, 2]) {
      ({ run } = play(run, claim('a', attempt), { type: 'looked', at: at(32) }));
    }
    const { run: claimed } = play(run, claim('a', 3));
    expect(claimed.steps.map(isSpent)).toEqual([true]);
    expect(play(claimed, failed('a', 'c3', true)).run.state).toBe('failed');
  });

  it('keeps a step whose lease is renewed, with how far it is', () => {
    const renew: RunInput = {
      type: 'renew',
      ...{ step: 'a', claimId: 'c0', at: at(20), leasedUntil: at(50), percent: 40 },
    };
    const { run } = play(aRun(), claim('a'), renew);
    expect(decide(run, { type: 'looked', at: at(49) })).toEqual({ type: 'ignored' });
    expect(run.steps[0]?.percent).toBe(40);
    expect(nextLookAt(run)).toBe(at(50));
  });

  it('counts no failure when a worker shuts down', () => {
    const { run, effects } = play(aRun(), claim('a'), {
      type: 'released',
      step: 'a',
      claimId: 'c0',
      at: at(5),
    });
    expect(run.steps[0]).toMatchObject({ state: 'pending', failures: 0, attempt: 1 });
    expect(effects).toEqual([{ type: 'queue', step: 'a', attempt: 1, delaySeconds: 0 }]);
  });

  it('queues a job that was lost after a minute, and the same one later each time', () => {
    const looked = (seconds: number): RunInput => ({ type: 'looked', at: at(seconds) });
    const job = { type: 'queue', step: 'a', attempt: 0, delaySeconds: 0 };
    const run = aRun();
    expect(decide(run, looked(59))).toEqual({ type: 'ignored' });
    const once = play(run, looked(60));
    expect(once.effects).toEqual([job]);
    expect(decide(once.run, looked(179))).toEqual({ type: 'ignored' });
    expect(play(once.run, looked(180)).effects).toEqual([job]);
  });

  it('that is cancelled takes nothing from workers any more, and tells nobody', () => {
    const { run, effects } = play(
      aRun([
        ['a', 'source'],
        ['b', 'a'],
      ]),
      claim('a'),
      { type: 'cancel', at: at(5) },
    );
    expect(run.state).toBe('cancelled');
    expect(run.steps.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    expect(effects).toEqual([]);
    expect(decide(run, succeeded('a'))).toEqual({ type: 'ignored' });
  });

  it('can be run again, but for what has succeeded', () => {
    const tree = aRun([
      ['a', 'source'],
      ['b', 'a'],
    ]);
    const { run } = play(tree, claim('a'), succeeded('a'), claim('b'), failed('b', 'c0', true));
    const again = play(run, { type: 'again', at: at(60) });
    expect(again.effects).toEqual([{ type: 'queue', step: 'b', attempt: 1, delaySeconds: 0 }]);
    expect(again.run).toMatchObject({ state: 'running', round: 1 });
    expect(again.run.endedAt).toBeUndefined();
    expect(play(again.run, claim('b', 1), succeeded('b', 'c1')).run.state).toBe('succeeded');
    expect(decide(again.run, { type: 'again', at: at(61) })).toEqual({ type: 'ignored' });
  });

  it('that has succeeded is over', () => {
    const { run } = play(aRun(), claim('a'), succeeded('a'));
    for (const type of ['cancel', 'again', 'looked'] as const) {
      expect(decide(run, { type, at: at(60) })).toEqual({ type: 'ignored' });
    }
  });
});
