import type { RecordingFile } from '../schemas/recording.ts';
import type { Files } from './files.ts';

export interface MemoryFiles extends Files {
  /** The item of a file; throws when there is none. */
  item(fileId: string): RecordingFile;
}

/** The files of the table, in memory, with the table's conditions. */
export const createMemoryFiles = (...initial: readonly RecordingFile[]): MemoryFiles => {
  const keyOf = ({ recordId, fileId }: { recordId: string; fileId: string }) => `${recordId}#${fileId}`;
  const items = new Map(initial.map((file) => [keyOf(file), file]));
  return {
    item: (fileId) => {
      const found = [...items.values()].find((file) => file.fileId === fileId);
      if (found === undefined) throw new Error(`There is no file ${fileId}`);
      return found;
    },
    get: async (recordId, fileId) => items.get(keyOf({ recordId, fileId })),
    open: async (file) => {
      if (items.has(keyOf(file))) return false;
      items.set(keyOf(file), structuredClone(file));
      return true;
    },
    write: async (file, epoch = file.epoch) => {
      const there = items.get(keyOf(file));
      if (there?.state !== 'recording' || there.epoch !== epoch) return false;
      items.set(keyOf(file), structuredClone(file));
      return true;
    },
    list: async (recordId) =>
      [...items.values()]
        .filter((file) => file.recordId === recordId)
        .sort((one, other) => (one.fileId < other.fileId ? -1 : 1)),
  };
};
