import { describe, expect, it } from 'vitest';
import type { Recording, RecordingFile } from '../schemas/recording.ts';
import { END_REASONS, type EndCode, endReason } from './end-reason.ts';
import { claimed, decide, type Effect, hlsStaysOpen, type RecordingInput } from './machine.ts';
import { at, recordingWith } from './recording.fixture.ts';

const captureEnded = (code: EndCode, sessionLive: boolean, seconds = 60, epoch = 1): RecordingInput => ({
  type: 'capture.ended',
  epoch,
  reason: endReason(code),
  at: at(seconds),
  now: at(seconds),
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

  it('does not wait for a stream that its recorder has waited for already, unless it is back', () => {
    const waited = { ...captureEnded('session-ended', false), waited: true } as RecordingInput;
    const { recording, effects } = next(recordingWith(30), waited);
    expect(recording).toMatchObject({ state: 'completing', reason: { code: 'session-ended' } });
    expect(effects).toEqual([{ type: 'finish' }]);
    const back = { ...captureEnded('session-ended', true), waited: true } as RecordingInput;
    expect(next(recordingWith(30), back).effects).toEqual([{ type: 'queue-job' }]);
  });

  it('goes on with a session that its recorder did not know of when it gave the one before up', () => {
    const noted = { ...recordingWith(30), sessionId: 'ses_2' };
    for (const code of ['source-silent', 'source-unreachable', 'session-ended'] as const) {
      const ended = { ...captureEnded(code, true), sessionId: 'ses_1' } as RecordingInput;
      expect(next(noted, ended).effects).toEqual([{ type: 'queue-job' }]);
      expect(next(noted, { ...ended, waited: true } as RecordingInput).effects).toEqual([
        { type: 'queue-job' },
      ]);
    }
    const known = { ...captureEnded('source-silent', true), sessionId: 'ses_2' } as RecordingInput;
    expect(next(noted, known).recording.state).toBe('paused');
    const stopped = { ...captureEnded('stopped', true), sessionId: 'ses_1' } as RecordingInput;
    expect(next(noted, stopped).recording.state).toBe('completing');
  });

  it('has yet to be connected when it goes on with another session', () => {
    const connected = { ...recordingWith(30), connectedAt: at(1) };
    const session: RecordingInput = {
      type: 'session.resumed',
      sessionId: 'ses_2',
      at: at(80),
      isBrief: false,
    };
    const paused = next(connected, captureEnded('session-ended', false)).recording;
    expect(paused).toHaveProperty('connectedAt');
    for (const before of [connected, paused]) {
      const { recording } = next(before, session);
      expect(recording.sessionId).toBe('ses_2');
      expect(recording).not.toHaveProperty('connectedAt');
    }
  });

  it('waits for the stream as long as the resumption timeout says, and goes on when it comes back', () => {
    const paused = next(recordingWith(30), captureEnded('session-ended', false));
    expect(paused.recording).toMatchObject({ state: 'paused', pausedUntil: at(90) });
    expect(paused.effects).toContainEqual({ type: 'notice', notice: 'recording.paused' });

    const resumed = next(paused.recording, {
      type: 'session.resumed',
      sessionId: 'ses_2',
      at: at(80),
      isBrief: false,
    });
    expect(resumed.recording).toMatchObject({ state: 'recording', sessionId: 'ses_2' });
    expect(resumed.recording).not.toHaveProperty('pausedUntil');
    expect(resumed.recording).not.toHaveProperty('endedAt');
    expect(resumed.effects).toEqual([{ type: 'queue-job' }, { type: 'notice', notice: 'recording.resumed' }]);

    const late = decide(paused.recording, {
      type: 'session.resumed',
      sessionId: 'ses_2',
      at: at(91),
      isBrief: false,
    });
    expect(late.type).toBe('ignored');
  });

  it('waits by the clock of whoever decides, however wrong that of its recorder is', () => {
    const ended = { ...captureEnded('session-ended', false), now: at(120) } as RecordingInput;
    const { recording } = next(recordingWith(30), ended);
    expect(recording).toMatchObject({ state: 'paused', endedAt: at(60), pausedUntil: at(150) });
  });

  it('does not pause again on a repeated word of the last owner once it was resumed', () => {
    const ended = captureEnded('session-ended', false);
    const paused = next(recordingWith(30), ended).recording;
    const resumed = next(paused, {
      type: 'session.resumed',
      sessionId: 'ses_2',
      at: at(80),
      isBrief: false,
    }).recording;
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
    for (const code of ['recorder-drained', 'codec-changed', 'time-jumped', 'session-resumed'] as const) {
      const live = next(recordingWith(0), captureEnded(code, true));
      expect(live.recording).toMatchObject({ state: 'recording', epoch: 1 });
      expect(live.effects).toEqual([{ type: 'queue-job' }]);
      const over = next(recordingWith(0), captureEnded(code, false));
      expect(over.recording).toMatchObject({ state: 'completing', reason: { code: 'session-ended' } });
    }
  });

  it('goes on with a session that begins right after the one before, also without a resumption timeout', () => {
    const session = (isBrief: boolean): RecordingInput => ({
      ...{ type: 'session.resumed', sessionId: 'ses_2', at: at(60), isBrief },
    });
    expect(decide(recordingWith(0), session(false)).type).toBe('ignored');
    const resumed = next(recordingWith(0), session(true));
    expect(resumed).toMatchObject({ recording: { state: 'recording', sessionId: 'ses_2' }, effects: [] });
    // Its recorder had taken the end for final.
    const ended = next(resumed.recording, captureEnded('session-ended', true));
    expect(ended.recording.state).toBe('recording');
    expect(ended.effects).toEqual([{ type: 'queue-job' }]);
  });

  it('leaves its trouble to the owner that had it', () => {
    const recording = recordingWith(30, { trouble: endReason('source-silent') });
    for (const live of [true, false]) {
      expect(next(recording, captureEnded('recorder-drained', live)).recording.trouble).toBeUndefined();
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
    const settle = (...states: RecordingFile['state'][]) =>
      next(recording, { type: 'files.settled', files: states.map((state) => ({ state })), at: at(61) })
        .recording.state;
    expect(settle('ready', 'recording')).toBe('completing');
    expect(settle('ready', 'failed')).toBe('completed');
    expect(settle('failed', 'failed')).toBe('failed');
  });

  it('is to be tidied some seconds after it has completed or failed', () => {
    const { recording } = next(recordingWith(0), captureEnded('session-ended', false));
    for (const state of ['ready', 'failed'] as const) {
      const settled = next(recording, { type: 'files.settled', files: [{ state }], at: at(61) });
      expect(settled.recording.untidy).toEqual({ dueAt: at(81), failures: 0 });
    }
  });

  it('completes without the files that wait for their storage, which will be ready', () => {
    const { recording } = next(recordingWith(0), captureEnded('session-ended', false));
    const settle = (...states: RecordingFile['state'][]) =>
      next(recording, { type: 'files.settled', files: states.map((state) => ({ state })), at: at(61) })
        .recording.state;
    expect(settle('waiting', 'failed')).toBe('completed');
    expect(settle('waiting', 'recording')).toBe('completing');
  });

  it('ends at once when it is stopped without an owner, between recorders or while it waits', () => {
    const { owner: _, ...unowned } = recordingWith(30);
    const stop: RecordingInput = { type: 'stopped', at: at(70), reason: endReason('stopped') };
    const paused = next(recordingWith(30), captureEnded('session-ended', false)).recording;
    for (const recording of [unowned, paused]) {
      const { recording: stopped, effects } = next(recording, stop);
      expect(stopped).toMatchObject({ state: 'completing', reason: { code: 'stopped' } });
      expect(effects).toEqual([{ type: 'finish' }]);
      expect(decide(stopped, stop).type).toBe('ignored');
    }
  });

  it('is not handed on by the owner who was told to stop it, and is not resumed', () => {
    const stop: RecordingInput = { type: 'stopped', at: at(50), reason: endReason('stopped') };
    const { recording, effects } = next(recordingWith(30), stop);
    expect(recording).toMatchObject({ state: 'recording', owner: 'rcd_1', stopping: { code: 'stopped' } });
    expect(effects).toEqual([]);
    const session: RecordingInput = {
      type: 'session.resumed',
      sessionId: 'ses_2',
      at: at(55),
      isBrief: false,
    };
    expect(decide(recording, session).type).toBe('ignored');
    const drained = next(recording, captureEnded('recorder-drained', true));
    const lost = next(recording, { type: 'owner.lost', owner: 'rcd_1', at: at(60), sessionLive: true });
    const ended = next(recording, captureEnded('session-ended', false));
    expect(
      [drained, lost, ended].map((after) => [after.recording.state, after.recording.reason?.code]),
    ).toEqual([
      ['completing', 'stopped'],
      ['completing', 'stopped'],
      ['completing', 'session-ended'],
    ]);
    expect(drained.recording).not.toHaveProperty('stopping');
  });

  it('does not outlive its task', () => {
    const { plan } = recordingWith(30);
    const recording = recordingWith(30, { plan: { ...plan, endsAt: at(60) } });
    expect(next(recording, captureEnded('session-ended', false, 59)).recording.state).toBe('paused');
    expect(next(recording, captureEnded('session-ended', false, 60)).recording.state).toBe('completing');
    const lost: RecordingInput = { type: 'owner.lost', owner: 'rcd_1', at: at(61), sessionLive: true };
    expect(next(recording, lost).recording).toMatchObject({
      state: 'completing',
      reason: { code: 'task-ended' },
    });
  });

  it('says that there was no recorder when its task ended before anybody had claimed it', () => {
    const { owner: _, ...unclaimed } = recordingWith(0, { captures: 0, epoch: 0 });
    const end: RecordingInput = { type: 'stopped', at: at(60), reason: endReason('task-ended') };
    expect(next(unclaimed, end).recording.reason?.code).toBe('no-recorder');
  });

  it('leaves the playlist open exactly when the same recording may go on', () => {
    for (const code of Object.keys(END_REASONS) as EndCode[]) {
      const recording = recordingWith(30);
      const { state } = next(recording, captureEnded(code, true)).recording;
      expect([code, hlsStaysOpen(recording.plan, code)]).toEqual([code, state !== 'completing']);
    }
  });

  describe('while it is handed over', () => {
    const offer: RecordingInput = { type: 'handover.offered', epoch: 1, owner: 'rcd_1', at: at(50) };
    const offered = next(recordingWith(0), offer).recording;
    const taken = claimed(offered, 1, 'rcd_2') as Recording;
    const received: Recording = { ...taken, handover: { epoch: 1, owner: 'rcd_1', receiving: true } };

    it('is offered with a job, once, by its owner only, and not when it is to end', () => {
      expect(next(recordingWith(0), offer).effects).toEqual([{ type: 'queue-job' }]);
      expect(offered).toMatchObject({ owner: 'rcd_1', epoch: 1, handover: { epoch: 1, owner: 'rcd_1' } });
      expect(decide(offered, offer).type).toBe('ignored');
      expect(decide(recordingWith(0), { ...offer, owner: 'rcd_2' }).type).toBe('ignored');
      const stopping = recordingWith(0, { stopping: endReason('stopped') });
      expect(decide(stopping, offer).type).toBe('ignored');
    });

    it('may be claimed although it has an owner, but not by that one, nor when it is to end', () => {
      expect(taken).toMatchObject({ owner: 'rcd_2', epoch: 2, handover: { epoch: 1 } });
      expect(claimed(offered, 1, 'rcd_1')).toBeUndefined();
      expect(claimed(recordingWith(0), 1, 'rcd_2')).toBeUndefined();
      expect(claimed({ ...offered, stopping: endReason('stopped') }, 1, 'rcd_2')).toBeUndefined();
      expect(claimed(taken, 1, 'rcd_3')).toBeUndefined();
    });

    it('goes on with the next owner after the last word of the one that left', () => {
      const over: Recording = {
        ...received,
        handover: { epoch: 1, owner: 'rcd_1', over: { fingerprint: 'f' } },
      };
      const { recording, effects } = next(over, captureEnded('recorder-drained', true));
      // Where the next one begins is still to be read.
      expect(recording).toMatchObject({ owner: 'rcd_2', epoch: 2, handover: { over: {}, left: true } });
      expect(effects).toEqual([{ type: 'close-files' }]);
      const early = next(taken, captureEnded('recorder-drained', true));
      expect(early.recording).toMatchObject({ owner: 'rcd_2', epoch: 2 });
      expect(early.recording).not.toHaveProperty('handover');
    });

    it('ends with the one that leaves when that has recorded to the end of the stream', () => {
      const { recording } = next(received, captureEnded('session-ended', false));
      expect(recording).toMatchObject({ state: 'completing', reason: { code: 'session-ended' } });
      expect(recording).not.toHaveProperty('handover');
    });

    it('does not end because the next one cannot record it', () => {
      const { recording, effects } = next(taken, captureEnded('source-unreachable', true, 60, 2));
      expect(recording).toMatchObject({ state: 'recording', handover: { epoch: 1, owner: 'rcd_1' } });
      expect(recording).not.toHaveProperty('owner');
      expect(effects).toEqual([{ type: 'queue-job' }]);
    });

    it('is offered to yet another one when the next one is lost, and still waits for the one that leaves', () => {
      const lost: RecordingInput = { type: 'owner.lost', owner: 'rcd_2', at: at(60), sessionLive: true };
      const { recording } = next(received, lost);
      expect(recording).toMatchObject({ state: 'recording', epoch: 3 });
      expect(recording.handover).toEqual({ epoch: 1, owner: 'rcd_1' });
      expect(claimed(recording, 3, 'rcd_3')).toMatchObject({ owner: 'rcd_3', epoch: 4 });
    });

    it('is taken from an owner that is lost before anybody has claimed it', () => {
      const lost: RecordingInput = { type: 'owner.lost', owner: 'rcd_1', at: at(60), sessionLive: true };
      const { recording } = next(offered, lost);
      expect(recording).toMatchObject({ state: 'recording', epoch: 2 });
      expect(recording).not.toHaveProperty('handover');
    });

    it('goes on without the one that left when that is gone', () => {
      const ended: RecordingInput = { type: 'handover.ended', epoch: 1, at: at(60) };
      expect(next(taken, ended)).toMatchObject({
        recording: { owner: 'rcd_2' },
        effects: [{ type: 'close-files' }],
      });
      expect(decide(offered, ended).type).toBe('ignored');
      const completing: Recording = { ...taken, state: 'completing' };
      expect(next(completing, ended).effects).toEqual([{ type: 'finish' }]);
    });
  });
});
