import { beforeEach, describe, expect, it } from 'vitest';
import { deleteRecording } from '../../shared/deletion/delete-recording.ts';
import { manifestKeyOf } from '../../shared/recordings/folder.ts';
import { fileNotice, recordingNotice } from '../../shared/recordings/transition.ts';
import { manifestSchema } from '../../shared/schemas/manifest.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { createMemoryObjectStore, storageFault } from '../../shared/storage/memory-object-store.ts';
import { useTable } from '../../test/support/table.ts';
import { createWorld, fileWith, recordingWith, type World } from '../common/world.fixture.ts';
import { queueOverdueManifests } from '../sweeper/overdue-manifests.ts';
import { createCompletion } from './publish.ts';
import { createManifestWriter } from './write-manifest.ts';

const table = useTable();
let world: World;
let recordId: string;
let number = 0;
let recording: Recording;
let store: ReturnType<typeof createMemoryObjectStore>;
/** What happened, in order. */
let told: string[];

beforeEach(async () => {
  world = createWorld(table);
  number += 1;
  recordId = `rec_m${number}`;
  recording = recordingWith({ recordId, state: 'completed', endedAt: world.clock.at(60) });
  store = createMemoryObjectStore();
  told = [];
  store.after = ({ operation, key }) => void told.push(`${operation} ${key.split('/').at(-1)}`);
  await world.ports.recordings.create(recording);
});

const ports = () => ({ ...world.ports, storeOf: () => store });
const complete = () =>
  createCompletion({
    ...world.ports,
    manifest: createManifestWriter(ports()),
    startRuns: { forNotice: async () => undefined, forEnded: async () => undefined },
    fanOut: async ({ type }) => void told.push(`told ${type}`),
    publish: async ({ type }) => void told.push(`published ${type}`),
  });
const aFile = async (changes: Partial<RecordingFile> = {}): Promise<RecordingFile> => {
  const file = fileWith({ recordId, state: 'ready', durationSeconds: 60, sizeBytes: 100, ...changes });
  await world.ports.files.open(file);
  return file;
};
const owed = () => world.ports.manifests.get(recordId);
const written = () => {
  const object = store.objects.get(manifestKeyOf(recording));
  return object && manifestSchema.parse(JSON.parse(object.body.toString()));
};
const end = async (): Promise<void> => {
  const notice = recordingNotice(recording, 'recording.ended', world.clock.at(61));
  await world.ports.notices.add(notice);
  await complete()({ recordId, noticeId: notice.noticeId });
};

describe('the manifest of a recording', () => {
  it('is written once, before its end is told, and owes nothing', async () => {
    await aFile();
    await end();
    expect(told).toEqual(['PutObject recording.json', 'told recording.ended', 'published recording.ended']);
    expect(written()).toMatchObject({ recordId, recordedSeconds: 60, files: [{ key: 'demo/1.mp4' }] });
    expect(await owed()).toBeUndefined();
    expect(world.counted).toContain('ManifestsWritten');
    await complete()({ recordId, noticeId: 'recording.ended' });
    expect(told).toHaveLength(3);
  });

  it('keeps nobody from hearing of the end when its storage is away, and is written when that is back', async () => {
    await aFile();
    store.before = ({ operation }) => {
      throw storageFault('unavailable', operation);
    };
    await end();
    expect(told).toEqual(['told recording.ended', 'published recording.ended']);
    expect(await world.ports.notices.get(recordId, 'recording.ended')).toBeUndefined();
    expect(await owed()).toMatchObject({ failures: 1, dueAt: world.clock.at(60) });

    const sweepAndTake = async (): Promise<void> => {
      await queueOverdueManifests(world.ports);
      for (const job of world.sent.completions.splice(0)) await complete()(job);
    };
    await sweepAndTake();
    expect(await owed()).toMatchObject({ failures: 1 });
    world.clock.pass(61);
    await sweepAndTake();
    expect(await owed()).toMatchObject({ failures: 2, dueAt: world.clock.at(120) });
    store.before = undefined;
    world.clock.pass(121);
    await sweepAndTake();
    expect(written()).toMatchObject({ recordId });
    expect(await owed()).toBeUndefined();
    await sweepAndTake();
    expect(told.filter((what) => what.startsWith('PutObject'))).toHaveLength(1);
  });

  it('is brought up to date when a file comes home, or is ready only then', async () => {
    const file = await aFile({ location: 'spool', bucket: 'spool', key: 'x.mp4', homeKey: 'demo/1.mp4' });
    const waits = await aFile({ fileId: '0002-mp4', state: 'waiting' });
    await end();
    expect(written()).toMatchObject({ files: [{ location: 'spool', region: null }, { state: 'waiting' }] });
    const home: RecordingFile = { ...file, location: 'primary', bucket: 'recordings', key: 'demo/1.mp4' };
    await world.ports.files.replace(home, file);
    const ready: RecordingFile = { ...waits, state: 'ready', readyAt: world.clock.at(90) };
    await world.ports.files.replace(ready, waits);
    for (const notice of [
      fileNotice(recording, home, 'file.moved'),
      fileNotice(recording, ready, 'file.ready'),
    ]) {
      await world.ports.notices.add(notice);
      await complete()({ recordId, noticeId: notice.noticeId });
    }
    expect(written()).toMatchObject({
      files: [{ location: 'primary', key: 'demo/1.mp4' }, { state: 'ready' }],
    });
    expect(told.slice(3, 6)).toEqual(['told file.moved', 'published file.moved', 'PutObject recording.json']);
  });

  it('is not written while the recording goes on', async () => {
    const ready = await aFile();
    const notice = fileNotice({ ...recording, state: 'recording' }, ready, 'file.ready');
    await world.ports.notices.add(notice);
    await complete()({ recordId, noticeId: notice.noticeId });
    expect(store.calls).toEqual([]);
  });

  it('says what the files are at last, although two write it at once', async () => {
    const file = await aFile();
    let isFirst = true;
    store.before = async () => {
      if (!isFirst) return;
      isFirst = false;
      // While the first one is on its way with what it has read, a file changes and another one writes that.
      await world.ports.files.replace({ ...file, sizeBytes: 200 }, file);
      await createManifestWriter(ports()).write(recordId);
    };
    await createManifestWriter(ports()).write(recordId);
    expect(written()).toMatchObject({ files: [{ sizeBytes: 200 }] });
  });

  it('goes with the recording, and does not come back when it was on its way', async () => {
    await aFile();
    await end();
    const doomed: Recording = {
      ...recording,
      deletion: { at: world.clock.at(), objects: true, record: true, dueAt: world.clock.at(), failures: 0 },
      revision: recording.revision + 1,
    };
    const forget = async (): Promise<void> => {
      await world.ports.recordings.replace(doomed);
      await deleteRecording({ ...ports(), spool: { bucket: 'spool', region: 'eu' } }, recordId);
    };
    store.before = async ({ operation }) => {
      if (operation !== 'PutObject') return;
      store.before = undefined;
      await forget();
    };
    await createManifestWriter(ports()).write(recordId);
    expect(await world.ports.recordings.get(recordId)).toBeUndefined();
    expect(written()).toBeUndefined();
    await createManifestWriter(ports()).write(recordId);
    expect(written()).toBeUndefined();
  });

  it('is owed when a file that it says is waiting has failed', async () => {
    await aFile({ state: 'failed' });
    await world.ports.manifests.owe({ recordId, dueAt: world.clock.at(), failures: 0 });
    world.clock.pass(1);
    await queueOverdueManifests(world.ports);
    const [job] = world.sent.completions;
    if (job === undefined) throw new Error('Nothing was queued');
    await complete()(job);
    expect(written()).toMatchObject({ files: [{ state: 'failed' }] });
    // The same message once more finds nothing to do.
    await complete()(job);
    expect(told).toEqual(['PutObject recording.json']);
  });
});
