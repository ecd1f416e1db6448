import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { EXTENSIONS } from '../../shared/storage/content-types.ts';

const LONGEST_STREAM_NAME = 100;

/** What a browser saves a file as, such as `show 2026-11-22 17-04-05.mp4` (UTC). */
export const downloadName = (
  { stream }: Pick<Recording, 'stream'>,
  { startedAt, format }: Pick<RecordingFile, 'startedAt' | 'format'>,
): string => {
  // Characters that one file system or another does not take in names.
  const safe = stream.replaceAll(/[\\/:*?"<>|\p{Cc}\p{Cf}]|^\./gu, '_');
  const short = safe.slice(0, LONGEST_STREAM_NAME).toWellFormed();
  return `${short} ${startedAt.slice(0, 10)} ${startedAt.slice(11, 19).replaceAll(':', '-')}${EXTENSIONS[format]}`;
};
