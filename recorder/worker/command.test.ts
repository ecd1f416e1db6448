import { describe, expect, it } from 'vitest';
import { commandOf, type ProbedInput } from './command.ts';
import { stepOf } from './worker.fixture.ts';

describe('Sound that is copied', () => {
  const input = (changes: Partial<ProbedInput>): ProbedInput => ({
    ...{ url: 'http://x', demuxer: 'mpegts', media: { audioCodec: 'aac' } },
    ...changes,
  });
  const steps = {
    mp4: stepOf({ kind: 'remux', format: 'mp4' }),
    aac: stepOf({ kind: 'remux', format: 'aac' }),
  };

  it.each([
    ['AAC in MPEG-TS', 'mp4', input({}), true],
    ['AAC in a file of its own', 'mp4', input({ demuxer: 'aac' }), true],
    ['AAC in a list of MPEG-TS', 'mp4', input({ demuxer: 'concat', listed: 'mpegts' }), true],
    ['AAC in a list of FLV', 'mp4', input({ demuxer: 'concat', listed: 'flv' }), false],
    ['AAC in MP4', 'mp4', input({ demuxer: 'mov' }), false],
    ['MP3 in MPEG-TS', 'mp4', input({ media: { audioCodec: 'mp3' } }), false],
    ['AAC in MPEG-TS', 'aac', input({}), false],
  ] as const)('of %s to %s loses the headers of its frames where it has some and may not', (...given) => {
    const [, format, read, isCut] = given;
    expect(commandOf(steps[format], read).includes('aac_adtstoasc')).toBe(isCut);
  });
});
