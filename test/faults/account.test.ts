import { describe, expect, it } from 'vitest';
import { accountFor, firstFound, lastFound } from './account.ts';

const SOURCE = Array.from({ length: 100 }, (_, index) => `p${index}`);
const file = (first: number, last: number, complaints = '') => ({
  format: 'mp4',
  key: `${first}.mp4`,
  pictures: SOURCE.slice(first, last + 1),
  complaints,
});

describe('the account of frames', () => {
  it('finds nothing lost when several files hold everything', () => {
    expect(accountFor('mp4', SOURCE, [file(0, 49), file(50, 99)])).toEqual({
      ...{ format: 'mp4', files: 2, valid: 2, late: 0, lost: 0, doubled: 0, disordered: 0, foreign: 0 },
      ...{ longestGapSeconds: 0, runs: ['0-49', '50-99'], faults: [] },
    });
  });

  it('counts what is missing, what comes twice and what is damaged', () => {
    const damaged = { ...file(80, 99), pictures: ['x', ...SOURCE.slice(80, 99)] };
    expect(accountFor('mp4', SOURCE, [file(0, 49), file(40, 54), damaged])).toMatchObject({
      ...{ lost: 26, doubled: 10, foreign: 1, longestGapSeconds: 1 },
      runs: ['0-49', '40-54', '80-98'],
    });
  });

  it('does not miss what was not pushed for certain', () => {
    expect(accountFor('mp4', SOURCE, [file(0, 79)], 85)).toMatchObject({ lost: 5 });
  });

  it('notices a file that goes back', () => {
    const shuffled = { ...file(0, 49), pictures: [...SOURCE.slice(50), ...SOURCE.slice(0, 50)] };
    expect(accountFor('hls', SOURCE, [shuffled])).toMatchObject({ lost: 0, doubled: 0, disordered: 1 });
  });

  it('tells frames that came before the recording began from those that were lost', () => {
    expect(accountFor('mp4', SOURCE, [file(30, 49)], 100, 20)).toMatchObject({ late: 20, lost: 60 });
    expect(firstFound(SOURCE, [file(30, 49), file(20, 29)])).toBe(20);
    expect(firstFound(SOURCE, [])).toBeUndefined();
  });

  it('knows how far files reach', () => {
    expect(lastFound(SOURCE, [file(0, 49), file(60, 79)])).toBe(80);
    expect(lastFound(SOURCE, [])).toBe(0);
  });

  it('calls a file invalid that has no pictures, or that the decoder complains of', () => {
    const account = accountFor('mp4', SOURCE, [file(0, 99, 'torn'), { ...file(0, 0), pictures: [] }]);
    expect(account).toMatchObject({ files: 2, valid: 0, faults: ['0.mp4: torn', '0.mp4: no pictures'] });
  });
});
