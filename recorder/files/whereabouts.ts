import { endReason } from '../../shared/recordings/end-reason.ts';
import { homeKeyOf } from '../../shared/recordings/places.ts';
import type { Location, Reason, RecordingFile } from '../../shared/schemas/recording.ts';
import type { Ladder } from '../storage/ladder.ts';
import type { Rung } from '../storage/rungs.ts';

/**
 * How soon after it was left a storage may be asked again to take what belongs there. By then a write to another one that
 * was broken off has come there too, if it does; what comes later still is litter at worst.
 */
const FIRST_TRY_MS = 20_000;

/** When something of a file was written to another storage than it should be, and why. */
export interface Detour {
  readonly at: Date;
  readonly reason: Reason;
}

/** Why what is written now does not go to the best storage. */
export const detourOf = (
  { rungs: [best], whyDown }: Pick<Ladder, 'rungs' | 'whyDown'>,
  at: Date,
): Detour => ({
  at,
  // Without a reason it has come back already: something was written elsewhere just before.
  reason: (best && whyDown(best)) ?? endReason('storage-failed'),
});

type Stray = Exclude<Location, 'primary'>;

const dueAfter = (at: Date): string => new Date(at.getTime() + FIRST_TRY_MS).toISOString();

/** A file of which an object is, or may be, at `rung` as well. Pure. */
export const strayingTo = <File extends RecordingFile>(
  file: File,
  { location }: Pick<Rung, 'location'>,
  { at, reason }: Detour,
): File => {
  const places = new Set<Stray>(file.away?.places);
  if (location !== 'primary') places.add(location);
  if (file.away !== undefined && places.size === file.away.places.length) return file;
  const { since = at.toISOString(), failures = 0 } = file.away ?? {};
  return { ...file, away: { places: [...places], since, failures, dueAt: dueAfter(at), reason } };
};

/** A file of which an object may be at each of `rungs` as well, though they have said that it is not. Pure. */
export const doubtedAt = <File extends RecordingFile>(
  file: File,
  rungs: readonly Pick<Rung, 'location'>[],
  detour: Detour,
): File =>
  rungs
    .filter(({ location }) => location !== 'primary')
    .reduce<File>((found, rung) => strayingTo(found, rung, detour), file);

/** A file that goes on at `rung`, all of it. Pure. */
export const movedTo = <File extends RecordingFile>(file: File, rung: Rung, detour: Detour): File => {
  if (rung.location === file.location) return file;
  const homeKey = homeKeyOf(file);
  const { homeKey: _, ...rest } = strayingTo(file, rung, detour);
  const key = rung.keyOf(file);
  return {
    ...(rest as File),
    ...(key === homeKey ? {} : { homeKey }),
    ...{ key, bucket: rung.bucket, location: rung.location, locatedAt: detour.at.toISOString() },
  };
};
