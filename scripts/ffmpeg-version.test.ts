import { describe, expect, it } from 'vitest';
import { olderThan, versionOf } from './ffmpeg-version.ts';

describe("ffmpeg's version", () => {
  it.each([
    ['ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026', '5.1.9'],
    ['ffprobe version n7.1 Copyright', '7.1'],
    ['ffmpeg version N-109468-gd39b34123d Copyright', undefined],
  ])('is read from "%s"', (output, version) => {
    expect(versionOf(output)).toBe(version);
  });

  it.each([
    ['4.4.2', true],
    ['5.0.3', true],
    ['5', true],
    ['5.1', false],
    ['5.1.9', false],
    ['10.0', false],
  ])('%s older than 5.1: %s', (version, older) => {
    expect(olderThan(version, '5.1')).toBe(older);
  });
});
