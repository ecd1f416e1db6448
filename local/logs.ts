import { once } from 'node:events';
import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** What functions and processes print, one file each. */
export interface Logs {
  readonly open: (name: string) => WriteStream;
  close(): Promise<void>;
}

/** A log that has grown this large is put aside at the next start; the one before it goes. */
const ROTATE_BYTES = 20_000_000;

export const createLogs = (folder: string): Logs => {
  const streams = new Map<string, WriteStream>();
  const open = (name: string): WriteStream => {
    const opened = streams.get(name);
    if (opened !== undefined) return opened;
    const path = join(folder, `${name}.log`);
    const { size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (size > ROTATE_BYTES) renameSync(path, `${path}.1`);
    const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
    // Every thread of a function pipes two streams into it.
    stream.setMaxListeners(0);
    streams.set(name, stream);
    return stream;
  };
  const close = async (): Promise<void> => {
    const closing = [...streams.values()].map(async (stream) => {
      const closed = once(stream, 'close');
      stream.end();
      await closed;
    });
    await Promise.all(closing);
  };
  return { open, close };
};
