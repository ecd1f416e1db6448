import { describe, expect, it } from 'vitest';
import { CASES } from './cases/index.ts';
import { scheduleOf } from './cases/schedule.ts';
import { bothOf, NOTHING_LOST } from './fault-case.ts';
import { readOptions } from './options.ts';
import { inParallel } from './play.ts';
import { brokenPromises, type Played } from './played.ts';
import { HEAD, markdown, rowOf } from './rows.ts';

const account = {
  ...{ format: 'hls', files: 1, valid: 1, late: 0, lost: 3, doubled: 0, disordered: 0, foreign: 0 },
  ...{ longestGapSeconds: 0.12, runs: ['0-96'], faults: [] },
};
const played = (changes: { broken?: string[]; injected?: number } = {}): Played => ({
  type: 'played',
  outcome: {
    ...{ injected: 7, framesIn: 100, secondsToEnd: 0.9, accounts: [account], left: [], broken: [] },
    ...changes,
  },
});

describe('the fault bench', () => {
  it('has a name of its own for every case', () => {
    const names = CASES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('mixes the same schedule for the same seed, and others for others', () => {
    expect(scheduleOf(42).plan).toBe(scheduleOf(42).plan);
    const seeds = Array.from({ length: 200 }, (_, seed) => seed);
    expect(new Set(seeds.map((seed) => scheduleOf(seed).plan)).size).toBe(seeds.length);
    const plans = seeds.map((seed) => scheduleOf(seed).plan).join();
    const kinds = [
      ' of primary',
      'with a backup',
      'clocks',
      'MB of disk',
      'SIGKILL',
      'SIGTERM',
      'purge',
      'publisher',
    ];
    expect(kinds.filter((kind) => !plans.includes(kind))).toEqual([]);
  });

  it('adds up what faults may cost', () => {
    const killed = { lostFrames: 10, lostFramesOfHls: 4, extraFiles: 1 };
    expect(bothOf(killed, { lostFrames: 5, reasons: ['source-silent'] })).toMatchObject({
      ...{ lostFrames: 15, lostFramesOfHls: 9, extraFiles: 1, doubledFrames: 0 },
      reasons: ['session-ended', 'source-silent'],
    });
    expect(bothOf(NOTHING_LOST, NOTHING_LOST)).not.toHaveProperty('reasons');
  });

  it('calls a case broken whose fault never struck, unless it has none', () => {
    expect(brokenPromises('none', played({ injected: 0 }))).toEqual([]);
    expect(brokenPromises('storage-hang-10s', played({ injected: 0 }))).toEqual(['the fault never struck']);
    expect(brokenPromises('disk-full', { type: 'skipped', why: 'no disk' })).toEqual([]);
    expect(brokenPromises('disk-full', { type: 'failed', message: 'fell over' })).toEqual(['fell over']);
  });

  it('prints rows as wide as the head, as Markdown too', () => {
    const rows = [
      rowOf('one', 'one', played()),
      rowOf('two', 'two', played({ broken: ['lost'] })),
      rowOf('three', 'three', { type: 'skipped', why: 'no disk' }),
    ];
    for (const row of rows) expect(row).toHaveLength(HEAD.length);
    expect(rows.map((row) => row.at(-1))).toEqual(['kept', 'BROKEN', 'skipped']);
    expect(markdown([HEAD, ...rows]).split('\n')).toHaveLength(5);
  });

  it('works through everything, never more at once than it may', async () => {
    let [now, most] = [0, 0];
    const doubled = await inParallel([1, 2, 3, 4, 5], 2, async (item) => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      return 2 * item;
    });
    expect(doubled).toEqual([2, 4, 6, 8, 10]);
    expect(most).toBe(2);
  });

  it('refuses options that make no sense', () => {
    expect(readOptions(['--schedules', '3', '--seed', '9'])).toMatchObject({
      schedules: 3,
      seed: 9,
      parallel: 1,
    });
    expect(() => readOptions(['--parallel', '0'])).toThrow('--parallel must be a whole number, 1 at least');
    expect(() => readOptions(['--seed', 'x'])).toThrow('--seed');
  });
});
