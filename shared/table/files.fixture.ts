import type { RecordingFile } from '../schemas/recording.ts';
import { type Files, isUnchanged, withTold, workOf } from './files.ts';

export interface MemoryFiles extends Files {
  /** The item of a file; throws when there is none. */
  item(fileId: string): RecordingFile;
}

/** The files of the table, in memory, with the table's conditions. */
export const createMemoryFiles = (...initial: readonly RecordingFile[]): MemoryFiles => {
  const keyOf = ({ recordId, fileId }: { recordId: string; fileId: string }) => `${recordId}#${fileId}`;
  const items = new Map(initial.map((file) => [keyOf(file), file]));
  const filesOf = (recordId: string): RecordingFile[] =>
    [...items.values()]
      .filter((file) => file.recordId === recordId)
      .sort((one, other) => (one.fileId < other.fileId ? -1 : 1));
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
      const { told: _, ...rest } = file;
      items.set(keyOf(file), structuredClone({ ...rest, ...(there.told && { told: there.told }) }));
      return true;
    },
    tell: async (file, told) => {
      const there = items.get(keyOf(file));
      if (there?.state !== file.state) return false;
      items.set(keyOf(file), { ...there, told });
      return true;
    },
    untold: async (time, limit) =>
      [...items.values()]
        .filter(
          (file) => workOf(file).workPk === 'UNTOLD' && (workOf(file).workSk ?? '~') < time.toISOString(),
        )
        .slice(0, limit),
    replace: async (next, seen) => {
      const there = items.get(keyOf(next));
      if (there === undefined || !isUnchanged(there, seen)) return false;
      items.set(keyOf(next), structuredClone(withTold(next, there.told)));
      return true;
    },
    away: async (time, limit) =>
      [...items.values()]
        .filter((file) => workOf(file).workPk === 'AWAY' && (workOf(file).workSk ?? '~') < time)
        .sort((one, other) => ((one.away?.dueAt ?? '') < (other.away?.dueAt ?? '') ? -1 : 1))
        .slice(0, limit),
    remove: async (recordId, fileId) => {
      items.delete(keyOf({ recordId, fileId }));
    },
    expire: async (recordId, fileId) => {
      const there = items.get(keyOf({ recordId, fileId }));
      if (there === undefined) return false;
      const { journal: _, away: __, ...rest } = there;
      items.set(keyOf(there), { ...rest, state: 'expired' });
      return true;
    },
    page: async (recordId) => ({ items: filesOf(recordId), cursor: null }),
    list: async (recordId) => filesOf(recordId),
  };
};
