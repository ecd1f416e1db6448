import { describe, expect, it } from 'vitest';
import { HLS, planOf, recordingOf, START } from '../recorder.fixture.ts';
import { createNamer } from './namer.ts';

const namer = (taken = new Set<string>(), path?: string) => {
  const plan = planOf({ hls: HLS }, path === undefined ? {} : { path });
  return createNamer(recordingOf(plan), 12, taken, () => 'random');
};

describe('The namer', () => {
  it('numbers the files of each format within the capture', () => {
    const { next } = namer();
    const later = new Date(START.getTime() + 1000);
    expect([next('mp4', START), next('mp4', later), next('flv', START)].map(({ fileId }) => fileId)).toEqual([
      '0012-mp4-0001',
      '0012-mp4-0002',
      '0012-flv-0001',
    ]);
  });

  it('makes an open file of the recording', () => {
    expect(namer().next('aac', START)).toEqual({
      recordId: 'rec_1',
      fileId: '0012-aac-0001',
      format: 'aac',
      bucket: 'media',
      key: 'show/2026-11-22-10-00-00.aac',
      state: 'recording',
      location: 'primary',
      sizeBytes: 0,
      durationSeconds: 0,
      startedAt: START.toISOString(),
      epoch: 3,
    });
  });

  it('gives no key twice, not even one of an earlier capture', () => {
    const taken = new Set(['show/2026-11-22-10-00-00.mp4', 'show/2026-11-22-10-00-00-2.mp4']);
    const { next } = namer(taken);
    expect([next('mp4', START), next('mp4', START), next('hls', START)].map(({ key }) => key)).toEqual([
      'show/2026-11-22-10-00-00-3.mp4',
      'show/2026-11-22-10-00-00-4.mp4',
      'show/2026-11-22-10-00-00.m3u8',
    ]);
  });

  it('keeps the work objects of a file in a folder of their own', () => {
    const { next, journaled } = namer();
    expect(journaled(next('mp4', START), 'aGVhZA==').journal).toEqual({
      initialHead: 'aGVhZA==',
      heldKey: '.streamkeep/rec_1/0012-mp4-0001/held',
      tailKey: '.streamkeep/rec_1/0012-mp4-0001/tail',
    });
  });
});
