import { WORK_PREFIX } from '../../shared/constants.ts';
import { renderPath } from '../../shared/path/placeholders.ts';
import type { Format } from '../../shared/schemas/names.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { EXTENSIONS } from '../../shared/storage/content-types.ts';
import type { JournaledFile } from './ledger.ts';

/** Names the files of one capture. */
export interface FileNamer {
  /** A new open file of `format` whose media begin at `start`. */
  next(format: Format, start: Date): RecordingFile;
  /** The same with a journal. */
  journaled(file: RecordingFile, initialHead: string): JournaledFile;
}

/**
 * @param taken keys that the recording uses already; the namer adds its own. Paths go down to the second, and a
 *   stream can drop and return within one.
 */
export const createNamer = (
  recording: Recording,
  capture: number,
  taken: Set<string>,
  randomId: () => string,
): FileNamer => {
  const { recordId, domain, app, stream, plan, epoch } = recording;
  const counts = new Map<Format, number>();

  const keyOf = (format: Format, start: Date): string => {
    const base = renderPath(plan.path, {
      recordSource: plan.content,
      ...{ domain, app, stream, recordId, start },
      randomId: randomId(),
      timeZone: plan.timeZone,
    });
    for (let copy = 1; ; copy += 1) {
      const key = `${base}${copy === 1 ? '' : `-${copy}`}${EXTENSIONS[format]}`;
      if (taken.has(key)) continue;
      taken.add(key);
      return key;
    }
  };

  return {
    next: (format, start) => {
      const count = (counts.get(format) ?? 0) + 1;
      counts.set(format, count);
      return {
        recordId,
        fileId: `${String(capture).padStart(4, '0')}-${format}-${String(count).padStart(4, '0')}`,
        format,
        bucket: plan.storage.bucket,
        key: keyOf(format, start),
        state: 'recording',
        location: 'primary',
        sizeBytes: 0,
        durationSeconds: 0,
        startedAt: start.toISOString(),
        epoch,
      };
    },
    journaled: (file, initialHead) => {
      const folder = `${WORK_PREFIX}${recordId}/${file.fileId}`;
      return { ...file, journal: { initialHead, heldKey: `${folder}/held`, tailKey: `${folder}/tail` } };
    },
  };
};
