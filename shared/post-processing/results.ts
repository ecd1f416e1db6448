import * as z from 'zod';
import { type RemoteFile, remoteFileSchema } from '../schemas/remote-steps.ts';

/** Files that a run keeps of one step; a run is one item of the table, and a message when it is over, with twenty steps at most. */
export const MOST_FILES = 20;
const MOST_BYTES = 8 * 1024;

/** What a step has made, as those who did it give it; without a bucket they are in the one that they were told. */
export const resultFilesSchema = z
  .array(remoteFileSchema.partial({ bucket: true }))
  .max(1000)
  .describe(`Objects that were made; the first ${MOST_FILES} are kept.`);

/** The files that a run can keep. */
export const keptFiles = (files: z.infer<typeof resultFilesSchema>, bucket: string): RemoteFile[] => {
  let bytes = 0;
  return files
    .slice(0, MOST_FILES)
    .map((file) => ({ ...file, bucket: file.bucket ?? bucket }))
    .filter((file) => {
      bytes += Buffer.byteLength(JSON.stringify(file));
      return bytes <= MOST_BYTES;
    });
};
