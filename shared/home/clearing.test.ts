import { describe, expect, it } from 'vitest';
import type { Site } from '../recordings/places.ts';
import type { RecordingFile } from '../schemas/recording.ts';
import { createMemoryObjectStore } from '../storage/memory-object-store.ts';
import { AT, awayAt } from './home.fixture.ts';
import { clearHls } from './move-hls.ts';
import { clearMedia } from './move-media.ts';

const siteAt = (location: Site['location']) => {
  const store = createMemoryObjectStore();
  return { location, bucket: { bucket: location, region: 'eu-central-1' }, key: 'a/one', store };
};

const CLEAR = {
  hls: (file: RecordingFile, sites: readonly [Site, ...Site[]]) =>
    clearHls(file, sites, { segments: [], playlists: [], targetDuration: 2 }),
  mp4: clearMedia,
};

describe.each(['hls', 'mp4'] as const)('What is left of a file in %s', (format) => {
  it('is cleared away at home and where something may be, and nobody else is asked', async () => {
    const [home, backup, spool] = [siteAt('primary'), siteAt('backup'), siteAt('spool')];
    const file: RecordingFile = {
      ...{ recordId: 'rec_1', fileId: 'f1', format, bucket: 'primary', key: 'a/one', location: 'primary' },
      ...{ state: 'ready', sizeBytes: 1, durationSeconds: 1, startedAt: AT, epoch: 1, away: awayAt('spool') },
    };
    for (const { store } of [home, backup, spool])
      await store.put('.streamkeep/rec_1/probe', Buffer.alloc(0));
    const asked = backup.store.calls.length;
    await CLEAR[format](file, [home, backup, spool]);
    expect([home, spool].flatMap(({ store }) => [...store.objects.keys()])).toEqual([]);
    expect(backup.store.calls).toHaveLength(asked);
  });
});
