import type { Reason } from '../../shared/schemas/recording.ts';
import type { Group } from '../containers/groups.ts';
import type { MediaFile } from '../files/media-file.ts';

/** By then a source that is tried again has sent its first pictures, if it has any for the format. */
export const LEFT_PATIENCE_MS = 45_000;

/**
 * An MP4 or FLV file to which nothing more comes from its capture. It is closed when it is known whether the next one
 * has the same pictures as this one ends with.
 */
export interface LeftFile {
  readonly file: MediaFile;
  /** What it ends with. */
  readonly group: Group;
  /** Why it ends. */
  readonly reason: Reason | undefined;
  /** When it is closed in any case; monotonic, in milliseconds. */
  readonly until: number;
}
