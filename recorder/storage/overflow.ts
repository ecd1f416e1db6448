import { mkdir, readFile, rm, statfs, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Chunks, chunksOf } from '../../shared/storage/object-store.ts';
import type { Taken } from '../files/media-buffer.ts';
import type { Log } from '../log.ts';

/** Media that wait for a storage. */
export interface Waiting {
  readonly length: number;
  /** Brings them into memory, where they stay until they are released. */
  load(): Promise<Chunks>;
  /** They are stored, or nobody wants them any more and nobody reads them. */
  release(): void;
}

/** Where the media of one recording wait for a storage that is slow or away. */
export interface Overflow {
  /**
   * Keeps media, in memory while there is room for them, and on local disk beyond that. Never waits.
   * @param staysInMemory somebody else is reading them, so their memory cannot be given back
   */
  hold(media: Taken, staysInMemory?: boolean): Waiting;
  /** Whether something found no room: it is in memory, and nothing more may come. */
  readonly isFull: boolean;
}

export interface OverflowOptions {
  /** A folder that nobody else uses; emptied, for what a killed recorder left there belongs to no upload any more. */
  readonly folder: string;
  /** Most bytes of all recordings that wait in memory. */
  readonly memoryBytes: number;
  /** Most bytes of all recordings on disk. Never more than the disk has, with a rest that is left free. */
  readonly diskBytes: number;
  readonly log: Log;
}

/** Of the disk, that is left to others. */
const FREE_SHARE = 0.05;

/** @returns opens the overflow of one recording; all share the room that there is */
export const createOverflow = async (options: OverflowOptions): Promise<() => Overflow> => {
  const { folder, memoryBytes, diskBytes, log } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  let [inMemory, onDisk, beingWritten, files] = [0, 0, 0, 0];

  const hasRoom = async (length: number): Promise<boolean> => {
    if (onDisk + length > diskBytes) return false;
    const { bavail, blocks, bsize } = await statfs(folder);
    return bavail * bsize - beingWritten - length > blocks * bsize * FREE_SHARE;
  };

  const inPlace = (media: Taken): Waiting => {
    inMemory += media.length;
    return {
      length: media.length,
      load: async () => media,
      release: () => {
        inMemory -= media.length;
        media.release();
      },
    };
  };

  /** @returns whether it is on disk; when it is not, it is still in memory */
  const write = async (path: string, media: Taken): Promise<boolean> => {
    if (!(await hasRoom(media.length))) return false;
    onDisk += media.length;
    beingWritten += media.length;
    try {
      await writeFile(path, media.buffers);
      media.release();
      return true;
    } catch (cause) {
      log.error('Media that wait for a storage could not be written to disk', { cause });
      onDisk -= media.length;
      await rm(path, { force: true });
      return false;
    } finally {
      beingWritten -= media.length;
    }
  };

  const spill = (media: Taken, onNoRoom: () => void): Waiting => {
    files += 1;
    const path = join(folder, `${files}.media`);
    const written = write(path, media).catch((cause: unknown) => {
      log.error('The disk for waiting media could not be looked at', { cause });
      return false;
    });
    void written.then((isOnDisk) => {
      if (!isOnDisk) onNoRoom();
    });
    const clearAway = async (): Promise<void> => {
      if (!(await written)) return media.release();
      onDisk -= media.length;
      await unlink(path);
    };
    return {
      length: media.length,
      load: async () => ((await written) ? chunksOf([await readFile(path)]) : media),
      release: () => {
        clearAway().catch((cause: unknown) => log.error('Stored media stay on disk', { path, cause }));
      },
    };
  };

  return () => {
    let isFull = false;
    return {
      hold: (media, staysInMemory = false) =>
        staysInMemory || inMemory + media.length <= memoryBytes
          ? inPlace(media)
          : spill(media, () => {
              isFull = true;
            }),
      get isFull() {
        return isFull;
      },
    };
  };
};
