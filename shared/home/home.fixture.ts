import { sealAbandoned } from '../closing/seal.ts';
import type { Notice } from '../events/notices.ts';
import { newRecording, planWith } from '../recordings/recording.fixture.ts';
import type { Away, Recording, RecordingFile } from '../schemas/recording.ts';
import type { Bucket } from '../schemas/storage.ts';
import { createMemoryObjectStore, type MemoryObjectStore } from '../storage/memory-object-store.ts';
import { createMemoryFiles, type MemoryFiles } from '../table/files.fixture.ts';
import { claimedAt, isAway } from './away.ts';
import { bringHome, type HomePorts } from './bring-home.ts';
import type { CopyLimits } from './copy.ts';
import { createHold } from './hold.ts';

export const AT = '2026-11-22T11:00:00.000Z';

const BACKUP: Bucket = { bucket: 'backup', region: 'us-east-1', endpoint: 'https://s3.example.com' };
export const SPOOL: Bucket = { bucket: 'spool', region: 'eu-central-1' };

export const PLAN = { ...planWith(), backup: BACKUP };

export const awayAt = (...places: Away['places']): Away => ({
  ...{ places, since: AT, dueAt: AT, failures: 0 },
  reason: { cause: 'storage', code: 'storage-failed', text: 'It did not answer.' },
});

export interface HomeWorld {
  readonly primary: MemoryObjectStore;
  readonly backup: MemoryObjectStore;
  readonly spool: MemoryObjectStore;
  readonly stores: readonly MemoryObjectStore[];
  readonly files: MemoryFiles;
  readonly told: RecordingFile[];
  readonly announced: Notice[];
  readonly recording: Recording;
  /** Steps that there is time for. */
  steps: number;
  /** Closes a file whose recorder is gone; undefined when that is nobody's business. */
  close(recording: Recording, fileId: string): Promise<RecordingFile | undefined>;
  /** Brings the file home that is away; undefined when none is. */
  bring(fileId: string): Promise<RecordingFile | undefined>;
}

/** Storages in memory, a table in memory, and files that are away from home. */
export const createHomeWorld = (file: RecordingFile, limits?: CopyLimits): HomeWorld => {
  const peers = new Map<string, MemoryObjectStore>();
  const [primary, backup, spool] = [undefined, undefined, undefined].map(() =>
    createMemoryObjectStore([], peers),
  ) as [MemoryObjectStore, MemoryObjectStore, MemoryObjectStore];
  for (const store of [primary, backup, spool]) store.leastPartBytes = 1024;
  // The backup is another provider's: nothing can be copied from or to it but by reading.
  peers.set('recordings', primary).set('spool', spool);
  const byName = new Map([...peers, ['backup', backup]]);
  const files = createMemoryFiles(file);
  const told: RecordingFile[] = [];
  const announced: Notice[] = [];
  let recording = newRecording({ state: 'completed', startedAt: AT, epoch: 4, captures: 1, plan: PLAN });
  const ports: HomePorts = {
    files,
    recordings: {
      get: async () => recording,
      setStorageTrouble: async (_, trouble) => {
        const { trouble: __, ...rest } = recording;
        recording = trouble === undefined ? rest : { ...rest, trouble };
        return true;
      },
    },
    storeOf: ({ bucket }) => byName.get(bucket) ?? primary,
    spool: SPOOL,
    tellClosed: async (closed) => void told.push(closed),
    announce: async (notice) => void announced.push(notice),
    hasTime: () => {
      world.steps -= 1;
      return world.steps >= 0;
    },
    ...(limits === undefined ? {} : { limits }),
    now: () => new Date(AT),
  };
  const run = async (of: Recording, held: RecordingFile): Promise<RecordingFile> => {
    const hold = createHold(files, held);
    await bringHome(ports, of, hold);
    return hold.file;
  };
  const world: HomeWorld = {
    ...{ primary, backup, spool, stores: [primary, backup, spool], files, told, announced },
    get recording() {
      return recording;
    },
    steps: Number.POSITIVE_INFINITY,
    close: async (of, fileId) => {
      const there = files.item(fileId);
      if (there.state !== 'recording') return undefined;
      const sealed = await sealAbandoned(files, of, there);
      return sealed && run(of, sealed);
    },
    bring: async (fileId) => {
      const there = files.item(fileId);
      if (!isAway(there)) return undefined;
      const claimed = claimedAt(there, new Date(AT));
      await files.replace(claimed, there);
      return run(recording, claimed);
    },
  };
  return world;
};
