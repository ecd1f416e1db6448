import { closeFromJournal, type Holder, type JournaledFile } from '../closing/media-journal.ts';
import { endReason } from '../recordings/end-reason.ts';
import type { Site } from '../recordings/places.ts';
import type { RecordingFile } from '../schemas/recording.ts';
import { StorageError } from '../storage/object-store.ts';
import { closedAway } from './away.ts';
import type { Copier } from './copy.ts';

/** Tries after which a storage that may have something, but most probably has nothing, is not waited for any more. */
const PATIENCE = 5;

/**
 * Whether a file is put together without a storage that does not answer: one that its recorder did not note, and that
 * it could hardly have written to.
 */
export const createIgnores =
  ({ away, location }: RecordingFile) =>
  (site: Pick<Site, 'location'>, error: unknown): boolean => {
    if (!(error instanceof StorageError)) return false;
    if (site.location === 'primary' || site.location === location) return false;
    if (away?.places.includes(site.location)) return false;
    // A bucket that is not there, or whose address is not allowed, never had anything.
    const mayHave = error.kind === 'denied' || error.kind === 'unavailable';
    return !mayHave || (away?.failures ?? 0) >= PATIENCE;
  };

/** Of a file that nothing was ever stored of, anywhere. Its journal says what is still to be cleared away when it is deleted. */
export const failedFile = ({ away: _, ...file }: RecordingFile): RecordingFile => ({
  ...file,
  state: 'failed',
  reason: endReason('recorder-lost', 'Nothing of this file had been stored yet.'),
});

/**
 * Puts an MP4, FLV or AAC file together from what all of its places have.
 * @param sites every place, best first
 * @returns what the file is then
 * @throws StorageError when a place does not answer that may have something of it
 */
export const closeMedia = async (
  file: JournaledFile,
  sites: readonly Site[],
  copier: Copier,
  now: Date,
): Promise<RecordingFile> => {
  const here = sites.find(({ location }) => location === file.location) ?? sites[0];
  if (here === undefined) throw new Error('A file has no place');
  const siteOf = ({ store }: Holder): Site => sites.find((site) => site.store === store) ?? here;
  const ignores = createIgnores(file);
  const closed = await closeFromJournal(here.store, file, {
    holders: sites.filter((site) => site !== here),
    ignores: (holder, error) => ignores(siteOf(holder), error),
    bringPart: async (holder, { key, uploadId }, number) => {
      copier.goOn();
      const from = { ...siteOf(holder), key: holder.key };
      const head = await from.store.head(from.key);
      if (head === undefined) throw new Error(`The work object ${from.key} is gone`);
      const whole = { start: 0, length: head.size };
      return copier.copyPart(from, head, whole, { ...here, key, uploadId }, number);
    },
  });
  if (closed === undefined) return failedFile(file);
  const { journal: _, ...rest } = file;
  const { at, foundIn, sizeBytes, durationSeconds } = closed;
  const site = at === undefined ? here : siteOf(at);
  const isElsewhere = site !== here;
  const ready: RecordingFile = {
    ...rest,
    ...{ sizeBytes, durationSeconds, state: 'ready', readyAt: now.toISOString() },
    ...(isElsewhere
      ? { location: site.location, bucket: site.bucket.bucket, key: site.key, locatedAt: now.toISOString() }
      : {}),
    ...(isElsewhere && site.key !== rest.key ? { homeKey: sites[0]?.key } : {}),
  };
  return closedAway(
    ready,
    foundIn.map((holder) => siteOf(holder).location),
    now,
  );
};
