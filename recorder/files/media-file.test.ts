import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeFromJournal } from '../../shared/closing/media-journal.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Location } from '../../shared/schemas/recording.ts';
import {
  createMemoryObjectStore,
  type MemoryObjectStore,
  storageFault,
} from '../../shared/storage/memory-object-store.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import type { HeadBuilder } from '../containers/container.ts';
import { Groups } from '../containers/groups.ts';
import {
  awayUntilTaken,
  failing,
  HLS,
  IN_MEMORY,
  INITIAL_HEAD,
  journaledFileOf,
  ladderOf,
  ledgerOf,
  planOf,
  recordingOf,
  START,
  settled,
} from '../recorder.fixture.ts';
import type { JournaledFile } from './ledger.ts';
import { MediaFile } from './media-file.ts';
import { TAIL_SECONDS } from './tail-timer.ts';

const MIB = 1024 * 1024;
const MEDIA = randomBytes(24 * MIB);
const KEY = journaledFileOf().key;

const finalHead = (mediaBytes: number) => Buffer.from(`<final ${mediaBytes}>`);

const openFile = (
  store: MemoryObjectStore = createMemoryObjectStore(),
  lower: Partial<Record<Location, ObjectStore>> = {},
  { ignoresUnnamedMedia = true, groups = new Groups() } = {},
) => {
  const around = ledgerOf(recordingOf(planOf({ hls: HLS })));
  const fenced = new AbortController();
  const ladder = ladderOf({ primary: store, ...lower }, { signal: fenced.signal });
  let seconds = 0;
  const head: HeadBuilder = {
    ...{ groups, ignoresUnnamedMedia },
    dropLastGroup: ({ soundAlone }) => {
      seconds = (groups.last?.position ?? 0) / MIB;
      return groups.last?.sound.slice(0, soundAlone) ?? [];
    },
    initialHead: () => INITIAL_HEAD,
    finalHead,
    durationMs: () => seconds * 1000,
    videoFrames: () => 0,
    audioFrames: () => 0,
  };
  const file = new MediaFile(journaledFileOf(), head, 1800, {
    ...{ ladder, overflow: IN_MEMORY, ledger: around.ledger },
    now: () => START,
  });
  let appended = 0;
  return {
    ...around,
    store,
    file,
    appended: () => appended,
    /** Appends the next bytes of `MEDIA`, at 1 MiB a second. */
    append: (length: number, beginsGroup = false): void => {
      const bytes = MEDIA.subarray(appended, appended + length);
      appended += bytes.length;
      seconds = appended / MIB;
      file.append(bytes);
      file.mark(beginsGroup);
    },
    item: () => around.files.item(file.fileId),
    /** Another recorder has it. */
    fence: (): void => {
      file.abandon();
      fenced.abort();
    },
    tick: () => vi.advanceTimersByTime(TAIL_SECONDS * 1000),
  };
};

const operations = ({ calls }: MemoryObjectStore) => calls.map(({ operation }) => operation);
const object = (store: MemoryObjectStore, key = KEY): Buffer | undefined => store.objects.get(key)?.body;
const finished = (bytes: number) => Buffer.concat([finalHead(bytes), MEDIA.subarray(0, bytes)]);
const never = () => new Promise<void>(() => undefined);

describe('A media file', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  describe('smaller than a part', () => {
    it('is put whole when it closes, and told as ready', async () => {
      const { store, append, file, item, sent } = openFile();
      append(MIB);
      append(2 * MIB);
      await file.close();
      expect(object(store)?.equals(finished(3 * MIB))).toBe(true);
      expect(store.objects.get(KEY)?.contentType).toBe('video/mp4');
      expect(item()).toMatchObject({
        state: 'ready',
        sizeBytes: finished(3 * MIB).length,
        durationSeconds: 3,
        readyAt: '2026-11-22T10:00:00.000Z',
      });
      expect(item()).not.toHaveProperty('journal');
      expect(sent.map(({ type }) => type)).toEqual(['file.opened', 'file.closed']);
      expect(operations(store)).not.toContain('CreateMultipartUpload');
    });

    it('is made durable as the held object, and only when there is something new', async () => {
      const { store, append, file, tick } = openFile();
      append(1000);
      tick();
      await settled();
      expect(object(store, 'work/held')?.equals(MEDIA.subarray(0, 1000))).toBe(true);
      tick();
      await settled();
      expect(operations(store)).toEqual(['PutObject']);
      append(1000);
      tick();
      await settled();
      expect(object(store, 'work/held')?.equals(MEDIA.subarray(0, 2000))).toBe(true);
      await file.close();
      expect([...store.objects.keys()]).toEqual([KEY]);
    });
  });

  describe('larger than a part', () => {
    it('goes up while it grows: held, then parts from number 2, and part 1 with the head last', async () => {
      const { store, append, file, item } = openFile();
      append(5 * MIB);
      append(5 * MIB);
      append(5 * MIB);
      append(MIB);
      await settled();
      const { uploadId = '' } = item().journal ?? {};
      expect(object(store, 'work/held')?.equals(MEDIA.subarray(0, 5 * MIB))).toBe(true);
      expect([...(store.uploads.get(uploadId)?.parts.keys() ?? [])]).toEqual([2, 3]);
      expect(file.unstoredBytes).toBe(MIB);
      await file.close();
      expect(object(store)?.equals(finished(16 * MIB))).toBe(true);
      expect(item()).toMatchObject({
        state: 'ready',
        sizeBytes: finished(16 * MIB).length,
        durationSeconds: 16,
      });
      expect([...store.objects.keys()]).toEqual([KEY]);
      expect(file.unstoredBytes).toBe(0);
    });

    it('needs no last part when the media end with a part', async () => {
      const { store, append, file } = openFile();
      append(5 * MIB);
      append(5 * MIB);
      await file.close();
      expect(object(store)?.equals(finished(10 * MIB))).toBe(true);
    });

    it('is one part when the media end with what is held', async () => {
      const { store, append, file } = openFile();
      append(6 * MIB);
      await file.close();
      expect(object(store)?.equals(finished(6 * MIB))).toBe(true);
    });

    it('puts what fills no part as a tail that says which part it would become', async () => {
      const { store, append, tick, file } = openFile();
      append(5 * MIB);
      append(5 * MIB);
      append(MIB);
      await settled();
      tick();
      await settled();
      expect(store.objects.get('work/tail')?.metadata).toEqual({ part: '3', 'duration-seconds': '11.000' });
      expect(object(store, 'work/tail')?.equals(MEDIA.subarray(10 * MIB, 11 * MIB))).toBe(true);
      file.abandon();
    });

    it('cuts parts and tails where units end, and only when one never does in the middle of it', async () => {
      const { store, append, file, tick } = openFile();
      append(6 * MIB);
      append(2 * MIB);
      file.append(MEDIA.subarray(8 * MIB, 12 * MIB));
      await settled();
      tick();
      await settled();
      expect(object(store, 'work/held')?.equals(MEDIA.subarray(0, 6 * MIB))).toBe(true);
      expect(object(store, 'work/tail')?.equals(MEDIA.subarray(6 * MIB, 8 * MIB))).toBe(true);
      expect(operations(store)).not.toContain('UploadPart');
      for (let count = 0; count < 4; count += 1) file.append(MEDIA.subarray(12 * MIB, 16 * MIB));
      await settled();
      expect(operations(store)).toContain('UploadPart');
      file.abandon();
    });

    it('does not pile up tails, nor puts any, while the storage is slow', async () => {
      const { store, append, tick, file } = openFile();
      append(5 * MIB);
      append(MIB);
      await settled();
      store.before = never;
      tick();
      append(MIB);
      tick();
      tick();
      await settled();
      expect(operations(store).filter((name) => name === 'PutObject')).toHaveLength(2);
      file.abandon();
    });
  });

  it('is the head and all media in order, however they are appended', { timeout: 30_000 }, async () => {
    const chunk = fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 0, max: 9 * MIB }));
    const step = fc.record({ chunk, waits: fc.boolean(), tick: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.nat(3), async (steps, faults) => {
        const { store, append, appended, file, tick } = openFile();
        store.before = failing('UploadPart', faults);
        for (const { chunk, waits, tick: ticks } of steps) {
          append(chunk);
          if (ticks) tick();
          if (waits) await settled();
        }
        await file.close();
        expect(object(store)?.equals(finished(appended()))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('closes from its journal with all that was durable, whenever it is dropped', {
    timeout: 30_000,
  }, async () => {
    const step = fc.oneof(
      fc.integer({ min: 1, max: 7 * MIB }).map((append) => ({ append })),
      fc.constant('tick' as const),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 9 }),
        fc.nat(14),
        fc.boolean(),
        fc.boolean(),
        async (steps, callsBefore, answered, closes) => {
          const { store, append, appended, file, tick, item, fence } = openFile();
          let durable = 0;
          let left = callsBefore;
          const stop = async (): Promise<void> => {
            if (left === 0) return never();
            left -= 1;
          };
          if (answered) store.before = stop;
          else store.after = stop;
          for (const each of steps) {
            if (each !== 'tick') append(each.append);
            else tick();
            await settled();
            if (each === 'tick' && left > 0) durable = appended();
          }
          if (closes) void file.close();
          await settled();
          fence();
          store.before = undefined;
          store.after = undefined;

          const left_ = item();
          if (left_.journal === undefined) return;
          const closed = await closeFromJournal(store, left_ as JournaledFile);
          const bytes = object(store);
          expect(closed?.sizeBytes).toBe(bytes?.length);
          const isFinal = bytes?.equals(finished(appended())) ?? false;
          const media = bytes?.subarray(INITIAL_HEAD.length) ?? Buffer.alloc(0);
          if (isFinal) return;
          expect(media.equals(MEDIA.subarray(0, media.length))).toBe(true);
          expect(media.length).toBeGreaterThanOrEqual(durable);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('loses nothing while the storage is away for a while', async () => {
    const { store, append, file, tick } = openFile();
    store.before = failing('PutObject', 4, 'unavailable');
    append(5 * MIB);
    append(5 * MIB);
    tick();
    await settled();
    store.before = failing('CompleteMultipartUpload', 4, 'denied');
    await file.close();
    expect(object(store)?.equals(finished(10 * MIB))).toBe(true);
  });

  it('loses nothing when only the answers are lost', async () => {
    const { store, append, file, item } = openFile();
    store.after = failing('CreateMultipartUpload', 1);
    append(5 * MIB);
    await settled();
    store.after = failing('UploadPart', 2);
    append(6 * MIB);
    await file.close();
    expect(object(store)?.equals(finished(11 * MIB))).toBe(true);
    expect(item().state).toBe('ready');
  });

  describe('whose storage does not answer', () => {
    const DENIED = () => {
      throw storageFault('denied', 'PutObject', 'AccessDenied');
    };
    it('is to be cleared away where only the answer was lost, though all of it is at home', async () => {
      const spool = createMemoryObjectStore();
      const { store, append, file, item, tick } = openFile(createMemoryObjectStore(), { spool });
      awayUntilTaken(store, spool);
      append(1000);
      tick();
      await vi.waitFor(() => {
        // What it is tried with may be there for a moment.
        for (const { objects } of [store, spool]) expect([...objects.keys()]).toEqual(['work/held']);
      });
      await file.close();
      expect(item()).toMatchObject({ state: 'ready', location: 'primary', away: { places: ['spool'] } });
    });

    it('moves to the next one as a whole when nothing of it is there, and is ready at once', async () => {
      const backup = createMemoryObjectStore();
      const { store, append, file, item, sent } = openFile(createMemoryObjectStore(['PutObject']), {
        backup,
      });
      append(6 * MIB);
      append(5 * MIB);
      await file.close();
      expect(object(backup)?.equals(finished(11 * MIB))).toBe(true);
      expect(item()).toMatchObject({
        ...{ state: 'ready', location: 'backup', bucket: 'second', key: KEY, locatedAt: START.toISOString() },
        away: { places: ['backup'], failures: 0, reason: { cause: 'storage', code: 'storage-denied' } },
      });
      expect(sent.map(({ type }) => type)).toEqual(['file.opened', 'file.closed']);
      expect(store.objects.size + store.uploads.size).toBe(0);
      expect(file.isSpent).toBe(false);
    });

    it('is put whole into the next one when it is small, under a key of that one', async () => {
      const spool = createMemoryObjectStore();
      const { append, file, item } = openFile(createMemoryObjectStore(['PutObject']), { spool });
      append(MIB);
      await file.close();
      expect(object(spool, 'rec_1/0001-mp4-0001.mp4')?.equals(finished(MIB))).toBe(true);
      expect(item()).toMatchObject({
        ...{ location: 'spool', bucket: 'spool', key: 'rec_1/0001-mp4-0001.mp4', homeKey: KEY },
      });
    });

    it('puts what is still to come of it elsewhere when its upload is there, and is spent', async () => {
      const backup = createMemoryObjectStore();
      const { store, append, file, item, sent } = openFile(createMemoryObjectStore(), { backup });
      append(5 * MIB);
      append(6 * MIB);
      await settled();
      store.before = DENIED;
      append(5 * MIB);
      await vi.waitFor(() => expect(file.isSpent).toBe(true));
      append(MIB);
      await file.close(endReason('codec-changed'));
      const { journal } = item();
      expect(item()).toMatchObject({
        ...{ state: 'waiting', location: 'primary', key: KEY, durationSeconds: 17 },
        away: { places: ['backup'], reason: { code: 'storage-denied' } },
        journal: { uploadId: expect.any(String) },
        reason: { code: 'codec-changed' },
      });
      expect(sent.map(({ type }) => type)).toEqual(['file.opened']);
      expect([...(store.uploads.get(journal?.uploadId ?? '')?.parts.keys() ?? [])]).toEqual([2]);
      expect([...backup.objects.keys()]).toEqual(['work/part-00003', 'work/part-00004', 'work/head']);
      expect(object(backup, 'work/head')?.equals(finalHead(17 * MIB))).toBe(true);
      expect(backup.objects.get('work/head')?.metadata).toEqual({
        'media-bytes': String(17 * MIB),
        'duration-seconds': '17.000',
      });
    });

    it('waits when only its end could not be written', async () => {
      const spool = createMemoryObjectStore();
      const { store, append, file, item } = openFile(createMemoryObjectStore(), { spool });
      append(5 * MIB);
      append(5 * MIB);
      append(MIB);
      await settled();
      store.before = DENIED;
      await file.close();
      expect(item()).toMatchObject({ state: 'waiting', location: 'primary', away: { places: ['spool'] } });
      expect([...spool.objects.keys()]).toEqual(['work/part-00003', 'work/head']);
    });

    it('uses whatever answers first when none does for long', async () => {
      const [backup, spool] = [
        createMemoryObjectStore(['PutObject']),
        createMemoryObjectStore(['PutObject']),
      ];
      const { store, append, file, item } = openFile(createMemoryObjectStore(), { backup, spool });
      append(5 * MIB);
      await settled();
      store.before = DENIED;
      append(6 * MIB);
      append(6 * MIB);
      const asked = store.calls.length;
      await vi.waitFor(() => expect(store.calls.length).toBeGreaterThan(asked + 2), { timeout: 5000 });
      expect(file.isSpent).toBe(false);
      expect(file.unstoredBytes).toBe(12 * MIB);
      store.before = undefined;
      await vi.waitFor(() => expect(file.unstoredBytes).toBeLessThan(3 * MIB));
      await file.close();
      expect(object(store)?.equals(finished(17 * MIB))).toBe(true);
      expect(item()).toMatchObject({ state: 'ready', location: 'primary' });
      expect(item()).not.toHaveProperty('away');
    });

    it('keeps every byte in its order, whatever fails when', { timeout: 60_000 }, async () => {
      const step = fc.record({
        chunk: fc.integer({ min: 0, max: 8 * MIB }),
        up: fc.boolean(),
        tick: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
          const backup = createMemoryObjectStore();
          const { store, append, appended, file, item, tick } = openFile(createMemoryObjectStore(), {
            backup,
          });
          const asked = (): number => store.calls.length + backup.calls.length;
          for (const { chunk, up, tick: ticks } of steps) {
            store.before = up ? undefined : DENIED;
            const before = asked();
            append(chunk);
            if (ticks) tick();
            // Whatever fails is tried again: storages are asked for as long as a whole part waits.
            await vi.waitFor(() => expect(asked() > before || file.unstoredBytes < 5 * MIB).toBe(true), {
              interval: 1,
            });
          }
          await file.close();
          const { state, location, journal } = item();
          if (state === 'ready') {
            expect(object(location === 'primary' ? store : backup)?.equals(finished(appended()))).toBe(true);
            return;
          }
          expect(state).toBe('waiting');
          const [home, away] = location === 'primary' ? [store, backup] : [backup, store];
          const parts = new Map(
            [...(home.uploads.get(journal?.uploadId ?? '')?.parts ?? [])].map(([number, { body }]) => [
              number,
              body,
            ]),
          );
          for (const [key, { body }] of away.objects) {
            const [, number] = /part-(\d+)$/.exec(key) ?? [];
            if (number !== undefined) parts.set(Number(number), body);
          }
          const inOrder = [...parts].sort(([one], [other]) => one - other).map(([, body]) => body);
          const media = Buffer.concat([object(home, 'work/held') ?? Buffer.alloc(0), ...inOrder]);
          expect(media.equals(MEDIA.subarray(0, appended()))).toBe(true);
          expect(object(away, 'work/head')?.equals(finalHead(appended()))).toBe(true);
        }),
        { numRuns: 15 },
      );
    });

    it('forgets a part whose upload somebody else has ended, and is left to them', async () => {
      const { store, append, file, item } = openFile();
      append(5 * MIB);
      await settled();
      await store.abortUpload(KEY, item().journal?.uploadId ?? '');
      append(5 * MIB);
      await vi.waitFor(() => expect(file.isSpent).toBe(true));
      expect(file.unstoredBytes).toBe(0);
      await file.close();
      expect(item()).toMatchObject({ state: 'recording', reason: { cause: 'storage' } });
    });

    it('is put together with what the storage lists when it answered with wrong ETags', async () => {
      const store = createMemoryObjectStore();
      const { uploadPart } = store;
      const lying: ObjectStore = {
        ...store,
        within: () => lying,
        uploadPart: async (...args) => ({ ...(await uploadPart(...args)), etag: '"wrong"' }),
      };
      const { append, file, item } = openFile({ ...store, ...lying });
      append(5 * MIB);
      append(6 * MIB);
      await file.close();
      expect(item().state).toBe('ready');
      expect(object(store)?.equals(finished(11 * MIB))).toBe(true);
    });
  });

  it('writes nothing more and tells its owner when another recorder has it', async () => {
    const { store, append, file, files, item, onFenced } = openFile();
    await settled();
    await files.write({ ...item(), epoch: 4 }, 3);
    append(MIB);
    await file.close();
    expect(onFenced).toHaveBeenCalled();
    expect(item()).toMatchObject({ state: 'recording', epoch: 4 });
    expect(item()).not.toHaveProperty('reason');

    const {
      store: other,
      append: appendOther,
      file: second,
      files: table,
      item: row,
      onFenced: told,
    } = openFile();
    await settled();
    await table.write({ ...row(), epoch: 4 }, 3);
    appendOther(5 * MIB);
    appendOther(5 * MIB);
    await second.close();
    expect(told).toHaveBeenCalled();
    expect(operations(other)).not.toContain('UploadPart');
    expect(object(other)).toBeUndefined();
    expect(operations(store)).not.toContain('DeleteObject');
  });

  it('never opens twice', async () => {
    const { files } = ledgerOf(recordingOf(planOf({ hls: HLS })));
    await files.open(journaledFileOf('mp4', { key: 'somebody else' }));
    const store = createMemoryObjectStore();
    const { ledger, onFenced } = ledgerOf(recordingOf(planOf({ hls: HLS })), files);
    const head = {
      ...openFile().file,
      durationMs: () => 0,
      initialHead: () => INITIAL_HEAD,
    } as unknown as HeadBuilder;
    const file = new MediaFile(journaledFileOf(), head, 60, {
      ...{ ladder: ladderOf({ primary: store }), overflow: IN_MEMORY, ledger },
      now: () => START,
    });
    file.append(MEDIA.subarray(0, 10));
    await file.close();
    expect(onFenced).toHaveBeenCalled();
    expect(store.calls).toEqual([]);
  });

  it('is abandoned at once: no more requests, nothing kept, no timer', async () => {
    const { store, append, file, item } = openFile();
    append(5 * MIB);
    append(MIB);
    await settled();
    const before = store.calls.length;
    const timers = vi.getTimerCount();
    file.abandon();
    append(6 * MIB);
    await file.close();
    expect(store.calls).toHaveLength(before);
    expect(file.unstoredBytes).toBe(0);
    expect(vi.getTimerCount()).toBe(timers - 1);
    expect(item()).toMatchObject({ state: 'recording', journal: { uploadId: expect.any(String) } });
    expect(item()).not.toHaveProperty('reason');
  });

  it('waits a little longer with its tail for the group of pictures that a part ends before', async () => {
    const { store, append, tick } = openFile(createMemoryObjectStore(), {}, { ignoresUnnamedMedia: false });
    append(6 * MIB);
    tick();
    await settled();
    expect(store.calls).toEqual([]);
    append(1000, true);
    await settled();
    expect(object(store, 'work/held')?.length).toBe(6 * MIB + 1000);
    append(6 * MIB);
    tick();
    vi.advanceTimersByTime(2000);
    await settled();
    expect(object(store, 'work/tail')?.length).toBe(6 * MIB);
  });

  describe('of which the next one has the last group of pictures too', () => {
    /** Groups of one picture each, no two alike. */
    const opened = (ignoresUnnamedMedia: boolean, ...positions: readonly number[]) => {
      const groups = new Groups();
      for (const [index, position] of positions.entries()) groups.addFrame(index + 1, position);
      return openFile(createMemoryObjectStore(), {}, { ignoresUnnamedMedia, groups });
    };
    const close = ({ file }: ReturnType<typeof opened>) => file.close(undefined, { soundAlone: 0 });

    it('ends before it', async () => {
      const it = opened(false, 0, 7 * MIB);
      it.append(6 * MIB, true);
      it.append(2 * MIB);
      await close(it);
      expect(object(it.store)?.equals(finished(7 * MIB))).toBe(true);
      expect(it.item()).toMatchObject({ durationSeconds: 7, sizeBytes: finished(7 * MIB).length });
    });

    it('keeps the sound of it that does not come once more', async () => {
      const groups = new Groups();
      groups.addFrame(1, 0);
      groups.addFrame(2, 7 * MIB);
      for (const position of [7.25, 7.5, 7.75]) groups.addSound({ position: position * MIB, bytes: 1000 });
      const it = openFile(createMemoryObjectStore(), {}, { ignoresUnnamedMedia: false, groups });
      it.append(6 * MIB, true);
      it.append(2 * MIB);
      await it.file.close(undefined, { soundAlone: 2 });
      const sound = [7.25, 7.5].map((position) => MEDIA.subarray(position * MIB, position * MIB + 1000));
      const media = Buffer.concat([MEDIA.subarray(0, 7 * MIB), ...sound]);
      expect(object(it.store)?.equals(Buffer.concat([finalHead(media.length), media]))).toBe(true);
    });

    it('keeps it where it cannot be left out, as a part of it is stored', async () => {
      const it = opened(false, 0, MIB);
      // Longer than two parts: it does not wait for its end.
      for (let each = 0; each < 12; each++) it.append(MIB);
      await close(it);
      expect(object(it.store)?.equals(finished(12 * MIB))).toBe(true);
      expect(it.item().durationSeconds).toBe(12);
    });

    it('only does not name it where its head names what counts', async () => {
      const it = opened(true, 0, 4 * MIB);
      it.append(6 * MIB);
      it.append(MIB);
      await close(it);
      expect(object(it.store)?.equals(finished(6 * MIB))).toBe(true);
      expect(it.item().durationSeconds).toBe(4);
    });

    it('keeps it when there is nothing else', async () => {
      const it = opened(true, 0);
      it.append(MIB);
      await close(it);
      expect(object(it.store)?.equals(finished(MIB))).toBe(true);
    });
  });

  describe('tells when what it has is stored', () => {
    const heard = (stored: Promise<boolean>) => {
      const said: boolean[] = [];
      void stored.then((isStored) => said.push(isStored));
      return said;
    };

    it('as a tail, as a part, or with its end', async () => {
      const { append, file, tick } = openFile();
      append(1000);
      const asTail = heard(file.whenStored());
      await settled();
      expect(asTail).toEqual([]);
      tick();
      await settled();
      expect(asTail).toEqual([true]);
      append(6 * MIB);
      expect(await file.whenStored()).toBe(true);
      append(1000);
      const withEnd = heard(file.whenStored());
      await settled();
      expect(withEnd).toEqual([]);
      await file.close();
      expect(withEnd).toEqual([true]);
    });

    it('or that it never will be', async () => {
      const { append, file, fence } = openFile();
      append(1000);
      const stored = heard(file.whenStored());
      fence();
      await settled();
      expect(stored).toEqual([false]);
      expect(await file.whenStored()).toBe(false);
    });
  });

  it('carries the reason for which it ended', async () => {
    const { append, file, item } = openFile();
    append(10);
    await file.close(endReason('max-duration'));
    expect(item().reason).toEqual(endReason('max-duration'));
  });

  it('is ready although its work objects cannot be cleared away', async () => {
    const { store, append, file, item, log, tick } = openFile();
    store.before = failing('DeleteObject', 2, 'denied');
    append(10);
    tick();
    await file.close();
    expect(item().state).toBe('ready');
    expect(log.warn).toHaveBeenCalled();
  });

  it('clears away what it has put, and asks for nothing else to be deleted', async () => {
    const deletes = async (...pieces: number[]) => {
      const { store, append, file, tick } = openFile();
      for (const size of pieces) {
        append(size);
        tick();
        await settled();
      }
      await file.close();
      return store.calls.filter(({ operation }) => operation === 'DeleteObject').map(({ key }) => key);
    };
    const [held, tail] = [expect.stringMatching(/held$/), expect.stringMatching(/tail$/)];
    expect(await deletes()).toEqual([]);
    expect(await deletes(10)).toEqual([held]);
    expect(await deletes(6 * MIB, 10)).toEqual([held, tail]);
  });
});
