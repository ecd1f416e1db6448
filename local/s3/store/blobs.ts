import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type FileHandle, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Piece } from './records.ts';

const WRITE_BATCH_BYTES = 256 * 1024;
const READ_CHUNK_BYTES = 256 * 1024;

/** Files of bytes under random names, each kept as long as something refers to it. */
export class Blobs {
  readonly #dir: string;
  readonly #references = new Map<string, number>();

  constructor(dir: string) {
    this.#dir = dir;
    for (let i = 0; i < 256; i++) {
      mkdirSync(join(dir, i.toString(16).padStart(2, '0')), { recursive: true });
    }
  }

  /** Keeps the blobs of the pieces. */
  retain(pieces: readonly Piece[]): void {
    for (const { blob } of pieces) this.#references.set(blob, (this.#references.get(blob) ?? 0) + 1);
  }

  /** Gives up what was retained; a blob that nothing refers to any more is deleted. */
  async release(pieces: readonly Piece[]): Promise<void> {
    for (const blob of this.#forget(pieces)) await unlink(this.#path(blob));
  }

  /** `release` while the journal is replayed: the files are left to `sweep`. */
  forget(pieces: readonly Piece[]): void {
    this.#forget(pieces);
  }

  /** Deletes what nothing refers to: bodies that were arriving when the process ended. */
  async sweep(): Promise<void> {
    for (const folder of await readdir(this.#dir)) {
      for (const blob of await readdir(join(this.#dir, folder))) {
        if (!this.#references.has(blob)) await unlink(join(this.#dir, folder, blob));
      }
    }
  }

  /**
   * Writes a body to a new blob. The pieces are retained for the caller, who must release them.
   * No bytes make no blob. @throws what the body throws, and leaves nothing behind.
   */
  async write(body: AsyncIterable<Buffer>): Promise<Piece[]> {
    const blob = randomBytes(16).toString('hex');
    let file: FileHandle | undefined;
    let length = 0;
    try {
      for await (const batch of batches(body)) {
        file ??= await open(this.#path(blob), 'wx');
        for (const buffer of batch) length += buffer.length;
        await writeAll(file, batch);
      }
      await file?.close();
    } catch (error) {
      await file?.close();
      if (file) await unlink(this.#path(blob));
      throw error;
    }
    const pieces = length === 0 ? [] : [{ blob, offset: 0, length }];
    this.retain(pieces);
    return pieces;
  }

  /** The bytes of the pieces, which must be retained until the reader is done. */
  async *read(pieces: readonly Piece[]): AsyncGenerator<Buffer> {
    for (const { blob, offset, length } of pieces) yield* readFile(this.#path(blob), offset, length);
  }

  #forget(pieces: readonly Piece[]): string[] {
    const unreferenced: string[] = [];
    for (const { blob } of pieces) {
      const left = (this.#references.get(blob) ?? 0) - 1;
      if (left > 0) this.#references.set(blob, left);
      else if (this.#references.delete(blob)) unreferenced.push(blob);
    }
    return unreferenced;
  }

  #path(blob: string): string {
    return join(this.#dir, blob.slice(0, 2), blob);
  }
}

/** Sockets give 64 KiB at a time: gathered, a write costs the thread pool one hop for many of them. */
async function* batches(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    batch.push(chunk);
    bytes += chunk.length;
    if (bytes < WRITE_BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (bytes > 0) yield batch;
}

async function writeAll(file: FileHandle, buffers: Buffer[]): Promise<void> {
  const bytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  const { bytesWritten } = await file.writev(buffers);
  // A short write happens when the disk is almost full; writing the rest then brings the real error.
  if (bytesWritten < bytes) await file.appendFile(Buffer.concat(buffers).subarray(bytesWritten));
}

async function* readFile(path: string, offset: number, length: number): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    for (let done = 0; done < length; ) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(READ_CHUNK_BYTES, length - done));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset + done);
      if (bytesRead === 0) throw new Error(`A blob is shorter than its object: ${path}`);
      yield buffer.subarray(0, bytesRead);
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** The pieces of `length` bytes from `start`. */
export function slicePieces(pieces: readonly Piece[], start: number, length: number): Piece[] {
  const slice: Piece[] = [];
  let position = 0;
  for (const piece of pieces) {
    const from = Math.max(start, position);
    const to = Math.min(start + length, position + piece.length);
    if (from < to)
      slice.push({ blob: piece.blob, offset: piece.offset + from - position, length: to - from });
    position += piece.length;
  }
  return slice;
}
