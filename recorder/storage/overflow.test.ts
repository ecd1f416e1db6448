import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MediaBuffer, type Taken } from '../files/media-buffer.ts';
import { silentLog } from '../recorder.fixture.ts';
import { createOverflow, type Waiting } from './overflow.ts';

const KIB = 1024;
let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'overflow-')), 'media');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mediaOf = (bytes: Buffer): Taken & { released: () => boolean } => {
  const buffer = new MediaBuffer();
  buffer.append(bytes);
  const taken = buffer.take(bytes.length);
  let isReleased = false;
  const release = () => {
    isReleased = true;
    taken.release();
  };
  return { ...taken, release, released: () => isReleased };
};
const open = (limits: { memoryBytes?: number; diskBytes?: number } = {}) => {
  const log = silentLog();
  return createOverflow({ folder, memoryBytes: 100 * KIB, diskBytes: 1024 * KIB, ...limits, log }).then(
    (openOne) => ({
      openOne,
      log,
    }),
  );
};
const contents = async (waiting: Waiting) => Buffer.concat((await waiting.load()).buffers);
const onDisk = () => readdirSync(folder);

describe('Media that wait for a storage', () => {
  it('stay in memory while there is room, and go to disk beyond it', async () => {
    const overflow = (await open()).openOne();
    const [first, second] = [randomBytes(80 * KIB), randomBytes(80 * KIB)];
    const [inMemory, spilled] = [mediaOf(first), mediaOf(second)];
    const [one, other] = [overflow.hold(inMemory), overflow.hold(spilled)];
    await vi.waitFor(() => expect(spilled.released()).toBe(true));
    expect(inMemory.released()).toBe(false);
    expect(onDisk()).toHaveLength(1);
    expect((await contents(one)).equals(first)).toBe(true);
    expect((await contents(other)).equals(second)).toBe(true);
    one.release();
    other.release();
    await vi.waitFor(() => expect(onDisk()).toEqual([]));
    expect(inMemory.released()).toBe(true);
    expect(overflow.isFull).toBe(false);
  });

  it('find room in memory again when others have gone', async () => {
    const overflow = (await open()).openOne();
    for (let count = 0; count < 5; count += 1) overflow.hold(mediaOf(randomBytes(90 * KIB))).release();
    expect(onDisk()).toEqual([]);
  });

  it('stay in memory when somebody else is reading them', async () => {
    const overflow = (await open({ memoryBytes: 0 })).openOne();
    const media = mediaOf(randomBytes(10));
    overflow.hold(media, true);
    expect(onDisk()).toEqual([]);
    expect(media.released()).toBe(false);
  });

  it('find no room when the disk has been given to others: the recording that brings them is told, and nothing is lost', async () => {
    const { openOne } = await open({ memoryBytes: 0, diskBytes: 100 * KIB });
    const [busy, other] = [openOne(), openOne()];
    busy.hold(mediaOf(randomBytes(90 * KIB)));
    await vi.waitFor(() => expect(onDisk()).toHaveLength(1));
    const bytes = randomBytes(20 * KIB);
    const waiting = busy.hold(mediaOf(bytes));
    await vi.waitFor(() => expect(busy.isFull).toBe(true));
    expect(other.isFull).toBe(false);
    expect((await contents(waiting)).equals(bytes)).toBe(true);
    expect(onDisk()).toHaveLength(1);
  });

  it('stay in memory when the disk cannot be written', async () => {
    const { openOne, log } = await open({ memoryBytes: 0 });
    const overflow = openOne();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'not a folder');
    const bytes = randomBytes(KIB);
    const waiting = overflow.hold(mediaOf(bytes));
    await vi.waitFor(() => expect(overflow.isFull).toBe(true));
    expect((await contents(waiting)).equals(bytes)).toBe(true);
    expect(log.error).toHaveBeenCalled();
    waiting.release();
  });

  it('are nobody’s any more when a recorder begins', async () => {
    await open();
    writeFileSync(join(folder, 'of-a-killed-recorder'), 'x');
    await open();
    expect(existsSync(folder)).toBe(true);
    expect(onDisk()).toEqual([]);
  });
});
