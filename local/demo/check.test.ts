import { describe, expect, it } from 'vitest';
import { faultsOf, table } from './check.ts';

const pushed = { frames: 900, seconds: 30 };
const sound = { frames: 900, durationSeconds: 30.02, complaints: '' };

describe('Checking a recording', () => {
  it('finds nothing wrong with a whole one', () => {
    expect(faultsOf('mp4', sound, pushed)).toEqual([]);
  });

  it('does not count the frames of sound', () => {
    expect(faultsOf('aac', { ...sound, frames: 1407 }, pushed)).toEqual([]);
  });

  it.each([
    [{ frames: 899 }, 'mp4 has 899 frames of 900'],
    [{ durationSeconds: 29 }, 'mp4 lasts 29 s instead of 30 s'],
    [{ complaints: 'bad NAL' }, 'mp4 does not decode cleanly: bad NAL'],
  ])('names the fault of %j', (change, fault) => {
    expect(faultsOf('mp4', { ...sound, ...change }, pushed)).toEqual([fault]);
  });
});

describe('A table', () => {
  it('aligns its columns', () => {
    expect(
      table([
        ['a', 'long', 'x'],
        ['bcd', 'e', 'y'],
      ]),
    ).toBe('a    long  x\nbcd  e     y');
  });
});
