import { describe, expect, it, vi } from 'vitest';
import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import type { Location, RecordingFile } from '../../shared/schemas/recording.ts';
import {
  createMemoryObjectStore,
  type MemoryObjectStore,
  storageFault,
} from '../../shared/storage/memory-object-store.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import { createMemoryFiles } from '../../shared/table/files.fixture.ts';
import {
  awayUntilTaken,
  failing,
  fileOf,
  HLS,
  IN_MEMORY,
  ladderOf,
  ledgerOf,
  planOf,
  recordingOf,
  START,
  settled,
  takenOf,
} from '../recorder.fixture.ts';

import { HlsFile, type HlsFileStart } from './hls-file.ts';

const KEY = 'show/one.m3u8';
const FILE = fileOf('hls');

const open = ({
  store = createMemoryObjectStore(),
  start = {} as Partial<HlsFileStart>,
  capture = 1,
  segmentSeconds = 10,
  lower = {} as Partial<Record<Location, ObjectStore>>,
  table = [] as RecordingFile[],
} = {}) => {
  const around = ledgerOf(recordingOf(planOf({ hls: HLS })), createMemoryFiles(...table));
  let now = 0;
  const file = new HlsFile({ file: FILE, opened: true, ...start }, capture, segmentSeconds, {
    ...{ ladder: ladderOf({ primary: store, ...lower }), overflow: IN_MEMORY, ledger: around.ledger },
    now: () => START,
    monotonicNow: () => now,
  });
  return {
    ...around,
    store,
    file,
    /** Appends a segment that took `seconds` of real time. */
    append: async (seconds: number, text = 'ts') => {
      now += seconds * 1000;
      file.append(takenOf(text), { durationSeconds: seconds });
      await settled();
    },
    now: () => now,
    text: () => store.objects.get(KEY)?.body.toString() ?? '',
    listed: () =>
      parsePlaylist(store.objects.get(KEY)?.body.toString() ?? '')?.segments.map(({ uri }) => uri),
  };
};

describe('An HLS file', () => {
  it('stores segments under the capture’s own names and lists them, relative to the playlist', async () => {
    const { store, file, append, text, files, sent } = open({ capture: 2 });
    await append(10, 'first');
    await append(9.5, 'second');
    await file.close();
    expect([...store.objects.keys()]).toEqual(['show/one/0002-000001.ts', KEY, 'show/one/0002-000002.ts']);
    expect(store.objects.get('show/one/0002-000001.ts')).toMatchObject({
      contentType: 'video/mp2t',
      metadata: { 'duration-seconds': '10' },
    });
    expect(store.objects.get(KEY)).toMatchObject({
      contentType: 'application/vnd.apple.mpegurl',
      cacheControl: 'no-cache',
    });
    expect(text()).toContain('#EXTINF:9.500000,\none/0002-000002.ts\n#EXT-X-ENDLIST');
    expect(files.item(FILE.fileId)).toMatchObject({ state: 'ready', sizeBytes: 11, durationSeconds: 19.5 });
    expect(sent.map(({ type }) => type)).toEqual(['file.opened', 'file.closed']);
  });

  it.each([
    ['comes again', 'k7', 'k7', false],
    ['does not come again', 'k7', 'k8', true],
    ['is not followed by anything', 'k7', undefined, true],
    ['looks like others', undefined, 'k7', true],
    ['looks like others, and is not followed by anything', undefined, undefined, true],
  ])(
    'keeps a segment back, and lists it unless what it begins with %s',
    async (_, fingerprint, begins, isListed) => {
      const { file, append, listed } = open();
      await append(10);
      const about = { durationSeconds: 2 };
      file.withhold({ media: takenOf('kept'), about, ...(fingerprint === undefined ? {} : { fingerprint }) });
      expect([file.withholds, file.withheld]).toEqual([true, fingerprint]);
      file.settle(begins);
      expect(file.withholds).toBe(false);
      await file.close();
      expect(listed()?.length).toBe(isListed ? 2 : 1);
    },
  );

  it('lists a segment only when it is stored', async () => {
    const { store, append, listed } = open();
    store.before = ({ operation, key }) =>
      operation === 'PutObject' && key.endsWith('2.ts') ? new Promise<void>(() => undefined) : undefined;
    await append(30);
    await append(30);
    expect(listed()).toEqual(['one/0001-000001.ts']);
  });

  it.each([[2], [4], [9], [10], [12]])(
    'is never more than 30 s behind with segments of %d s, and is not written with each of them',
    async (seconds) => {
      const { store, append, listed } = open({ segmentSeconds: seconds });
      let listedUpTo = 0;
      for (let count = 1; count * seconds <= 120; count += 1) {
        await append(seconds);
        const length = (listed()?.length ?? 0) * seconds;
        // Just before the next segment comes, with a second for it to be stored.
        const before = (count + 1) * seconds + 1;
        expect(before - length - 1e-9).toBeLessThanOrEqual(30);
        listedUpTo = length;
      }
      expect(listedUpTo).toBeGreaterThan(60);
      const writes = store.calls.filter(({ key }) => key === KEY).length;
      expect(writes).toBeLessThan(120 / seconds);
    },
  );

  it('goes on with a playlist that it adopted, on what was read', async () => {
    const store = createMemoryObjectStore();
    const before = open({ store });
    await before.append(10);
    await before.file.leave();
    const file = before.files.item(FILE.fileId);
    const after = open({ store, start: { file, opened: false }, capture: 2, table: [file] });
    expect(after.file.durationSeconds).toBe(10);
    await after.append(7);
    await after.file.close();
    expect(after.listed()).toEqual(['one/0001-000001.ts', 'one/0002-000001.ts']);
    expect(after.files.item(FILE.fileId)).toMatchObject({
      state: 'ready',
      durationSeconds: 17,
      sizeBytes: 4,
    });
  });

  it('knows how long a playlist is that a killed recorder left, as soon as it has read it', async () => {
    const store = createMemoryObjectStore();
    const before = open({ store });
    await before.append(10);
    await before.append(10);
    const after = open({ store, start: { file: FILE, opened: false }, capture: 2, table: [FILE] });
    expect(after.file.durationSeconds).toBe(0);
    await after.append(7);
    expect(after.file.durationSeconds).toBe(27);
  });

  it('leaves the playlist complete and open, and the file open', async () => {
    const { file, append, text, listed, files } = open();
    await append(10);
    await append(10);
    await file.leave();
    expect(listed()).toHaveLength(2);
    expect(text()).not.toContain('ENDLIST');
    expect(files.item(FILE.fileId).state).toBe('recording');
  });

  it('is fenced when somebody else has written the playlist', async () => {
    const { store, file, append, text, files } = open();
    await append(10);
    await store.put(KEY, Buffer.from('of the successor'));
    await append(30);
    expect(file.failed).toBe(true);
    await file.close();
    expect(text()).toBe('of the successor');
    expect(files.item(FILE.fileId)).toEqual(FILE);
  });

  it('does not take its own write, whose answer was lost, for somebody else’s', async () => {
    const store = createMemoryObjectStore();
    const { file, append, listed, files } = open({ store });
    await append(10);
    let lose = true;
    store.after = ({ operation, key }) => {
      if (operation !== 'PutObject' || key !== KEY || !lose) return;
      lose = false;
      failing('PutObject', 1)({ operation });
    };
    await append(30);
    expect(lose).toBe(false);
    await append(30);
    await file.close();
    expect(listed()).toHaveLength(3);
    expect(files.item(FILE.fileId).state).toBe('ready');
  });

  it('takes the answer with a wrong ETag to a write of its own for no conflict', async () => {
    const store = createMemoryObjectStore();
    const put = store.put;
    const lying = {
      ...store,
      within: () => lying,
      put: async (...args: Parameters<typeof put>) => `"not-${await put(...args)}"`,
    };
    const { file, append, files, text } = open({ store: lying });
    for (let count = 0; count < 4; count += 1) await append(30);
    await file.close();
    expect(text().match(/EXTINF/g)).toHaveLength(4);
    expect(files.item(FILE.fileId).state).toBe('ready');
  });

  describe('whose storage does not answer', () => {
    const away = (from: number, to: number) => {
      let puts = 0;
      return ({ operation, key }: { operation: string; key: string }): void => {
        if (operation === 'PutObject' && key.endsWith('.ts')) puts += 1;
        if (puts >= from && puts <= to) throw storageFault('denied', operation, 'AccessDenied');
      };
    };
    const segmentsOf = (store: MemoryObjectStore) =>
      [...store.objects.keys()].filter((key) => key.endsWith('.ts'));

    it('goes on in the next one, with a playlist of what is there, and says so', async () => {
      const [backup, spool] = [createMemoryObjectStore(), createMemoryObjectStore()];
      const { store, file, append, files, sent } = open({ lower: { backup, spool } });
      await append(10);
      store.before = away(1, 1000);
      await append(10);
      await vi.waitFor(() => expect(segmentsOf(backup)).toHaveLength(1));
      await append(10);
      await vi.waitFor(() => expect(segmentsOf(backup)).toHaveLength(2));
      expect(files.item(FILE.fileId)).toMatchObject({
        ...{
          state: 'recording',
          location: 'backup',
          bucket: 'second',
          key: KEY,
          locatedAt: START.toISOString(),
        },
        away: { places: ['backup'], failures: 0, reason: { cause: 'storage', code: 'storage-denied' } },
      });
      await file.close();
      expect(files.item(FILE.fileId)).toMatchObject({
        state: 'ready',
        location: 'backup',
        durationSeconds: 30,
      });
      expect(sent.map(({ type }) => type)).toEqual(['file.opened', 'file.closed']);
      expect(segmentsOf(store)).toEqual(['show/one/0001-000001.ts']);
      const playlist = parsePlaylist(backup.objects.get(KEY)?.body.toString() ?? '');
      expect(playlist).toMatchObject({ ended: true });
      expect(playlist?.segments.map(({ uri }) => uri)).toEqual(['one/0001-000002.ts', 'one/0001-000003.ts']);
      expect(spool.objects.size).toBe(0);
    });

    it('goes down as far as the spool, where keys are its own, and comes back by itself', async () => {
      const [backup, spool] = [createMemoryObjectStore(['PutObject']), createMemoryObjectStore()];
      const { store, file, append, files, listed } = open({ lower: { backup, spool } });
      await append(10);
      store.before = () => {
        throw storageFault('unavailable', 'PutObject');
      };
      await append(10);
      await vi.waitFor(() => expect(segmentsOf(spool)).toEqual(['rec_1/0001-hls-0001/0001-000002.ts']));
      store.before = undefined;
      await vi.waitFor(async () => {
        await append(10);
        expect(segmentsOf(store).length).toBeGreaterThan(1);
      });
      await file.close();
      expect(files.item(FILE.fileId)).toMatchObject({
        ...{ state: 'ready', location: 'spool', key: 'rec_1/0001-hls-0001.m3u8', homeKey: KEY },
        away: { places: ['spool'] },
      });
      expect(listed()).toEqual(segmentsOf(store).map((key) => key.slice('show/'.length)));
      expect(spool.objects.get('rec_1/0001-hls-0001.m3u8')?.body.toString()).toContain('ENDLIST');
    });

    it('is to be cleared away where only the answer was lost, though all of it is at home', async () => {
      const spool = createMemoryObjectStore();
      const { store, file, append, files } = open({ lower: { spool } });
      awayUntilTaken(store, spool);
      await append(10);
      await vi.waitFor(() => expect(segmentsOf(store)).toHaveLength(1));
      expect(segmentsOf(spool)).toHaveLength(1);
      await file.close();
      expect(files.item(FILE.fileId)).toMatchObject({
        ...{ state: 'ready', location: 'primary' },
        away: { places: ['spool'] },
      });
    });

    it('waits for its storage when only its end could not be written', async () => {
      const { store, file, append, files } = open({ lower: { spool: createMemoryObjectStore() } });
      await append(10);
      await append(10);
      vi.useFakeTimers({ toFake: ['performance'], advanceTimeDelta: 1 });
      store.before = ({ key }) => {
        vi.advanceTimersByTime(30_000);
        if (key === KEY) throw storageFault('unavailable', 'PutObject');
      };
      await file.close();
      vi.useRealTimers();
      expect(files.item(FILE.fileId)).toMatchObject({
        state: 'waiting',
        location: 'primary',
        away: { places: [] },
      });
    });
  });

  it('counts what waits for the storage', async () => {
    const { store, file, append } = open();
    store.before = () => new Promise<void>(() => undefined);
    await append(10, '12345');
    await append(10, '678');
    expect(file.unstoredBytes).toBe(8);
  });

  it('writes nothing any more once it is abandoned', async () => {
    const { store, file, append } = open();
    await append(10);
    const before = store.calls.length;
    file.abandon();
    await append(30);
    await file.close();
    expect(store.calls).toHaveLength(before);
  });
});
