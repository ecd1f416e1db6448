import { probeKey, workFolder } from '../closing/media-journal.ts';
import type { Site } from '../recordings/places.ts';
import type { RecordingFile } from '../schemas/recording.ts';
import { abortUploads } from '../storage/abort-uploads.ts';
import type { Copier } from './copy.ts';
import type { Hold } from './hold.ts';

/** What a file is when it is at home, and has been since `at`. */
export const homeFile = (file: RecordingFile, home: Site, at: Date): RecordingFile => {
  const { homeKey: _, away, checksum, ...rest } = file;
  // Its bytes are the same; its ETag follows from how they were copied as well.
  const crc32 = checksum?.crc32;
  const there: RecordingFile = {
    ...rest,
    ...(crc32 === undefined ? {} : { checksum: { crc32 } }),
    ...{ location: 'primary', bucket: home.bucket.bucket, key: home.key, locatedAt: at.toISOString() },
  };
  if (away === undefined) return there;
  const { copy: __, ...kept } = away;
  return { ...there, away: kept };
};

/**
 * Copies a whole MP4, FLV or AAC file to the primary storage, verifies it, and writes down that it is there.
 * @throws StorageError, OutOfTimeError, LostError
 */
export const moveMedia = async (
  hold: Hold,
  [home, ...others]: readonly [Site, ...Site[]],
  copier: Copier,
  now: () => Date,
): Promise<void> => {
  const { file } = hold;
  if (file.location === 'primary') return;
  const from = others.find(({ location }) => location === file.location);
  // It is there already, when that place is the home by another name.
  if (from !== undefined) {
    await copier.copyObject(from, home, {
      get copy() {
        return hold.file.away?.copy;
      },
      note: async (copy) => {
        const { away } = hold.file;
        if (away !== undefined) await hold.write({ ...hold.file, away: { ...away, copy } });
      },
    });
  }
  await hold.write(homeFile(hold.file, home, now()));
};

/** The home of a file, and where else something of it may be: nobody else need answer for it to be cleared away. */
export const sitesHolding = (
  { away }: RecordingFile,
  [home, ...others]: readonly [Site, ...Site[]],
): readonly Site[] => {
  const elsewhere: readonly string[] = away?.places ?? [];
  return [home, ...others.filter(({ location }) => elsewhere.includes(location))];
};

/** Deletes what a home file has left elsewhere, and what only existed while it was open. Safe to repeat. */
export const clearMedia = async (file: RecordingFile, sites: readonly [Site, ...Site[]]): Promise<void> => {
  const folder = workFolder(file);
  for (const site of sitesHolding(file, sites)) {
    await abortUploads(site.store, site.key);
    const left = await site.store.list(folder);
    const copies = site === sites[0] ? [] : [site.key];
    await site.store.deleteMany([...left.map(({ key }) => key), ...copies, probeKey(file)]);
  }
};
