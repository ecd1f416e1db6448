import { describe, expect, it } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Lease } from '../../shared/table/recorders.ts';
import { planOf, recordingOf } from '../recorder.fixture.ts';
import { fitting, freeSlots, leavingStep, successorsOf } from './leaving.ts';

const PLAN = planOf({ mp4: { maxMinutes: 30 } });
const HANDOVER = { epoch: 3, owner: 'rcd_1' };
const offered = recordingOf(PLAN, { handover: HANDOVER });
const claimed = recordingOf(PLAN, { handover: HANDOVER, epoch: 4, owner: 'rcd_2' });
const received = { ...claimed, handover: { ...HANDOVER, receiving: true as const } };
const { handover: _, ...settled } = claimed;

const stepOf = (recording: Recording | undefined, seconds = 1, isAlone = false) =>
  leavingStep(recording, { epoch: 3, waitedMs: seconds * 1000, isAlone });
const drained = { type: 'end', reason: endReason('recorder-drained') };

describe('A recorder that leaves', () => {
  it('goes on with what it has offered until the next one receives', () => {
    expect(stepOf(offered)).toEqual({ type: 'wait' });
    expect(stepOf(claimed)).toEqual({ type: 'wait' });
    expect(stepOf(received)).toEqual({ type: 'cut' });
  });

  it('ends what nobody claims within half a minute, and what nobody receives in time', () => {
    expect(stepOf(offered, 30)).toEqual(drained);
    expect(stepOf(claimed, 44)).toEqual({ type: 'wait' });
    expect(stepOf(claimed, 45)).toEqual(drained);
  });

  it('ends at once what nobody is there for any more, unless the next one has its media already', () => {
    expect(stepOf(offered, 1, true)).toEqual(drained);
    expect(stepOf(claimed, 1, true)).toEqual(drained);
    expect(stepOf(received, 1, true)).toEqual({ type: 'cut' });
  });

  it('ends with the recording, when that was ended through the next one', () => {
    const reason = endReason('stopped');
    const ended = { ...claimed, state: 'completing' as const, reason };
    expect(stepOf(ended)).toEqual({ type: 'end', reason });
  });

  it('ends at once what is to end, of which only the next one was told', () => {
    const stopping = endReason('stopped');
    expect(stepOf({ ...claimed, stopping })).toEqual({ type: 'end', reason: stopping });
  });

  it('drops what belongs to others altogether', () => {
    for (const gone of [undefined, settled, { ...settled, state: 'completing' as const }]) {
      expect(stepOf(gone)).toEqual({ type: 'drop' });
    }
  });

  it('looks for others that are neither lost nor leaving, and for their free slots', () => {
    const lease = (recorderId: string, more: Partial<Lease> = {}): Lease => ({
      ...{ recorderId, beat: 1, renewedAt: '2026-11-22T10:00:00.000Z', slots: 5, busy: 3, commands: {} },
      ...more,
    });
    const found = successorsOf(
      [
        lease('rcd_1'),
        lease('rcd_2'),
        lease('rcd_3', { busy: 7 }),
        lease('rcd_4', { lost: true }),
        lease('rcd_5', { leaving: true }),
      ],
      'rcd_1',
    );
    expect(found.map(({ recorderId }) => recorderId)).toEqual(['rcd_2', 'rcd_3']);
    expect(freeSlots(found)).toBe(2);
  });
});

describe('What others have room for', () => {
  it('is what fits into their free slots, the first ones first', () => {
    const runs = [{ weight: 1 }, { weight: 20 }, { weight: 2 }, { weight: 1 }];
    expect(fitting(runs, 4)).toEqual([{ weight: 1 }, { weight: 2 }, { weight: 1 }]);
    expect(fitting(runs, 0)).toEqual([]);
  });
});
