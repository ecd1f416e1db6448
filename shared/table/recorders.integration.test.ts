import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTable, type TestTable } from '../../test/support/table.ts';
import { createRecorders, LEASE_SECONDS, type Recorders } from './recorders.ts';

let table: TestTable;
let recorders: Recorders;
let recorderId: string;
let number = 0;

beforeAll(async () => {
  table = await startTable();
  recorders = createRecorders(table);
});
afterAll(() => table.close());
beforeEach(async () => {
  number += 1;
  recorderId = `rcd_${number}`;
  await recorders.register(recorderId, 20, at(0));
});

const at = (seconds: number): Date => new Date(Date.parse('2026-11-22T10:00:00.000Z') + seconds * 1000);
const beat = (seconds: number, done: string[] = []) => recorders.heartbeat(recorderId, 1, done, at(seconds));
const expired = async (seconds: number) =>
  (await recorders.expired(at(seconds))).map((lease) => lease.recorderId);

describe('the leases of recorders', () => {
  it('run out without heartbeats', async () => {
    expect(await expired(LEASE_SECONDS)).not.toContain(recorderId);
    expect(await expired(LEASE_SECONDS + 1)).toContain(recorderId);
    expect(await beat(5)).toEqual({});
    expect(await expired(LEASE_SECONDS + 1)).not.toContain(recorderId);
  });

  it('cannot be taken away while they hold, nor renewed once they were', async () => {
    expect(await recorders.markLost(recorderId, at(LEASE_SECONDS - 1))).toBe(false);
    expect(await beat(LEASE_SECONDS + 5)).toEqual({});
    expect(await recorders.markLost(recorderId, at(2 * LEASE_SECONDS + 6))).toBe(true);
    expect(await beat(2 * LEASE_SECONDS + 7)).toBe('lost');
    expect(await expired(2 * LEASE_SECONDS + 7)).toContain(recorderId);
  });

  it('bring commands until they are carried out', async () => {
    const stop = { stop: 'session-ended', sessionId: 'ses_1' } as const;
    expect(await recorders.command(recorderId, 'rec_1', stop)).toBe(true);
    expect(await recorders.command(recorderId, 'rec-2.odd name', { stop: 'stopped' })).toBe(true);
    expect(await beat(1)).toEqual({ rec_1: stop, 'rec-2.odd name': { stop: 'stopped' } });
    expect(await beat(2, ['rec_1', 'rec-2.odd name'])).toEqual({});
    expect(await beat(3, ['rec_1'])).toEqual({});
  });

  it('say that a recorder is gone to whoever has a command for it', async () => {
    await recorders.remove(recorderId);
    expect(await recorders.command(recorderId, 'rec_1', { stop: 'stopped' })).toBe(false);
    expect(await beat(1)).toBe('lost');
  });
});
