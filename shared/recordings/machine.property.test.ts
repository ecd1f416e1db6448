import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Recording, RecordingState } from '../schemas/recording.ts';
import { END_REASONS, type EndCode, endReason } from './end-reason.ts';
import { claimed, decide, type Effect, type RecordingInput, resumptionSeconds } from './machine.ts';
import { at, recordingWith } from './recording.fixture.ts';

const next = (recording: Recording, input: RecordingInput): { recording: Recording; effects: Effect[] } => {
  const decision = decide(recording, input);
  return decision.type === 'ignored'
    ? { recording, effects: [] }
    : { recording: decision.next, effects: decision.effects };
};

const seconds = fc.integer({ min: 0, max: 200 });
const codes = fc.constantFrom(...(Object.keys(END_REASONS) as EndCode[]));
const owners = fc.constantFrom('rcd_1', 'rcd_2');

/** Inputs, and what recorders do in between: claiming and beginning captures. */
type Step =
  | { type: 'input'; input: RecordingInput }
  | { type: 'ended'; code: EndCode; at: string; live: boolean }
  | { type: 'claim'; owner: string }
  | { type: 'offer'; at: string }
  | { type: 'receiving' }
  | { type: 'over' }
  | { type: 'left'; code: EndCode; at: string; live: boolean }
  | { type: 'capture' };

const captureEnded = fc
  .record({
    epoch: fc.integer({ min: 0, max: 4 }),
    reason: codes.map((code) => endReason(code)),
    at: seconds.map(at),
    sessionLive: fc.boolean(),
  })
  .map((input) => ({ type: 'capture.ended' as const, ...input, now: input.at }));

const inputs: fc.Arbitrary<RecordingInput> = fc.oneof(
  fc.record({
    type: fc.constant('session.resumed' as const),
    sessionId: fc.constantFrom('ses_1', 'ses_2', 'ses_3'),
    at: seconds.map(at),
    isBrief: fc.boolean(),
  }),
  captureEnded,
  fc.record({
    type: fc.constant('owner.lost' as const),
    owner: owners,
    at: seconds.map(at),
    sessionLive: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('stopped' as const),
    at: seconds.map(at),
    reason: fc.constantFrom('stopped' as const, 'task-ended' as const).map((code) => endReason(code)),
  }),
  fc.record({ type: fc.constant('unclaimed' as const), at: seconds.map(at), sessionLive: fc.boolean() }),
  fc.record({ type: fc.constant('resumption.expired' as const), at: seconds.map(at) }),
  fc.record({
    type: fc.constant('handover.offered' as const),
    epoch: fc.integer({ min: 0, max: 4 }),
    owner: owners,
    at: seconds.map(at),
  }),
  fc.record({
    type: fc.constant('handover.ended' as const),
    epoch: fc.integer({ min: 0, max: 4 }),
    at: seconds.map(at),
  }),
  fc.record({
    type: fc.constant('files.settled' as const),
    files: fc.array(
      fc.record({
        state: fc.constantFrom('recording' as const, 'waiting' as const, 'ready' as const, 'failed' as const),
      }),
      {
        maxLength: 3,
      },
    ),
    at: seconds.map(at),
  }),
);

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: inputs.map((input) => ({ type: 'input' as const, input })) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('ended' as const),
      code: fc.oneof(fc.constant('session-ended' as const), codes),
      at: fc.integer({ min: 0, max: 60 }).map(at),
      live: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: owners.map((owner) => ({ type: 'claim' as const, owner })) },
  { weight: 1, arbitrary: fc.constant({ type: 'capture' as const }) },
  { weight: 2, arbitrary: seconds.map((time) => ({ type: 'offer' as const, at: at(time) })) },
  { weight: 1, arbitrary: fc.constantFrom({ type: 'receiving' as const }, { type: 'over' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('left' as const),
      code: fc.oneof(fc.constant('recorder-drained' as const), codes),
      at: seconds.map(at),
      live: fc.boolean(),
    }),
  },
);

const take = (recording: Recording, step: Step): { recording: Recording; effects: Effect[] } => {
  switch (step.type) {
    case 'input':
      return next(recording, step.input);
    case 'ended': {
      const { code, live } = step;
      const input = {
        epoch: recording.epoch,
        reason: endReason(code),
        at: step.at,
        now: step.at,
        sessionLive: live,
      };
      return next(recording, { type: 'capture.ended', ...input });
    }
    case 'claim': {
      return { recording: claimed(recording, recording.epoch, step.owner) ?? recording, effects: [] };
    }
    case 'offer': {
      const { epoch, owner = '' } = recording;
      return next(recording, { type: 'handover.offered', epoch, owner, at: step.at });
    }
    case 'receiving':
    case 'over': {
      const { state, handover, epoch, revision } = recording;
      // What the table's conditions let pass.
      if (handover === undefined || handover.epoch === epoch) return { recording, effects: [] };
      if (step.type === 'receiving' && state !== 'recording') return { recording, effects: [] };
      const said = step.type === 'over' ? { over: {} } : { receiving: true as const };
      const noted = { ...recording, handover: { ...handover, ...said }, revision: revision + 1 };
      return { recording: noted, effects: [] };
    }
    case 'left': {
      const { code, live } = step;
      const epoch = recording.handover?.epoch ?? -1;
      const input = { epoch, reason: endReason(code), at: step.at, now: step.at, sessionLive: live };
      return next(recording, { type: 'capture.ended', ...input });
    }
    case 'capture': {
      if (recording.owner === undefined) return { recording, effects: [] };
      const { captures, revision } = recording;
      return { recording: { ...recording, captures: captures + 1, revision: revision + 1 }, effects: [] };
    }
  }
};

const story = fc.tuple(
  fc.constantFrom(0, 30),
  fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }),
  fc.array(steps, { maxLength: 30, size: 'max' }),
);

const tell = (
  [timeout, end, all]: [number, number | undefined, Step[]],
  look: (before: Recording, step: Step, after: Recording, effects: Effect[]) => void,
) => {
  const { owner: _, ...rest } = recordingWith(timeout, { epoch: 0, captures: 0, revision: 0 });
  const first = end === undefined ? rest : { ...rest, plan: { ...rest.plan, endsAt: at(end) } };
  return all.reduce<Recording>((before, step) => {
    const { recording, effects } = take(before, step);
    look(before, step, recording, effects);
    return recording;
  }, first);
};

const FOLLOWS: Record<RecordingState, readonly RecordingState[]> = {
  recording: ['recording', 'paused', 'completing'],
  paused: ['paused', 'recording', 'completing'],
  completing: ['completing', 'completed', 'failed'],
  completed: ['completed'],
  failed: ['failed'],
};

describe('the recording machine, whatever happens in whatever order', () => {
  it('only ever takes the steps between states that there are, and completed and failed are final', () => {
    fc.assert(
      fc.property(story, (told) => {
        tell(told, (before, _, after) => {
          expect(FOLLOWS[before.state]).toContain(after.state);
          if (before.state === 'completed' || before.state === 'failed') expect(after).toBe(before);
        });
      }),
    );
  });

  it('never lets the epoch fall, and counts every change', () => {
    fc.assert(
      fc.property(story, (told) => {
        tell(told, (before, _, after) => {
          expect(after.epoch).toBeGreaterThanOrEqual(before.epoch);
          expect(after.revision).toBe(before === after ? before.revision : before.revision + 1);
        });
      }),
    );
  });

  it('has an owner only while it records, and a deadline only while it is paused', () => {
    fc.assert(
      fc.property(story, (told) => {
        tell(told, (_, __, after) => {
          if (after.state !== 'recording') expect(after.owner).toBeUndefined();
          expect(after.pausedUntil !== undefined).toBe(after.state === 'paused');
          expect(after.endedAt !== undefined).toBe(after.state !== 'recording');
          expect(after.reason !== undefined).toBe(after.state !== 'recording');
        });
      }),
    );
  });

  it('queues a job whenever it is left without an owner but goes on, and only then', () => {
    fc.assert(
      fc.property(story, (told) => {
        tell(told, (before, _, after, effects) => {
          const isReleased =
            after.state === 'recording' &&
            after.owner === undefined &&
            (before.owner !== undefined || before.state === 'paused');
          const isOffered = after.handover !== undefined && after.handover.epoch !== before.handover?.epoch;
          // Whoever had claimed it is lost, and now so is the one that still recorded.
          const isLeft =
            before.handover !== undefined &&
            after.handover === undefined &&
            after.state === 'recording' &&
            after.owner === undefined;
          expect(effects.some(({ type }) => type === 'queue-job')).toBe(isReleased || isOffered || isLeft);
        });
      }),
    );
  });

  it('begins to complete at most once, and tells its end at most once', () => {
    fc.assert(
      fc.property(story, (told) => {
        const effects: Effect[] = [];
        let begins = 0;
        tell(told, (before, _, after, more) => {
          effects.push(...more);
          if (before.state !== 'completing' && after.state === 'completing') begins += 1;
        });
        const ends = effects.filter(
          (effect) => effect.type === 'notice' && /ended|failed/.test(effect.notice),
        );
        expect(begins).toBeLessThanOrEqual(1);
        expect(ends.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('changes nothing when the same input comes twice in a row', () => {
    fc.assert(
      fc.property(story, inputs, (told, input) => {
        const before = tell(told, () => undefined);
        const once = next(before, input);
        if (once.recording === before) return;
        expect(next(once.recording, input)).toEqual({ recording: once.recording, effects: [] });
      }),
    );
  });

  it('neither goes on nor waits any more once it was stopped, whoever has it then', () => {
    fc.assert(
      fc.property(story, (told) => {
        let isStopped = false;
        tell(told, (before, step, after, effects) => {
          if (isStopped) {
            expect(effects.map(({ type }) => type)).not.toContain('queue-job');
            expect(after.state).not.toBe('paused');
            if (after.state === 'recording') expect(after.owner).toBe(before.owner);
          }
          isStopped ||= step.type === 'input' && step.input.type === 'stopped';
        });
      }),
    );
  });

  it('is to be stopped only while it has an owner who can be told', () => {
    fc.assert(
      fc.property(story, (told) => {
        tell(told, (_, __, after) => {
          if (after.stopping !== undefined) expect(after.owner).toBeDefined();
        });
      }),
    );
  });

  it('is in nobody’s hands to be recorded after the end of its task', () => {
    fc.assert(
      fc.property(story, (told) => {
        tell(told, (before, step, after, effects) => {
          const time = step.type === 'input' ? step.input.at : 'at' in step ? step.at : '';
          const { endsAt } = after.plan;
          if (endsAt === undefined || time < endsAt || before === after) return;
          expect(effects.map(({ type }) => type)).not.toContain('queue-job');
          if (before.state !== 'paused') expect(after.state).not.toBe('paused');
        });
      }),
    );
  });

  it('is handed over only by an earlier owner, which is still to be heard', () => {
    fc.assert(
      fc.property(story, (told) => {
        tell(told, (before, _, after) => {
          if (after.handover === undefined) return;
          expect(after.state).not.toMatch(/completed|failed/);
          expect(after.handover.epoch).toBeLessThanOrEqual(after.epoch);
          const isUnclaimed = after.handover.epoch === after.epoch;
          if (isUnclaimed) expect(after.owner).toBe(after.handover.owner);
          if (isUnclaimed) expect(after.handover).not.toHaveProperty('receiving');
          if (before.handover !== undefined && !before.handover.left)
            expect(after.handover.epoch).toBe(before.handover.epoch);
        });
      }),
    );
  });

  it('lets a recorder that leaves say its last word once, whatever the next one does meanwhile', () => {
    fc.assert(
      fc.property(story, codes, fc.boolean(), (told, code, sessionLive) => {
        const before = tell(told, () => undefined);
        const { handover } = before;
        if (handover === undefined || handover.left) return;
        const word = { epoch: handover.epoch, reason: endReason(code), at: at(0), now: at(0), sessionLive };
        const after = next(before, { type: 'capture.ended', ...word }).recording;
        if (after.handover !== undefined) expect(after.handover).toMatchObject({ over: {}, left: true });
        expect(next(after, { type: 'capture.ended', ...word }).recording).toBe(after);
      }),
    );
  });

  it('waits only after ends that the stream may come back from', () => {
    fc.assert(
      fc.property(story, (told) => {
        tell(told, (before, step, after) => {
          if (after.state !== 'paused' || before.state === 'paused') return;
          expect(resumptionSeconds(after.plan, after.reason?.code ?? '')).toBeGreaterThan(0);
          expect(step.type).not.toBe('claim');
        });
      }),
    );
  });
});
