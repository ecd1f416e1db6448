import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Action, type ApiRuns, DOMAINS, type Step, startApiRuns } from '../../test/support/api-run.ts';

/** Mostly the same thing as the other calls, so that they get into each other's way. */
const which = fc.constantFrom(0, 0, 0, 1);
const region = fc.constantFrom('eu-central-1', 'us-east-1');
const templateInput = {
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  primary: which,
  backup: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
};
const domain = fc.constantFrom(DOMAINS[0] ?? '', ...DOMAINS);
const target = { domain, app: fc.constantFrom(undefined, undefined, 'live') };
/** Whether the version counts that was read before, or any. */
const seen = fc.boolean();

const types = <Type extends string>(type: Type) => fc.constant(type);
const weighted = (weight: number, arbitrary: fc.Arbitrary<Action>) => ({ weight, arbitrary });

const making = [
  weighted(1, fc.record({ type: types('createStorage'), region })),
  weighted(1, fc.record({ type: types('createDomain'), domain })),
];
/** What begins to use something. */
const using = [
  weighted(2, fc.record({ type: types('createTemplate'), ...templateInput })),
  weighted(4, fc.record({ type: types('replaceTemplate'), template: which, ...templateInput, seen })),
  weighted(3, fc.record({ type: types('bind'), ...target, template: which })),
  weighted(1, fc.record({ type: types('bindAll'), app: target.app, template: which })),
  weighted(3, fc.record({ type: types('rebind'), ...target, template: which, seen })),
];
/** What may take away what others use or change. */
const removing = [
  weighted(1, fc.record({ type: types('moveStorage'), storage: which, region, seen })),
  weighted(2, fc.record({ type: types('deleteStorage'), storage: which, seen })),
  weighted(5, fc.record({ type: types('deleteTemplate'), template: which, seen })),
  weighted(1, fc.record({ type: types('deleteDomain'), domain, seen })),
  weighted(2, fc.record({ type: types('unbind'), ...target, seen })),
];
const action = fc.oneof(...making, ...using, ...removing);

/** Calls that are likely to get into each other's way. */
const actions: fc.Arbitrary<Action[]> = fc.oneof(
  fc.array(action, { minLength: 1, maxLength: 3 }),
  fc.tuple(action, fc.array(action, { maxLength: 1 })).map(([one, more]) => [one, one, ...more]),
  fc.array(fc.oneof(...using), { minLength: 2, maxLength: 3 }),
  { weight: 3, arbitrary: fc.tuple(fc.oneof(...removing), fc.oneof(...using)) },
);

type TimedStep = Step & {
  /** Whether a minute passes afterwards, so that what was begun counts as abandoned. */
  readonly later: boolean;
};
const step = (mostDeaths: number): fc.Arbitrary<TimedStep> =>
  fc.record({
    actions,
    seed: fc.integer({ min: 0, max: 0xffff }),
    diesAfter: fc.dictionary(fc.constantFrom('0', '1', '2'), fc.integer({ min: 1, max: 9 }), {
      maxKeys: mostDeaths,
    }),
    later: fc.boolean(),
  });
const steps = (mostDeaths: number) => fc.array(step(mostDeaths), { minLength: 4, maxLength: 12 });

/** On a machine that is too slow for all runs there are fewer; a failure is made smaller for as long as this. */
const SETTINGS = {
  seed: 20261122,
  numRuns: 25,
  interruptAfterTimeLimit: 45_000,
};

let runs: ApiRuns;
beforeAll(async () => {
  runs = await startApiRuns();
});
afterAll(() => runs.close());

const check = async (
  sequence: readonly TimedStep[],
  wrongIn: () => Promise<readonly string[]>,
): Promise<void> => {
  await runs.begin();
  for (const step of sequence) {
    const wrong = [...(await runs.step(step)), ...(await wrongIn())];
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
    if (step.later) runs.passMinute();
  }
};

describe('No sequence of API calls', () => {
  it('breaks what refers to what, or leaves anything behind, in whatever order their requests come', async () => {
    const wrongIn = async () => [...(await runs.broken()), ...(await runs.leftBehind())];
    await fc.assert(
      fc.asyncProperty(steps(0), (sequence) => check(sequence, wrongIn)),
      SETTINGS,
    );
  });

  it('breaks what refers to what, even if calls die half-way', async () => {
    await fc.assert(
      fc.asyncProperty(steps(2), (sequence) => check(sequence, runs.broken)),
      SETTINGS,
    );
  });
});
