import { describe, expect, it } from 'vitest';
import { loadHls, segmentMetadata } from '../closing/hls-journal.ts';
import { closeFromJournal, tailMetadata } from '../closing/media-journal.ts';
import { parsePlaylist } from '../hls/parse-playlist.ts';
import { newRecording } from '../recordings/recording.fixture.ts';
import type { Recording, RecordingFile } from '../schemas/recording.ts';
import { storageFault } from '../storage/memory-object-store.ts';
import { createHomeWorld } from './home.fixture.ts';

const MIB = 1024 * 1024;
const AT = '2026-11-22T11:00:00.000Z';
const HEAD = Buffer.from('<initial>');
const PART = Buffer.alloc(5 * MIB, 'p');

const fileOf = (more: Partial<RecordingFile> = {}): RecordingFile => ({
  recordId: 'rec_1',
  fileId: 'f1',
  format: 'mp4',
  bucket: 'media',
  key: 'one.mp4',
  state: 'recording',
  location: 'primary',
  sizeBytes: 0,
  durationSeconds: 0,
  startedAt: AT,
  epoch: 3,
  ...more,
});
const journaled = (uploadId?: string, more: Partial<RecordingFile> = {}) => ({
  ...fileOf(more),
  journal: {
    initialHead: HEAD.toString('base64'),
    heldKey: '.streamkeep/rec_1/f1/held',
    tailKey: '.streamkeep/rec_1/f1/tail',
    ...(uploadId === undefined ? {} : { uploadId }),
  },
});
const hls = fileOf({ format: 'hls', key: 'a/one.m3u8' });

const recordingOf = (more: Partial<Recording> = {}): Recording =>
  newRecording({ state: 'completing', startedAt: AT, epoch: 4, captures: 1, revision: 1, ...more });

const open = (file: RecordingFile) => {
  const { primary: store, files, close } = createHomeWorld(file);
  return { store, files, close: (recording = recordingOf()) => close(recording, file.fileId) };
};

/** An upload whose parts 2 to `last` are there. */
const openUpload = async (last: number) => {
  const context = open(journaled());
  const { store, files } = context;
  const uploadId = await store.createUpload('one.mp4', 'video/mp4');
  const file = journaled(uploadId);
  await files.write(file);
  await store.put('.streamkeep/rec_1/f1/held', PART, { metadata: tailMetadata(1, 5) });
  for (let number = 2; number <= last; number += 1) await store.uploadPart('one.mp4', uploadId, number, PART);
  return { ...context, uploadId, file, body: () => store.objects.get('one.mp4')?.body };
};

const expected = (...media: Buffer[]) => Buffer.concat([HEAD, ...media]);

describe('Closing an abandoned file', () => {
  it('makes a small one of its head and what was held', async () => {
    const { store, files, close } = open(journaled());
    await store.put('.streamkeep/rec_1/f1/held', Buffer.from('media'), { metadata: tailMetadata(1, 4.2) });
    expect(await close()).toMatchObject({
      state: 'ready',
      sizeBytes: HEAD.length + 5,
      durationSeconds: 4.2,
      readyAt: AT,
      epoch: 4,
    });
    expect(files.item('f1')).not.toHaveProperty('journal');
    expect(store.objects.get('one.mp4')?.body.toString()).toBe('<initial>media');
    expect([...store.objects.keys()]).toEqual(['one.mp4']);
  });

  it('keeps a small one that its recorder had put whole and not told', async () => {
    const { store, close } = open(journaled());
    await store.put('.streamkeep/rec_1/f1/held', Buffer.from('media'), { metadata: tailMetadata(1, 4) });
    await store.put('one.mp4', Buffer.from('<final head>media and more'), {
      metadata: { 'duration-seconds': '9.5' },
    });
    expect(await close()).toMatchObject({ state: 'ready', durationSeconds: 9.5 });
    expect(store.objects.get('one.mp4')?.body.toString()).toBe('<final head>media and more');
  });

  it('completes an upload of held media, parts and a fresh tail', async () => {
    const { store, close, body } = await openUpload(3);
    await store.put('.streamkeep/rec_1/f1/tail', Buffer.from('tail'), { metadata: tailMetadata(4, 17) });
    expect(await close()).toMatchObject({ state: 'ready', durationSeconds: 17, sizeBytes: body()?.length });
    expect(body()?.equals(expected(PART, PART, PART, Buffer.from('tail')))).toBe(true);
    expect([...store.objects.keys()]).toEqual(['one.mp4']);
    expect(store.uploads.size).toBe(0);
  });

  it('leaves out a tail whose media are in a part already', async () => {
    const { store, close, body } = await openUpload(3);
    await store.put('.streamkeep/rec_1/f1/tail', Buffer.from('stale'), { metadata: tailMetadata(3, 12) });
    await close();
    expect(body()?.equals(expected(PART, PART, PART))).toBe(true);
  });

  it('ends before a gap, behind which the media would be torn', async () => {
    const { store, close, body, uploadId } = await openUpload(2);
    await store.uploadPart('one.mp4', uploadId, 4, PART);
    await store.uploadPart('one.mp4', uploadId, 5, PART);
    await close();
    expect(body()?.equals(expected(PART, PART))).toBe(true);
  });

  it('can be repeated after a crash at any operation', async () => {
    for (let last = 0; last < 12; last += 1) {
      const { store, files, close, body } = await openUpload(2);
      await store.put('.streamkeep/rec_1/f1/tail', Buffer.from('tail'), { metadata: tailMetadata(3, 11) });
      let left = last;
      store.after = ({ operation }) => {
        if (left === 0) throw storageFault('unavailable', operation);
        left -= 1;
      };
      const first = await close().catch(() => 'crashed');
      store.after = undefined;
      if (first === 'crashed') await close();
      expect(files.item('f1')).toMatchObject({ state: 'ready', durationSeconds: 11 });
      expect(body()?.equals(expected(PART, PART, Buffer.from('tail')))).toBe(true);
    }
  });

  it('saves what is held when the upload is gone', async () => {
    const { store, close, uploadId, body } = await openUpload(3);
    await store.abortUpload('one.mp4', uploadId);
    expect(await close()).toMatchObject({ state: 'ready', durationSeconds: 5 });
    expect(body()?.equals(expected(PART))).toBe(true);
  });

  it('fails a file of which nothing was stored', async () => {
    const { store, close } = open(journaled());
    expect(await close()).toMatchObject({
      state: 'failed',
      reason: { cause: 'ours', code: 'recorder-lost' },
    });
    expect(store.objects.size).toBe(0);
  });

  it('keeps its hands off a file that its recorder is at', async () => {
    const { store, files, close } = open(journaled());
    await store.put('.streamkeep/rec_1/f1/held', Buffer.from('media'));
    expect(await close(recordingOf({ state: 'recording', owner: 'rcd_1', epoch: 3 }))).toBeUndefined();
    expect(files.item('f1')).toEqual(journaled());
    expect([...store.objects.keys()]).toEqual(['.streamkeep/rec_1/f1/held']);
  });

  it('keeps its hands off a file of a recorder that hands over, until that has said its last word', async () => {
    const { files, close, store } = open(journaled());
    await store.put('.streamkeep/rec_1/f1/held', Buffer.from('media'));
    const handover = { epoch: 3, owner: 'rcd_1' };
    for (const state of ['recording', 'completing'] as const) {
      expect(await close(recordingOf({ state, owner: 'rcd_2', handover }))).toBeUndefined();
    }
    expect(files.item('f1')).toEqual(journaled());
    const left = { ...handover, over: {}, left: true as const };
    expect(await close(recordingOf({ state: 'recording', owner: 'rcd_2', handover: left }))).toMatchObject({
      state: 'ready',
    });
  });

  it('seals the file first, so that a recorder that was only slow is refused', async () => {
    const { store, files, close } = open(journaled());
    await store.put('.streamkeep/rec_1/f1/held', Buffer.from('media'));
    store.before = () => {
      throw storageFault('unavailable', 'GetObject');
    };
    await expect(close()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await files.write(journaled(), 3)).toBe(false);
    expect(files.item('f1')).toMatchObject({ state: 'recording', epoch: 4 });
  });

  it('does nothing to a file that is closed or unknown', async () => {
    const { store, close } = open(fileOf({ state: 'ready' }));
    expect(await close()).toBeUndefined();
    expect(store.calls).toEqual([]);
  });
});

describe('Closing an abandoned playlist', () => {
  const segment = (number: number) => `a/one/0001-00000${number}.ts`;
  const about = { durationSeconds: 10, programDateTime: AT };

  it('lists every segment that is stored, and ends', async () => {
    const { store, close } = open(hls);
    for (const number of [1, 2, 3]) {
      await store.put(segment(number), Buffer.from('ts'), { metadata: segmentMetadata(about) });
    }
    const text = `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10.000000,\none/0001-000001.ts\n`;
    await store.put(hls.key, Buffer.from(text));
    expect(await close()).toMatchObject({ state: 'ready', sizeBytes: 6, durationSeconds: 30 });
    const playlist = parsePlaylist(store.objects.get(hls.key)?.body.toString() ?? '');
    expect(playlist?.ended).toBe(true);
    expect(playlist?.segments).toEqual([
      { uri: 'one/0001-000001.ts', durationSeconds: 10 },
      { uri: 'one/0001-000002.ts', ...about },
      { uri: 'one/0001-000003.ts', ...about },
    ]);
  });

  it('takes in nothing of another recording that has its folder inside', async () => {
    const { store } = open(hls);
    const metadata = segmentMetadata({ durationSeconds: 10 });
    for (const key of ['a/one/0001-000001.ts', 'a/one/other/0001-000001.ts', 'a/one/other.mp4']) {
      await store.put(key, Buffer.from('ts'), { metadata });
    }
    const { playlist, sizeBytes } = await loadHls(store, hls.key);
    expect(playlist.segments).toEqual([{ uri: 'one/0001-000001.ts', durationSeconds: 10 }]);
    expect(sizeBytes).toBe(2);
  });

  it('rebuilds a playlist that is missing or torn', async () => {
    const { store } = open(hls);
    await store.put(segment(1), Buffer.from('ts'), {
      metadata: segmentMetadata({ ...about, discontinuity: true }),
    });
    await store.put('a/one/notes.txt', Buffer.from('not ours'));
    const rebuilt = [{ uri: 'one/0001-000001.ts', ...about, discontinuity: true }];
    expect((await loadHls(store, hls.key)).playlist.segments).toEqual(rebuilt);
    await store.put(hls.key, Buffer.from('#EXTM3U\n#EXTINF:10,'));
    const { playlist, sizeBytes, etag } = await loadHls(store, hls.key);
    expect(playlist.segments).toEqual(rebuilt);
    expect(sizeBytes).toBe(2);
    expect(etag).toBe(store.objects.get(hls.key)?.etag);
  });

  it('fails one that has no segment', async () => {
    const { store, close } = open(hls);
    expect(await close()).toMatchObject({ state: 'failed' });
    expect(store.objects.size).toBe(0);
  });
});

describe('Closing from a journal', () => {
  it('gives up when the held object is gone although the upload is there', async () => {
    const { store, file } = await openUpload(3);
    await store.delete('.streamkeep/rec_1/f1/held');
    expect(await closeFromJournal(store, file)).toBeUndefined();
    expect(store.uploads.size).toBe(1);
  });
});
