import { describe, expect, it } from 'vitest';
import type { RecordingFile } from '../schemas/recording.ts';
import { knownPlacesOf, placeOf, placesOf } from './places.ts';
import { recordingWith } from './recording.fixture.ts';

const { plan } = recordingWith(0);
const endpoint = 'https://s3.example.com';
const backup = { bucket: 'second', region: 'eu-west-1', endpoint };
const spool = { bucket: 'spool', region: 'us-east-1' };
const recording = { plan: { ...plan, backup } };
const file: RecordingFile = {
  recordId: 'rec_1',
  fileId: 'f1',
  format: 'mp4',
  bucket: 'recordings',
  key: 'a/one.mp4',
  state: 'ready',
  location: 'primary',
  sizeBytes: 0,
  durationSeconds: 0,
  startedAt: '2026-11-22T10:00:00.000Z',
  epoch: 1,
};

describe('Where a file may be', () => {
  it.each([
    ['primary', { bucket: plan.storage, key: 'a/one.mp4' }],
    ['backup', { bucket: backup, key: 'a/one.mp4' }],
    ['spool', { bucket: spool, key: 'rec_1/f1.mp4' }],
  ] as const)('is its own bucket, with its own key: %s', (location, place) => {
    expect(placeOf(recording, file, location, spool)).toEqual({ location, ...place });
  });

  it('is the same whether it is at home or away', () => {
    const away = { ...file, key: 'rec_1/f1.mp4', homeKey: 'a/one.mp4', location: 'spool' as const };
    expect(placesOf(recording, away, spool)).toEqual(placesOf(recording, file, spool));
  });

  it('is no backup when the plan has none', () => {
    expect(placesOf({ plan }, file, spool).map(({ location }) => location)).toEqual(['primary', 'spool']);
  });

  it('is no place by two names, of which one would be taken for a copy of the other', () => {
    const credentials = { type: 'secret', secretId: 'keys' } as const;
    for (const same of [
      { ...plan.storage, credentials },
      { ...plan.storage, region: 'us-east-2' },
      { ...plan.storage, endpoint: 'https://s3.eu-central-1.amazonaws.com' },
    ]) {
      const places = placesOf({ plan: { ...plan, backup: same } }, file, spool);
      expect(places.map(({ location }) => location)).toEqual(['primary', 'spool']);
    }
    const others = { ...plan.storage, endpoint };
    expect(placesOf({ plan: { ...plan, backup: others } }, file, spool)).toHaveLength(3);
  });

  it('is known of a file: its home, where it is, and what it notes', () => {
    const reason = { cause: 'storage', code: 'storage-failed', text: 'It did not answer.' } as const;
    const away = { since: '', dueAt: '', failures: 0, reason, places: ['backup' as const] };
    const locations = (changes: Partial<RecordingFile>) =>
      knownPlacesOf(recording, { ...file, ...changes }, spool).map(({ location }) => location);
    expect(locations({})).toEqual(['primary']);
    expect(locations({ location: 'spool' })).toEqual(['primary', 'spool']);
    expect(locations({ location: 'spool', away })).toEqual(['primary', 'backup', 'spool']);
  });
});
