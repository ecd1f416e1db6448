import { isDeepStrictEqual } from 'node:util';
import type { RecordingFile } from '../schemas/recording.ts';
import { type Files, withTold } from '../table/files.ts';

/** Somebody else has the file now, or it is gone. Nothing of it may be written any more. */
export class LostError extends Error {
  override readonly name = 'LostError';
}

/** A file that nobody else works on, as the table has it. */
export interface Hold {
  readonly file: RecordingFile;
  /** @throws LostError */
  write(next: RecordingFile): Promise<void>;
}

export const createHold = (files: Pick<Files, 'get' | 'replace'>, claimed: RecordingFile): Hold => {
  let file = claimed;
  // When the answer to a write was lost, the SDK wrote again, and was refused because of its own first write.
  const isWritten = async (next: RecordingFile): Promise<boolean> => {
    const now = await files.get(next.recordId, next.fileId);
    return now !== undefined && isDeepStrictEqual(withTold(now, undefined), withTold(next, undefined));
  };
  return {
    get file() {
      return file;
    },
    write: async (next) => {
      if (!(await files.replace(next, file)) && !(await isWritten(next)))
        throw new LostError(`File ${next.fileId} is no longer ours`);
      file = next;
    },
  };
};
