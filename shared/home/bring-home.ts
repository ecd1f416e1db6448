import type { Notice } from '../events/notices.ts';
import { knownPlacesOf, type PlacePorts, placesOf, type Site } from '../recordings/places.ts';
import { fileNotice } from '../recordings/transition.ts';
import type { Recording, RecordingFile } from '../schemas/recording.ts';
import type { Files } from '../table/files.ts';
import type { Recordings } from '../table/recordings.ts';
import { closeMedia } from './close-media.ts';
import { type Copier, type CopyLimits, createCopier } from './copy.ts';
import { type Hold, LostError } from './hold.ts';
import { clearHls, moveHls } from './move-hls.ts';
import { clearMedia, moveMedia } from './move-media.ts';

export interface HomePorts extends PlacePorts {
  readonly files: Files;
  readonly recordings: Pick<Recordings, 'get' | 'setStorageTrouble'>;
  /** Tells that the file was closed, as its recorder would have. */
  tellClosed(file: RecordingFile): Promise<void>;
  announce(notice: Notice): Promise<void>;
  /** Whether there is time for one more step. */
  hasTime(): boolean;
  readonly limits?: CopyLimits;
  now(): Date;
}

type Sites = readonly [Site, ...Site[]];

const sitesOf = (ports: PlacePorts, recording: Recording, file: RecordingFile): Sites => {
  // Of a file whose recorder is gone nobody knows where it may have gone at last.
  const places =
    file.state === 'ready'
      ? knownPlacesOf(recording, file, ports.spool)
      : placesOf(recording, file, ports.spool);
  const [home, ...others] = places.map((place) => ({ ...place, store: ports.storeOf(place.bucket) }));
  if (home === undefined) throw new Error('A plan has no primary storage');
  return [home, ...others];
};

/** The last file that is away no longer takes the trouble from its recording. */
const takeTrouble = async ({ files, recordings }: HomePorts, recordId: string): Promise<void> => {
  const recording = await recordings.get(recordId);
  if (recording?.trouble?.cause !== 'storage') return;
  const others = await files.list(recordId);
  if (others.every((file) => file.away === undefined))
    await recordings.setStorageTrouble(recordId, undefined);
};

/** Nothing more is to be done for it. */
const settle = async (hold: Hold): Promise<void> => {
  const { away, ...home } = hold.file;
  if (away === undefined) return;
  await hold.write(home);
};

const tell = async (ports: HomePorts, hold: Hold): Promise<void> => {
  const { away, ...file } = hold.file;
  await ports.tellClosed(hold.file);
  if (away?.untold === undefined) return;
  const { untold: _, ...told } = away;
  await hold.write({ ...file, away: told });
};

/** Tells that a file which was said to be elsewhere is in the primary storage now. The same notice each time. */
const announceMoved = async (ports: HomePorts, recording: Recording, { file }: Hold): Promise<void> => {
  if (file.locatedAt === undefined) return;
  // Looked at again: whether it has ended by now, and has a manifest that says where the file was.
  const now = (await ports.recordings.get(recording.recordId)) ?? recording;
  await ports.announce(fileNotice(now, file, 'file.moved'));
};

const bringHls = async (
  ports: HomePorts,
  recording: Recording,
  hold: Hold,
  copier: Copier,
): Promise<void> => {
  const { state, away } = hold.file;
  const sites = sitesOf(ports, recording, hold.file);
  const found = await moveHls(hold, sites, copier, ports.now);
  if (state !== 'ready' || away?.untold) await tell(ports, hold);
  else await announceMoved(ports, recording, hold);
  if (hold.file.state !== 'ready') return;
  await clearHls(hold.file, sites, found);
  await settle(hold);
};

const bringMedia = async (
  ports: HomePorts,
  recording: Recording,
  hold: Hold,
  copier: Copier,
): Promise<void> => {
  const sites = sitesOf(ports, recording, hold.file);
  const { journal, state } = hold.file;
  if (state !== 'ready' && journal !== undefined) {
    await hold.write(await closeMedia({ ...hold.file, journal }, sites, copier, ports.now()));
    const isDone = hold.file.state === 'ready' && hold.file.away === undefined;
    if (isDone) await sites[0].store.deleteMany([journal.heldKey, journal.tailKey]);
    await tell(ports, hold);
    if (isDone || hold.file.state !== 'ready') return;
  } else if (hold.file.away?.untold) await tell(ports, hold);
  await moveMedia(hold, sites, copier, ports.now);
  await announceMoved(ports, recording, hold);
  await clearMedia(hold.file, sites);
  await settle(hold);
};

/** Whether its objects are deleted, or about to be. */
const isDeleted = async (
  { files, recordings }: HomePorts,
  { recordId, fileId }: RecordingFile,
): Promise<boolean> => {
  const recording = await recordings.get(recordId);
  if (recording === undefined || recording.deletion?.objects === true) return true;
  const file = await files.get(recordId, fileId);
  return file === undefined || file.state === 'expired';
};

/**
 * Closes a file that its recorder could not close, and brings what is elsewhere to the primary storage. Nothing is
 * deleted before its replacement is verified and written down. Safe to repeat after a crash at any point.
 * @param hold a file that is sealed, or claimed
 * @throws StorageError, OutOfTimeError, LostError
 */
export const bringHome = async (ports: HomePorts, recording: Recording, hold: Hold): Promise<void> => {
  const copier = createCopier({
    hasTime: ports.hasTime,
    ...(ports.limits === undefined ? {} : { limits: ports.limits }),
  });
  const bring = hold.file.format === 'hls' ? bringHls : bringMedia;
  try {
    await bring(ports, recording, hold, copier);
    if (hold.file.away === undefined) await takeTrouble(ports, hold.file.recordId);
  } catch (error) {
    if (!(await isDeleted(ports, hold.file))) throw error;
    // Whoever deleted it may have looked before a copy was there.
    await copier.undo();
    throw new LostError(`File ${hold.file.fileId} has been deleted`, { cause: error });
  }
};
