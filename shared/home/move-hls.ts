import { type FoundHls, type FoundSegment, gatherHls } from '../closing/gather-hls.ts';
import { playlistSeconds, segmentPrefix, uriInPlaylist } from '../closing/hls-journal.ts';
import { probeKey } from '../closing/media-journal.ts';
import { renderPlaylist } from '../hls/playlist.ts';
import { gapsIn } from '../manifest/gaps.ts';
import type { Site } from '../recordings/places.ts';
import type { RecordingFile } from '../schemas/recording.ts';
import { CONTENT_TYPES } from '../storage/content-types.ts';
import { closedAway } from './away.ts';
import { createIgnores, failedFile } from './close-media.ts';
import type { Copier } from './copy.ts';
import type { Hold } from './hold.ts';
import { homeFile, sitesHolding } from './move-media.ts';
import { together } from './together.ts';

/** Segments on their way at once. */
const CONCURRENCY = 8;
/** So many are brought until that is noted, for the next run to go on from. */
const NOTED_SEGMENTS = 100;

const keyIn = ({ key }: Site, { name }: Pick<FoundSegment<Site>, 'name'>): string =>
  segmentPrefix(key) + name;

/** Copies every segment home that is elsewhere, and compares it, but for those that an earlier run has compared. */
const bringSegments = async (
  hold: Hold,
  home: Site,
  segments: readonly FoundSegment<Site>[],
  copier: Copier,
): Promise<void> => {
  const compared = segments.findIndex(({ name }) => name === hold.file.away?.compared);
  for (let first = 0; first < segments.length; first += NOTED_SEGMENTS) {
    const some = segments.slice(first, first + NOTED_SEGMENTS);
    await together(CONCURRENCY, some.entries(), async ([index, segment]) => {
      if (first + index <= compared && segment.at.includes(home)) return;
      const from = segment.at.find((site) => site !== home);
      if (from === undefined) return;
      copier.goOn();
      await copier.copyObject({ ...from, key: keyIn(from, segment) }, { ...home, key: keyIn(home, segment) });
    });
    const { away } = hold.file;
    const last = first + NOTED_SEGMENTS - 1;
    const name = segments[last]?.name;
    if (away !== undefined && name !== undefined && last > compared)
      await hold.write({ ...hold.file, away: { ...away, compared: name } });
  }
};

/** Writes the whole playlist to where it belongs, unless somebody has written it since it was read. */
const writePlaylist = async (
  home: Site,
  { segments, playlists, targetDuration }: FoundHls<Site>,
  copier: Copier,
): Promise<void> => {
  const listed = segments.map((segment) => ({
    uri: uriInPlaylist(home.key, keyIn(home, segment)),
    ...segment.about,
  }));
  const text = Buffer.from(renderPlaylist({ targetDuration, segments: listed, ended: true }));
  const stored = playlists.find(({ at }) => at === home);
  if (stored?.body?.equals(text)) return;
  if (stored?.etag === undefined) copier.makes(home);
  const condition = stored?.etag === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: stored.etag };
  await home.store.put(home.key, text, {
    contentType: CONTENT_TYPES.hls,
    cacheControl: 'no-cache',
    ...condition,
  });
};

/**
 * Ends an HLS file in the primary storage: every segment is copied there that is elsewhere, and verified; then the
 * playlist is written with all of them, and then the file is. Safe to repeat.
 * @returns what is elsewhere, and may be deleted now
 * @throws StorageError, OutOfTimeError, LostError
 */
export const moveHls = async (
  hold: Hold,
  sites: readonly [Site, ...Site[]],
  copier: Copier,
  now: () => Date,
): Promise<FoundHls<Site>> => {
  const [home] = sites;
  const { file } = hold;
  const found = await gatherHls(sites, createIgnores(file));
  if (found.segments.length === 0) {
    await hold.write(failedFile(file));
    return found;
  }
  await bringSegments(hold, home, found.segments, copier);
  await writePlaylist(home, found, copier);
  const elsewhere = new Set([
    ...found.segments.flatMap(({ at }) => at),
    ...found.playlists.filter(({ body }) => body !== undefined).map(({ at }) => at),
  ]);
  await hold.write(
    closedHls(
      file,
      found,
      home,
      [...elsewhere].filter((site) => site !== home),
      now(),
    ),
  );
  return found;
};

const closedHls = (
  file: RecordingFile,
  { segments }: FoundHls<Site>,
  home: Site,
  elsewhere: readonly Site[],
  now: Date,
): RecordingFile => {
  const gaps = gapsIn(segments.map(({ about }) => about));
  const ended: RecordingFile = {
    ...(file.location === 'primary' ? file : homeFile(file, home, now)),
    state: 'ready',
    readyAt: file.readyAt ?? now.toISOString(),
    sizeBytes: segments.reduce((sum, { size }) => sum + size, 0),
    ...(gaps.length === 0 ? {} : { gaps }),
    durationSeconds: playlistSeconds({
      segments: segments.map(({ name, about }) => ({ uri: name, ...about })),
    }),
  };
  if (file.state === 'ready') return ended;
  return closedAway(
    ended,
    elsewhere.map(({ location }) => location),
    now,
  );
};

/** Deletes the segments elsewhere that are at home by now, and the playlists that listed them. Safe to repeat. */
export const clearHls = async (
  file: RecordingFile,
  sites: readonly [Site, ...Site[]],
  { segments }: FoundHls<Site>,
): Promise<void> => {
  for (const site of sitesHolding(file, sites)) {
    const copies = segments.filter(({ at }) => at.includes(site)).map((segment) => keyIn(site, segment));
    const left = site === sites[0] ? [] : [...copies, site.key];
    await site.store.deleteMany([...left, probeKey(file)]);
  }
};
