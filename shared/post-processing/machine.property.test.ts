import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at } from '../recordings/recording.fixture.ts';
import type { Run, RunStep } from '../schemas/post-processing.ts';
import { decide, isFinal, nextLookAt, type RunInput } from './machine.ts';
import { stepReason } from './reasons.ts';
import { anArtifact, aRemoteStep, aRun, aStep, type Inputs } from './run.fixture.ts';
import { isRemote, isStoppable } from './step-kinds.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;

/** Trees: each step takes the source or an earlier one. */
const trees: fc.Arbitrary<Inputs> = fc
  .tuple(...NAMES.map((_, index) => fc.integer({ min: -1, max: index - 1 })))
  .map((inputs) => NAMES.map((name, index) => [name, NAMES[inputs[index] ?? -1] ?? 'source'] as const));

/** A run of such a tree in which others do `b` and `d`. */
const runOf = (tree: Inputs): Run =>
  aRun(tree, {
    steps: tree.map(([name, input]) => {
      if (name === 'b') return aRemoteStep('step-functions', name, input);
      return name === 'd' ? aRemoteStep('lambda', name, input) : aStep(name, input);
    }),
  });

/** Inputs in any order, from workers that have steps, had them, or never did; times go forward and back. */
const inputs: fc.Arbitrary<RunInput> = fc
  .record({
    type: fc.constantFrom(
      ...(['claim', 'claim', 'claim', 'renew', 'succeeded', 'succeeded', 'failed', 'released'] as const),
      ...(['underway', 'looked', 'looked', 'stopped', 'cancel', 'again'] as const),
    ),
    step: fc.constantFrom(...NAMES),
    attempt: fc.integer({ min: 0, max: 6 }),
    claimId: fc.constantFrom('one', 'two', 'three'),
    seconds: fc.integer({ min: 0, max: 4000 }),
    final: fc.boolean(),
    percent: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ type, step, attempt, claimId, seconds, final, percent }): RunInput => {
    const time = { at: at(seconds) };
    const leasedUntil = at(seconds + 30);
    const isOthers = step === 'b' || step === 'd';
    const made = isOthers
      ? { files: [{ bucket: 'recordings', key: `${step}-${claimId}` }] }
      : { output: anArtifact(`${step}-${claimId}`) };
    const remote = isOthers ? { remote: { until: at(seconds + 300), tokenHash: claimId } } : {};
    const lookAt = at(seconds + 60);
    const reason = stepReason('step-failed');
    const all = {
      step,
      attempt,
      claimId,
      leasedUntil,
      final,
      percent,
      lookAt,
      reason,
      ...made,
      ...remote,
      ...time,
    };
    return { type, ...all } as RunInput;
  });

/** Every state that a run goes through. */
const history = (run: Run, played: readonly RunInput[]): { runs: Run[]; notices: string[] } => {
  const runs = [run];
  const notices: string[] = [];
  for (const input of played) {
    const decision = decide(runs.at(-1) as Run, input);
    if (decision.type === 'ignored') continue;
    const { owes, ...next } = decision.next;
    runs.push(next);
    if (owes !== undefined) notices.push(owes);
  }
  return { runs, notices };
};

const scenarios = fc.record({ tree: trees, played: fc.array(inputs, { maxLength: 60 }) });
const check = (property: (run: Run, played: readonly RunInput[]) => void): void =>
  fc.assert(
    fc.property(scenarios, ({ tree, played }) => property(runOf(tree), played)),
    { numRuns: 500 },
  );
const named = (run: Run, name: string): RunStep | undefined =>
  run.steps.find(({ step }) => step.name === name);

describe('Whatever comes in whatever order', () => {
  it('a step that has succeeded stays as it is, with the output of the worker that had it', () => {
    check((run, played) => {
      const { runs } = history(run, played);
      for (const [index, after] of runs.entries()) {
        const before = runs[index - 1];
        for (const step of after.steps) {
          const earlier = before && named(before, step.step.name);
          const { abandoned: _, ...kept } = step;
          const { abandoned: __, ...was } = earlier ?? step;
          if (earlier?.state === 'succeeded') expect(kept).toEqual(was);
          const made = isRemote(step.step) ? step.files?.[0] : step.output;
          expect(made !== undefined).toBe(step.state === 'succeeded');
          const isNew = earlier !== undefined && earlier.state !== 'succeeded' && step.state === 'succeeded';
          if (isNew) expect(made?.key).toBe(`${step.step.name}-${earlier.claimId}`);
        }
      }
    });
  });

  it('nothing is begun before its input is there, or skipped while that may still come', () => {
    check((run, played) => {
      for (const { steps } of history(run, played).runs) {
        for (const step of steps) {
          const input = steps.find(({ step: { name } }) => name === step.step.input);
          if (input === undefined) continue;
          if (step.dueAt !== undefined || step.state === 'running') expect(input.state).toBe('succeeded');
          if (step.state === 'skipped') expect(['failed', 'skipped', 'cancelled']).toContain(input.state);
        }
      }
    });
  });

  it('a run goes on for as long as there is something to do, and somebody will look after it', () => {
    check((run, played) => {
      for (const now of history(run, played).runs) {
        expect(now.state === 'running').toBe(!now.steps.every(isFinal));
        const isLeft = now.steps.some(({ abandoned }) => abandoned !== undefined);
        expect(nextLookAt(now) !== undefined).toBe(now.state === 'running' || isLeft);
        expect(now.endedAt === undefined).toBe(now.state === 'running');
      }
    });
  });

  it('each number of an attempt is given out once', () => {
    check((run, played) => {
      const begun = new Map<string, number>();
      for (const { steps } of history(run, played).runs) {
        for (const { step, attempt } of steps) {
          expect(attempt).toBeGreaterThanOrEqual(begun.get(step.name) ?? 0);
          expect(attempt - (begun.get(step.name) ?? 0)).toBeLessThanOrEqual(1);
          begun.set(step.name, attempt);
        }
      }
    });
  });

  it('others are told to stop what nobody waits for any more, until they have', () => {
    check((run, played) => {
      let now = run;
      for (const input of played) {
        const decision = decide(now, input);
        if (decision.type === 'ignored') continue;
        for (const [index, step] of decision.next.steps.entries()) {
          const before = now.steps[index];
          if (before?.state !== 'running' || !isStoppable(step.step) || before.remote === undefined) continue;
          const isGivenUp =
            step.state !== 'running' && !['succeeded', 'failed', 'released'].includes(input.type);
          if (isGivenUp) expect(step.abandoned?.at(-1)).toMatchObject({ attempt: before.attempt });
          if (!isGivenUp && input.type !== 'stopped') {
            expect(step.abandoned?.length).toBe(before.abandoned?.length);
          }
        }
        now = decision.next;
      }
      for (const { step, abandoned = [] } of now.steps) {
        for (const { attempt } of abandoned) {
          const decision = decide(now, { type: 'stopped', step: step.name, attempt, at: at(5000) });
          if (decision.type === 'changed') now = decision.next;
        }
      }
      expect(now.steps.every(({ abandoned }) => abandoned === undefined)).toBe(true);
    });
  });

  it('the end is told once for each time that it was run', () => {
    check((run, played) => {
      const { runs, notices } = history(run, played);
      expect(notices.length).toBeLessThanOrEqual((runs.at(-1)?.round ?? 0) + 1);
    });
  });

  it('it still comes to its end when workers do their work', () => {
    check((run, played) => {
      let now = history(run, played).runs.at(-1) as Run;
      for (let round = 0; now.state === 'running' && round < 50; round += 1) {
        const apply = (input: RunInput): void => {
          const decision = decide(now, input);
          if (decision.type === 'changed') now = decision.next;
        };
        apply({ type: 'looked', at: at(100_000 + round * 10_000) });
        for (const { step, attempt, dueAt } of now.steps) {
          const work = { step: step.name, claimId: 'last', at: at(100_000 + round * 10_000) };
          if (dueAt === undefined) continue;
          const remote = isRemote(step) ? { remote: { until: at(300_000 + round * 10_000) } } : {};
          apply({ type: 'claim', ...work, ...remote, attempt, leasedUntil: at(200_000 + round * 10_000) });
          const made = isRemote(step) ? { files: [] } : { output: anArtifact(`${step.name}-last`) };
          apply({ type: 'succeeded', ...work, ...made });
        }
      }
      expect(now.state).not.toBe('running');
    });
  });
});
