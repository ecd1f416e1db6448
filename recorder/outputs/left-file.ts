import type { Reason } from '../../shared/schemas/recording.ts';
import type { HeadBuilder } from '../containers/container.ts';
import type { MediaFile } from '../files/media-file.ts';

/**
 * How long such a file is kept open: a source is tried for half a minute, and by the end of this it has sent its first
 * pictures, if it has any for the format.
 */
export const LEFT_PATIENCE_MS = 45_000;

/**
 * An MP4 or FLV file to which nothing more comes from its capture. It is closed when it is known whether the next one
 * has the same pictures as this one ends with.
 */
export interface LeftFile {
  readonly file: MediaFile;
  readonly head: HeadBuilder;
  /** Why it ends. */
  readonly reason: Reason | undefined;
  /** When it is closed in any case; monotonic, in milliseconds. */
  readonly until: number;
}

/** Whether a file that begins has all that `left` ends with; undefined while that is not known. */
export const isRepeatedBy = ({ head: left }: LeftFile, head: HeadBuilder): boolean | undefined =>
  left.groups.last === undefined ? false : head.groups.beginsWith(left.groups.last);

export const closeLeft = ({ file, reason }: LeftFile, withoutLastGroup = false): Promise<void> =>
  file.close(reason, { withoutLastGroup });
