import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Recording, RecordingState } from '../schemas/recording.ts';
import { END_REASONS, type EndCode, endReason } from './end-reason.ts';
import { decide, type Effect, hlsStaysOpen, type RecordingInput, resumptionSeconds } from './machine.ts';

const T0 = Date.parse('2026-11-22T10:00:00.000Z');
const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();

const recordingWith = (resumptionTimeout: number, changes: Partial<Recording> = {}): Recording => ({
  recordId: 'rec_1',
  sessionId: 'ses_1',
  domain: 'push.example.com',
  app: 'live',
  stream: 'demo',
  plan: {
    templateId: 'tpl_1',
    content: 'origin',
    timeZone: 'UTC',
    formats: { hls: { segmentSeconds: 10, resumptionTimeout }, mp4: { maxMinutes: 30 } },
    path: '{StreamID}/{RandomID}',
    sourceUrl: 'rtmp://origin.example.com/{app}/{stream}',
    storage: { bucket: 'recordings', region: 'eu-central-1' },
  },
  state: 'recording',
  startedAt: at(0),
  epoch: 1,
  owner: 'rcd_1',
  captures: 1,
  revision: 1,
  ...changes,
});

const captureEnded = (code: EndCode, sessionLive: boolean, seconds = 60, epoch = 1): RecordingInput => ({
  type: 'capture.ended',
  epoch,
  reason: endReason(code),
  at: at(seconds),
  sessionLive,
});

const next = (recording: Recording, input: RecordingInput): { recording: Recording; effects: Effect[] } => {
  const decision = decide(recording, input);
  return decision.type === 'ignored'
    ? { recording, effects: [] }
    : { recording: decision.next, effects: decision.effects };
};

describe('the recording machine', () => {
  it('completes without a resumption timeout when the session ends', () => {
    const { recording, effects } = next(recordingWith(0), captureEnded('session-ended', false));
    expect(recording).toMatchObject({
      state: 'completing',
      endedAt: at(60),
      reason: { code: 'session-ended' },
    });
    expect(recording).not.toHaveProperty('owner');
    expect(effects).toEqual([{ type: 'finish' }]);
  });

  it('waits for the stream as long as the resumption timeout says, and goes on when it comes back', () => {
    const paused = next(recordingWith(30), captureEnded('session-ended', false));
    expect(paused.recording).toMatchObject({ state: 'paused', pausedUntil: at(90) });
    expect(paused.effects).toContainEqual({ type: 'notice', notice: 'recording.paused' });

    const resumed = next(paused.recording, { type: 'session.resumed', sessionId: 'ses_2', at: at(80) });
    expect(resumed.recording).toMatchObject({ state: 'recording', sessionId: 'ses_2' });
    expect(resumed.recording).not.toHaveProperty('pausedUntil');
    expect(resumed.recording).not.toHaveProperty('endedAt');
    expect(resumed.effects).toEqual([{ type: 'queue-job' }, { type: 'notice', notice: 'recording.resumed' }]);

    const late = decide(paused.recording, { type: 'session.resumed', sessionId: 'ses_2', at: at(91) });
    expect(late.type).toBe('ignored');
  });

  it('does not pause again on a repeated word of the last owner once it was resumed', () => {
    const ended = captureEnded('session-ended', false);
    const paused = next(recordingWith(30), ended).recording;
    const resumed = next(paused, { type: 'session.resumed', sessionId: 'ses_2', at: at(80) }).recording;
    expect(decide(resumed, ended).type).toBe('ignored');
  });

  it('is offered to another recorder when its own is lost in mid-stream, and fences the lost one off', () => {
    const lost = next(recordingWith(0), {
      type: 'owner.lost',
      owner: 'rcd_1',
      at: at(60),
      sessionLive: true,
    });
    expect(lost.recording).toMatchObject({ state: 'recording', epoch: 2 });
    expect(lost.recording).not.toHaveProperty('owner');
    expect(lost.effects).toEqual([{ type: 'close-files' }, { type: 'queue-job' }]);
    expect(decide(lost.recording, captureEnded('session-ended', false)).type).toBe('ignored');
  });

  it('still waits for the stream when its recorder was lost with the session', () => {
    const input: RecordingInput = { type: 'owner.lost', owner: 'rcd_1', at: at(60), sessionLive: false };
    expect(next(recordingWith(30), input).recording).toMatchObject({ state: 'paused', pausedUntil: at(90) });
    expect(next(recordingWith(0), input).recording).toMatchObject({
      state: 'completing',
      reason: { code: 'recorder-lost' },
    });
  });

  it('is handed over while the session is live, and ends when it is not', () => {
    for (const code of ['recorder-drained', 'codec-changed'] as const) {
      const live = next(recordingWith(0), captureEnded(code, true));
      expect(live.recording).toMatchObject({ state: 'recording', epoch: 1 });
      expect(live.effects).toEqual([{ type: 'queue-job' }]);
      const over = next(recordingWith(0), captureEnded(code, false));
      expect(over.recording).toMatchObject({ state: 'completing', reason: { code: 'session-ended' } });
    }
  });

  it('says why nothing was recorded when no recorder ever claimed it', () => {
    const { owner: _, ...unowned } = recordingWith(30, { captures: 0, epoch: 0 });
    expect(decide(unowned, { type: 'unclaimed', at: at(60), sessionLive: true }).type).toBe('ignored');
    const { recording } = next(unowned, { type: 'unclaimed', at: at(60), sessionLive: false });
    expect(recording).toMatchObject({ state: 'completing', reason: { cause: 'ours', code: 'no-recorder' } });
    const settled = next(recording, { type: 'files.settled', files: [], at: at(61) });
    expect(settled.recording.state).toBe('failed');
    expect(settled.effects).toEqual([{ type: 'notice', notice: 'recording.failed' }]);
  });

  it('completes only when no file is open, and has failed when none is ready', () => {
    const { recording } = next(recordingWith(0), captureEnded('session-ended', false));
    const settle = (...states: ('recording' | 'ready' | 'failed')[]) =>
      next(recording, { type: 'files.settled', files: states.map((state) => ({ state })), at: at(61) })
        .recording.state;
    expect(settle('ready', 'recording')).toBe('completing');
    expect(settle('ready', 'failed')).toBe('completed');
    expect(settle('failed', 'failed')).toBe('failed');
  });

  it('leaves the playlist open exactly when the same recording may go on', () => {
    for (const code of Object.keys(END_REASONS) as EndCode[]) {
      const recording = recordingWith(30);
      const { state } = next(recording, captureEnded(code, true)).recording;
      expect([code, hlsStaysOpen(recording.plan, code)]).toEqual([code, state !== 'completing']);
    }
  });
});

const seconds = fc.integer({ min: 0, max: 200 });
const codes = fc.constantFrom(...(Object.keys(END_REASONS) as EndCode[]));
const owners = fc.constantFrom('rcd_1', 'rcd_2');

/** Inputs, and what recorders do in between: claiming and beginning captures. */
type Step = { type: 'input'; input: RecordingInput } | { type: 'claim'; owner: string } | { type: 'capture' };

const inputs: fc.Arbitrary<RecordingInput> = fc.oneof(
  fc.record({
    type: fc.constant('session.resumed' as const),
    sessionId: fc.constantFrom('ses_1', 'ses_2', 'ses_3'),
    at: seconds.map(at),
  }),
  fc.record({
    type: fc.constant('capture.ended' as const),
    epoch: fc.integer({ min: 0, max: 4 }),
    reason: codes.map((code) => endReason(code)),
    at: seconds.map(at),
    sessionLive: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('owner.lost' as const),
    owner: owners,
    at: seconds.map(at),
    sessionLive: fc.boolean(),
  }),
  fc.record({ type: fc.constant('unclaimed' as const), at: seconds.map(at), sessionLive: fc.boolean() }),
  fc.record({ type: fc.constant('resumption.expired' as const), at: seconds.map(at) }),
  fc.record({
    type: fc.constant('files.settled' as const),
    files: fc.array(
      fc.record({ state: fc.constantFrom('recording' as const, 'ready' as const, 'failed' as const) }),
      {
        maxLength: 3,
      },
    ),
    at: seconds.map(at),
  }),
);

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: inputs.map((input) => ({ type: 'input' as const, input })) },
  { weight: 2, arbitrary: owners.map((owner) => ({ type: 'claim' as const, owner })) },
  { weight: 1, arbitrary: fc.constant({ type: 'capture' as const }) },
);

const take = (recording: Recording, step: Step): { recording: Recording; effects: Effect[] } => {
  switch (step.type) {
    case 'input':
      return next(recording, step.input);
    case 'claim': {
      if (recording.state !== 'recording' || recording.owner !== undefined) return { recording, effects: [] };
      const { epoch, revision } = recording;
      return {
        recording: { ...recording, owner: step.owner, epoch: epoch + 1, revision: revision + 1 },
        effects: [],
      };
    }
    case 'capture': {
      if (recording.owner === undefined) return { recording, effects: [] };
      const { captures, revision } = recording;
      return { recording: { ...recording, captures: captures + 1, revision: revision + 1 }, effects: [] };
    }
  }
};

const story = fc.tuple(fc.constantFrom(0, 30), fc.array(steps, { maxLength: 30 }));

const tell = (
  [timeout, all]: [number, Step[]],
  look: (before: Recording, step: Step, after: Recording, effects: Effect[]) => void,
) => {
  const { owner: _, ...first } = recordingWith(timeout, { epoch: 0, captures: 0, revision: 0 });
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
          expect(effects.some(({ type }) => type === 'queue-job')).toBe(isReleased);
        });
      }),
    );
  });

  it('begins to complete at most once, and tells its end at most once', () => {
    fc.assert(
      fc.property(story, (told) => {
        const effects: Effect[] = [];
        tell(told, (_, __, ___, more) => effects.push(...more));
        const ends = effects.filter(
          (effect) => effect.type === 'notice' && /ended|failed/.test(effect.notice),
        );
        expect(effects.filter(({ type }) => type === 'finish').length).toBeLessThanOrEqual(1);
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

  it('waits only after ends that the stream may come back from', () => {
    fc.assert(
      fc.property(story, (told) => {
        tell(told, (before, step, after) => {
          if (after.state !== 'paused' || before.state === 'paused') return;
          expect(resumptionSeconds(after.plan, after.reason?.code ?? '')).toBeGreaterThan(0);
          expect(step.type).toBe('input');
        });
      }),
    );
  });
});
