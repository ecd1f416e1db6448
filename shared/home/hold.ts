import type { RecordingFile } from '../schemas/recording.ts';
import type { Files } from '../table/files.ts';

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

export const createHold = (files: Pick<Files, 'replace'>, claimed: RecordingFile): Hold => {
  let file = claimed;
  return {
    get file() {
      return file;
    },
    write: async (next) => {
      if (!(await files.replace(next, file))) throw new LostError(`File ${next.fileId} is no longer ours`);
      file = next;
    },
  };
};
