import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { type AddressedCommand, createRecorders, type Recorders } from './recorders.ts';

const table = useTable();
let recorders: Recorders;
let recorderId: string;
let number = 0;

beforeAll(() => {
  recorders = createRecorders(table);
});
beforeEach(async () => {
  number += 1;
  recorderId = `rcd_${number}`;
  await recorders.register(recorderId, 20, at(0));
});

const at = (seconds: number): Date => new Date(Date.parse('2026-11-22T10:00:00.000Z') + seconds * 1000);
const beat = (seconds: number, done: AddressedCommand[] = []) =>
  recorders.heartbeat(recorderId, 1, done, at(seconds));
const lease = async () => (await recorders.leases()).find((found) => found.recorderId === recorderId);

describe('the leases of recorders', () => {
  it('are all there to be watched, each with a beat that rises with every heartbeat', async () => {
    expect(await lease()).toMatchObject({ beat: 0, slots: 20, busy: 0 });
    // The clock of a recorder may go back; its beat does not.
    await beat(5);
    await beat(-60);
    expect(await lease()).toMatchObject({ beat: 2, busy: 1, renewedAt: at(-60).toISOString() });
    expect(await recorders.get(recorderId)).toEqual(await lease());
    expect(await recorders.get('rcd_none')).toBeUndefined();
  });

  it('cannot be taken away once they were renewed, nor renewed once they were taken away', async () => {
    await beat(2);
    expect(await recorders.markLost(recorderId, 0)).toBe(false);
    expect(await beat(4)).toEqual([]);
    expect(await recorders.markLost(recorderId, 2)).toBe(true);
    expect(await beat(6)).toBe('lost');
    expect(await lease()).toMatchObject({ beat: 2, lost: true });
  });

  it('bring commands until they are carried out', async () => {
    const stop = { stop: 'session-ended', sessionId: 'ses_1' } as const;
    expect(await recorders.command(recorderId, 'rec_1', stop)).toBe(true);
    expect(await recorders.command(recorderId, 'rec-2.odd name', { stop: 'stopped' })).toBe(true);
    const brought = [
      { recordId: 'rec_1', ...stop },
      { recordId: 'rec-2.odd name', stop: 'stopped' as const },
    ];
    expect(await beat(1)).toEqual(expect.arrayContaining(brought));
    expect(await beat(2, brought)).toEqual([]);
    expect(await beat(3, brought)).toEqual([]);
  });

  it('keep a command that came while another one for the same recording was carried out', async () => {
    const ended = { stop: 'session-ended', sessionId: 'ses_1' } as const;
    await recorders.command(recorderId, 'rec_1', ended);
    await recorders.command(recorderId, 'rec_1', ended);
    const first = await beat(1);
    expect(first).toEqual([{ recordId: 'rec_1', ...ended }]);
    await recorders.command(recorderId, 'rec_1', { stop: 'stopped' });
    await recorders.command(recorderId, 'rec_1', { ...ended, sessionId: 'ses_2' });
    const second = await beat(2, first as AddressedCommand[]);
    expect(second).toHaveLength(2);
    expect(second).toEqual(
      expect.arrayContaining([
        { recordId: 'rec_1', stop: 'stopped' },
        { recordId: 'rec_1', ...ended, sessionId: 'ses_2' },
      ]),
    );
  });

  it('say that a recorder is gone to whoever has a command for it', async () => {
    await recorders.remove(recorderId);
    expect(await recorders.command(recorderId, 'rec_1', { stop: 'stopped' })).toBe(false);
    expect(await beat(1)).toBe('lost');
  });
});

describe('the reports of recorders', () => {
  const bytes = (value: number) => ({
    receivedBytes: value,
    durationSeconds: 1.5,
    bitsPerSecond: 4_000_000,
    location: 'primary' as const,
  });

  it('are read together, each the last one', async () => {
    await recorders.report(recorderId, new Map([['rec_1', bytes(1)]]), at(0));
    await recorders.report(
      recorderId,
      new Map([
        ['rec_1', { ...bytes(2), location: 'backup' as const }],
        ['rec_2', { ...bytes(3), lastKeyFrameAt: at(3).toISOString() }],
      ]),
      at(4),
    );
    await recorders.report('rcd_other', new Map([['rec_3', bytes(4)]]), at(5));
    const found = await recorders.reports([recorderId, 'rcd_other', recorderId, 'rcd_none']);
    expect(Object.fromEntries(found)).toEqual({
      [recorderId]: new Map([
        ['rec_1', { at: at(4).toISOString(), ...bytes(2), location: 'backup' }],
        ['rec_2', { at: at(4).toISOString(), ...bytes(3), lastKeyFrameAt: at(3).toISOString() }],
      ]),
      rcd_other: new Map([['rec_3', { at: at(5).toISOString(), ...bytes(4) }]]),
    });
  });

  it('of many recorders come whole', async () => {
    const ids = Array.from({ length: 230 }, (_, index) => `rcd_many_${index}`);
    await Promise.all(ids.map((id) => recorders.report(id, new Map([[id, bytes(1)]]), at(0))));
    expect((await recorders.reports(ids)).size).toBe(230);
    expect((await recorders.reports([])).size).toBe(0);
  });
});
