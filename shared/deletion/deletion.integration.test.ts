import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { segmentKey } from '../closing/hls-journal.ts';
import { MARK } from '../post-processing/outputs.ts';
import type { RemoteStepJob } from '../post-processing/queue.ts';
import { anArtifact, aRemoteStep, aRun, aStep } from '../post-processing/run.fixture.ts';
import { manifestKeyOf } from '../recordings/folder.ts';
import { planWith, recordingWith } from '../recordings/recording.fixture.ts';
import { stepSchema } from '../schemas/orchestration.ts';
import type { Run, RunStep } from '../schemas/post-processing.ts';
import type { Recording, RecordingFile, RecordingState } from '../schemas/recording.ts';
import { createMemoryObjectStore, storageFault } from '../storage/memory-object-store.ts';
import { createFiles } from '../table/files.ts';
import { createRecordings } from '../table/recordings.ts';
import { createRuns } from '../table/runs.ts';
import { createStreams } from '../table/streams.ts';
import { cuesKeyOf, latestKeyOf, spriteKeyOf } from '../thumbnails/sprite.ts';
import { deleteRecording } from './delete-recording.ts';
import { pauseSeconds } from './pause-seconds.ts';
import { requestDeletion } from './request-deletion.ts';

const table = useTable();

const T0 = Date.parse('2026-11-22T12:00:00.000Z');
const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();
const WITH_OBJECTS = { objects: true, record: true };
const ONLY_RECORD = { objects: false, record: true };
const ONLY_OBJECTS = { objects: true, record: false };

/** A step that a worker does, whose output goes to `show-{name}`. */
const aWorkerStep = (given: { name: string; [field: string]: string }, more: Partial<RunStep>): RunStep =>
  aStep(given.name, given.input, { step: stepSchema.parse(given), ...more });

let number = 0;

/** A recording that has ended, with an HLS and an MP4 file, in a bucket of its own. */
const aWorld = async (changes: Partial<Recording> = {}) => {
  number += 1;
  const recordId = `rec_${number}`;
  const [recordings, files, streams] = [createRecordings(table), createFiles(table), createStreams(table)];
  const store = createMemoryObjectStore();
  const queued: string[] = [];
  const stops: RemoteStepJob[] = [];
  let now = new Date(T0);
  const ports = {
    ...{ recordings, files, streams, runs: createRuns(table) },
    storeOf: () => store,
    spool: { bucket: 'spool', region: 'eu-central-1' },
    queueDeletion: async (id: string) => void queued.push(id),
    queueStop: async (job: RemoteStepJob) => void stops.push(job),
    now: () => now,
  };
  const { owner: _, ...base } = recordingWith(0, {
    recordId,
    state: 'completed',
    endedAt: at(-60),
    stream: `stream-${number}`,
    ...changes,
  });
  await recordings.create(base);
  const file = (format: 'hls' | 'mp4', key: string): RecordingFile => ({
    recordId,
    fileId: `0001-${format}-${key}`,
    format,
    bucket: 'recordings',
    key,
    state: 'ready',
    location: 'primary',
    sizeBytes: 1,
    durationSeconds: 1,
    startedAt: at(-120),
    epoch: 1,
  });
  for (const one of [file('hls', 'a.m3u8'), file('mp4', 'a.mp4')]) await files.open(one);
  for (const key of [
    'a.m3u8',
    segmentKey('a.m3u8', 1, 1),
    segmentKey('a.m3u8', 1, 2),
    'a.mp4',
    'other.mp4',
  ]) {
    await store.put(key, Buffer.from(key));
  }
  const request = (wanted: { objects: boolean; record: boolean }) => requestDeletion(ports, recordId, wanted);
  const run = () => deleteRecording(ports, recordId);
  const recording = () => recordings.get(recordId);
  const left = () => [...store.objects.keys()].sort();
  const pass = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1000);
  };
  return { ...ports, recordId, base, store, queued, stops, request, run, recording, left, pass };
};

const ALL = ['a.m3u8', 'a.mp4', 'a/0001-000001.ts', 'a/0001-000002.ts', 'other.mp4'];

describe('A recording that is to be deleted', () => {
  it('is marked and queued, and found by the sweeper until it is gone with all its objects', async () => {
    const world = await aWorld();
    expect(await world.request(WITH_OBJECTS)).toMatchObject({ type: 'requested' });
    expect(world.queued).toEqual([world.recordId]);
    expect(await world.recording()).toMatchObject({
      state: 'completed',
      deletion: { at: at(0), objects: true, record: true, failures: 0, dueAt: at(1200) },
    });
    expect(await world.recordings.inWork('DELETING', at(1201))).toMatchObject([{ recordId: world.recordId }]);

    expect(await world.run()).toEqual({ type: 'deleted', files: 2 });
    expect(world.left()).toEqual(['other.mp4']);
    expect(await world.recording()).toBeUndefined();
    expect(await world.files.list(world.recordId)).toEqual([]);
    expect(await world.recordings.inWork('DELETING', at(1201))).toEqual([]);
    expect(await world.run()).toEqual({ type: 'void' });
    expect(await world.request(WITH_OBJECTS)).toEqual({ type: 'missing' });
  });

  it('takes what is said and shown of it along, and nothing that others have put beside that', async () => {
    const world = await aWorld({
      plan: { ...planWith(), thumbnails: { intervalSeconds: 10, width: 320 } },
    });
    const sprite = spriteKeyOf(world.base, 1, 1);
    const own = [manifestKeyOf, latestKeyOf, cuesKeyOf].map((keyOf) => keyOf(world.base));
    for (const key of [...own, sprite, `${sprite}.bak`]) await world.store.put(key, Buffer.from(key));
    await world.request(WITH_OBJECTS);
    expect(await world.run()).toMatchObject({ type: 'deleted' });
    expect(world.left()).toEqual([`${sprite}.bak`, 'other.mp4'].sort());
  });

  it('is deleted with what post-processing has made of it, and its runs', async () => {
    const world = await aWorld();
    const { recordId, store } = world;
    const made = (key: string, format: 'mp4' | 'hls' | 'images') => ({
      ...{ state: 'succeeded' as const, attempt: 1 },
      output: { ...anArtifact(key), format },
    });
    const steps = [
      aWorkerStep({ kind: 'remux', name: 'film', format: 'mp4' }, made('show-film.mp4', 'mp4')),
      aWorkerStep({ kind: 'remux', name: 'again', format: 'hls' }, made('show-again.m3u8', 'hls')),
      aWorkerStep({ kind: 'thumbnails', name: 'pictures' }, made('show-pictures.vtt', 'images')),
    ];
    await world.runs.create(aRun(undefined, { recordId, steps, state: 'succeeded' }));
    const own = [
      'show-film.mp4',
      'show-again.m3u8',
      'show-again/0001-000000.ts',
      'show-pictures.vtt',
      'show-pictures/0001-000000.jpg',
    ];
    for (const key of [...own, 'show-pictures/mine.jpg']) await store.put(key, Buffer.from(key));
    await world.request(WITH_OBJECTS);
    expect(await world.run()).toMatchObject({ type: 'deleted' });
    expect(world.left()).toEqual(['other.mp4', 'show-pictures/mine.jpg']);
    expect((await world.runs.page(recordId)).items).toEqual([]);
  });

  it('is deleted with what steps left behind that were cancelled, failed or lost, and with nothing of others', async () => {
    const world = await aWorld();
    const { recordId, store } = world;
    const steps = [
      aWorkerStep({ kind: 'remux', name: 'film', format: 'mp4' }, { state: 'cancelled', attempt: 1 }),
      aWorkerStep({ kind: 'thumbnails', name: 'pictures' }, { state: 'failed', attempt: 3 }),
      aWorkerStep({ kind: 'remux', name: 'ladder', format: 'hls' }, { state: 'cancelled', attempt: 1 }),
      aWorkerStep({ kind: 'remux', name: 'taken', format: 'hls' }, { state: 'failed', attempt: 1 }),
      aWorkerStep({ kind: 'remux', name: 'never', format: 'mp4' }, { state: 'cancelled' }),
    ];
    const run = aRun(undefined, { recordId, steps, state: 'cancelled' });
    await world.runs.create(run);
    // It was finished while it was being cancelled.
    const mark = { metadata: { [MARK]: `${recordId}/${run.runId}/film` } };
    await store.put('show-film.mp4', Buffer.from('film'), mark);
    await store.createUpload('show-film.mp4', 'video/mp4');
    const theirs = ['show-taken.m3u8', 'show-taken/0001-000000.ts', 'show-never.mp4'];
    for (const key of ['show-pictures/0001-000000.jpg', 'show-ladder/0001-000000.ts', ...theirs]) {
      await store.put(key, Buffer.from(key));
    }
    await world.request(WITH_OBJECTS);
    expect(await world.run()).toMatchObject({ type: 'deleted' });
    expect(world.left()).toEqual(['other.mp4', ...theirs].sort());
    expect(store.uploads.size).toBe(0);
    // Nothing else is uploaded in parts.
    const asked = store.calls.filter(({ operation }) => operation === 'ListMultipartUploads');
    expect(asked.map(({ key }) => key)).toEqual(['show-film.mp4']);
  });

  it('is deleted, and so is what was made of it, but for what is in a storage that refuses', async () => {
    const world = await aWorld();
    const { recordId, store } = world;
    const library = createMemoryObjectStore(['HeadObject']);
    const bucket = { bucket: 'library', region: 'eu-central-1' };
    const film = (more: Partial<RunStep>) =>
      aWorkerStep({ kind: 'remux', name: 'film', format: 'mp4' }, { attempt: 1, ...more });
    const runs = [
      ...Array.from({ length: 20 }, (_, index) =>
        film({ state: 'succeeded', destination: { bucket, key: `${index}` } }),
      ),
      film({ state: 'succeeded', output: anArtifact('show-film.mp4') }),
      film({ state: 'running' }),
    ].map((step, index) => aRun(undefined, { recordId, runId: `run_${10 + index}`, steps: [step] }));
    for (const run of runs) await world.runs.create(run);
    await store.put('show-film.mp4', Buffer.from('film'));
    await library.put('0.mp4', Buffer.from('film'));
    await world.request(WITH_OBJECTS);
    const storeOf = (one: { bucket: string }) => (one.bucket === 'library' ? library : store);
    expect(await deleteRecording({ ...world, storeOf }, recordId)).toMatchObject({
      type: 'refused',
      reason: { code: 'storage-denied' },
    });
    expect(world.left()).toEqual(['other.mp4']);
    expect(await world.files.list(recordId)).toEqual([]);
    const known = (await world.runs.page(recordId)).items;
    expect(known).toHaveLength(runs.length);
    expect(known.at(-1)?.state).toBe('cancelled');
  });

  it('has what was made of it deleted when its own storage refuses', async () => {
    const world = await aWorld();
    const { recordId } = world;
    const library = createMemoryObjectStore();
    const destination = { bucket: { bucket: 'library', region: 'eu-central-1' }, key: 'film' };
    const step = aWorkerStep(
      { kind: 'remux', name: 'film', format: 'mp4' },
      { state: 'succeeded', attempt: 1, destination, output: anArtifact('film.mp4') },
    );
    await world.runs.create(aRun(undefined, { recordId, steps: [step], state: 'succeeded' }));
    await library.put('film.mp4', Buffer.from('film'));
    world.store.before = ({ operation }) => {
      throw storageFault('denied', operation, 'AccessDenied');
    };
    await world.request(WITH_OBJECTS);
    const storeOf = ({ bucket }: { bucket: string }) => (bucket === 'library' ? library : world.store);
    expect(await deleteRecording({ ...world, storeOf }, recordId)).toMatchObject({ type: 'refused' });
    expect([...library.objects.keys()]).toEqual([]);
  });

  it.each([WITH_OBJECTS, ONLY_OBJECTS])('has nothing more made of it: %o', async (wanted) => {
    const world = await aWorld();
    const { recordId } = world;
    const steps = [
      aWorkerStep({ kind: 'remux', name: 'film', format: 'mp4' }, { state: 'running', attempt: 1 }),
      aRemoteStep('mediaconvert', 'ladder', 'source', {
        ...{ state: 'running', attempt: 1, remote: { until: at(3600), tokenHashes: [], jobId: 'job-1' } },
      }),
      aWorkerStep({ kind: 'thumbnails', name: 'pictures', input: 'film' }, {}),
    ];
    const { runId } = aRun(undefined, { recordId, steps });
    await world.runs.create(aRun(undefined, { recordId, steps }));
    await world.request(wanted);
    let whenObjectsWent: Run | undefined;
    world.store.before = async () => {
      whenObjectsWent ??= await world.runs.get(recordId, runId);
    };
    await world.run();
    expect(whenObjectsWent?.steps.map(({ state }) => state)).toEqual(Array(3).fill('cancelled'));
    expect(world.stops).toMatchObject([{ step: 'ladder', attempt: 1, stop: true }]);
    expect((await world.runs.get(recordId, runId))?.state).toBe(wanted.record ? undefined : 'cancelled');
  });

  it('is deleted with all that others have left in the folders of their steps, however these ended', async () => {
    const world = await aWorld();
    const { recordId, store } = world;
    const destination = (key: string) => ({ bucket: { bucket: 'recordings', region: 'eu-central-1' }, key });
    const steps = [
      aRemoteStep('mediaconvert', 'ladder', 'source', {
        ...{ state: 'failed', attempt: 3, destination: destination('a-ladder') },
      }),
      aRemoteStep('lambda', 'index', 'source', {
        ...{ state: 'succeeded', attempt: 1, destination: destination('a-index') },
        files: [{ bucket: 'elsewhere', key: 'index.json' }],
      }),
    ];
    await world.runs.create(aRun(undefined, { recordId, steps, state: 'failed' }));
    const own = ['a-ladder/1.m3u8', 'a-ladder/1-720p_00001.ts', 'a-index/labels.json'];
    for (const key of [...own, 'a-ladder-2/1.m3u8', 'index.json']) await store.put(key, Buffer.from(key));
    await world.request(WITH_OBJECTS);
    expect(await world.run()).toMatchObject({ type: 'deleted' });
    expect(world.left()).toEqual(['a-ladder-2/1.m3u8', 'index.json', 'other.mp4']);
  });

  it('has others stop what they do of it, as nobody can find that out later', async () => {
    const world = await aWorld();
    const { recordId } = world;
    const steps = [
      aRemoteStep('mediaconvert', 'ladder', 'source', {
        ...{ state: 'running', attempt: 2, remote: { until: at(3600), tokenHashes: [], jobId: 'job-2' } },
        abandoned: [{ attempt: 1, jobId: 'job-1', lookAt: at(60), looks: 0 }],
      }),
      aRemoteStep('lambda', 'index', 'source', { state: 'running', attempt: 1 }),
      aRemoteStep('step-functions', 'review', 'source', { state: 'succeeded', attempt: 1 }),
    ];
    await world.runs.create(aRun(undefined, { recordId, steps }));
    await world.request(WITH_OBJECTS);
    await world.run();
    expect(world.stops).toMatchObject([
      { recordId, step: 'ladder', attempt: 1, stop: true, orphan: { jobId: 'job-1' } },
      { recordId, step: 'ladder', attempt: 2, stop: true, orphan: { jobId: 'job-2' } },
    ]);
  });

  it('is deleted wherever its files are or were, with the copies that are under way', async () => {
    const world = await aWorld();
    const [backup, spool] = [createMemoryObjectStore(), createMemoryObjectStore()];
    const stores = new Map([
      ['backup', backup],
      ['spool', spool],
    ]);
    const plan = { ...world.base.plan, backup: { bucket: 'backup', region: 'eu-west-1' } };
    await world.recordings.replace({ ...world.base, plan, revision: world.base.revision + 1 });
    const copy = { uploadId: await world.store.createUpload('b.mp4', 'video/mp4'), etag: '""', partBytes: 1 };
    const reason = { cause: 'storage', code: 'storage-failed', text: 'It did not answer.' } as const;
    const since = at(-60);
    const away = {
      places: ['backup' as const, 'spool' as const],
      since,
      dueAt: since,
      failures: 0,
      reason,
      copy,
    };
    const { copy: _, ...awayWithout } = away;
    const [first] = await world.files.list(world.recordId);
    if (first === undefined) throw new Error('There is no file');
    const { recordId } = world;
    const key = `${recordId}/b.mp4`;
    const [one, hls] = [
      { ...first, fileId: 'b', format: 'mp4', location: 'spool', key, homeKey: 'b.mp4', away } as const,
      { ...first, fileId: 'c', format: 'hls', key: 'c.m3u8', away: awayWithout } as const,
    ];
    for (const file of [one, hls]) await world.files.open(file);
    await spool.put(key, Buffer.from('media'));
    await spool.put(segmentKey(`${recordId}/c.m3u8`, 1, 1), Buffer.from('media'));
    await backup.put(segmentKey('c.m3u8', 1, 2), Buffer.from('media'));
    await backup.put(`.streamkeep/${recordId}/b/part-00002`, Buffer.from('media'));
    await spool.put('rec_other/b.mp4', Buffer.from('media'));
    await world.request(WITH_OBJECTS);
    const storeOf = ({ bucket }: { bucket: string }) => stores.get(bucket) ?? world.store;
    expect(await deleteRecording({ ...world, storeOf }, recordId)).toMatchObject({ type: 'deleted' });
    expect(world.left()).toEqual(['other.mp4']);
    expect(world.store.uploads.size).toBe(0);
    expect([...backup.objects.keys(), ...spool.objects.keys()]).toEqual(['rec_other/b.mp4']);
  });

  it('leaves its objects alone when only the record goes', async () => {
    const world = await aWorld();
    await world.request(ONLY_RECORD);
    await world.run();
    expect(await world.recording()).toBeUndefined();
    expect(await world.files.list(world.recordId)).toEqual([]);
    expect(world.left()).toEqual(ALL);
    expect(world.store.calls.map(({ operation }) => operation)).not.toContain('ListObjectsV2');
  });

  it('keeps its record when its retention time is over, with files that say so', async () => {
    const world = await aWorld();
    await world.request(ONLY_OBJECTS);
    expect(await world.run()).toEqual({ type: 'expired', files: 2 });
    expect(world.left()).toEqual(['other.mp4']);
    expect(await world.recording()).toMatchObject({ state: 'completed', expiredAt: at(0) });
    expect(await world.recording()).not.toHaveProperty('deletion');
    expect((await world.files.list(world.recordId)).map(({ state }) => state)).toEqual([
      'expired',
      'expired',
    ]);

    await world.request(ONLY_OBJECTS);
    expect(world.queued).toEqual([world.recordId]);
    await world.request(WITH_OBJECTS);
    await world.run();
    expect(await world.recording()).toBeUndefined();
  });

  it.each<RecordingState>(['recording', 'paused', 'completing'])(
    'is refused while it is %s',
    async (state) => {
      const world = await aWorld({ state });
      expect(await world.request(WITH_OBJECTS)).toEqual({ type: 'unfinished', state });
      expect(world.queued).toEqual([]);
      expect(await world.recording()).toEqual(world.base);
    },
  );

  it('is gone from its stream, which says so and gets no new recording in its place', async () => {
    const world = await aWorld();
    const { domain, app, stream, sessionId, recordId } = world.base;
    const key = { domain, app, stream };
    const live = { ...key, sessionId, clientId: 'a', live: true, startedAt: at(-120) };
    await world.streams.replace({ ...live, recordIds: ['rec_x', recordId] }, undefined);
    await world.request(ONLY_RECORD);
    await world.run();
    expect(await world.streams.get(key)).toEqual({ ...live, recordIds: ['rec_x'] });
    await world.streams.forgetRecording(key, 'rec_x');
    expect(await world.streams.get(key)).toEqual({
      ...live,
      recordIds: [],
      notRecorded: 'Its recording was deleted.',
    });
    await world.streams.forgetRecording(key, 'rec_x');
  });

  it('says what a storage has against it, and is tried again later and later', async () => {
    const world = await aWorld();
    world.store.before = ({ operation }) => {
      if (operation === 'DeleteObjects') throw storageFault('denied', operation, 'AccessDenied');
    };
    await world.request(WITH_OBJECTS);
    expect(await world.run()).toMatchObject({ type: 'refused', nextTryAt: at(60) });
    expect(await world.recording()).toMatchObject({
      deletion: {
        failures: 1,
        dueAt: at(60),
        reason: {
          cause: 'storage',
          code: 'storage-denied',
          text: 'The storage denied access. DeleteObjects: AccessDenied',
        },
      },
    });
    expect(await world.recordings.inWork('DELETING', at(59))).toEqual([]);
    world.pass(60);
    expect(await world.run()).toMatchObject({ nextTryAt: at(60 + 120) });
    expect(world.left()).toEqual(ALL);

    // Permission is given: asking again does not wait.
    world.store.before = undefined;
    await world.request(WITH_OBJECTS);
    expect(await world.recording()).toMatchObject({ deletion: { at: at(0), failures: 0 } });
    expect(await world.run()).toMatchObject({ type: 'deleted' });
    expect(world.left()).toEqual(['other.mp4']);
  });

  it('can be given up with its objects where they are', async () => {
    const world = await aWorld();
    world.store.before = () => {
      throw storageFault('unavailable', 'ListObjectsV2');
    };
    await world.request(WITH_OBJECTS);
    expect(await world.run()).toMatchObject({ type: 'refused', reason: { code: 'storage-failed' } });
    await world.request(ONLY_RECORD);
    expect(await world.run()).toMatchObject({ type: 'deleted' });
  });

  it('obeys a wish that comes while it is being deleted', async () => {
    const world = await aWorld();
    await world.request(WITH_OBJECTS);
    let asked = false;
    const remove = async (recordId: string, revision: number) => {
      if (!asked) await world.request(ONLY_RECORD);
      asked = true;
      return world.recordings.remove(recordId, revision);
    };
    const outcome = await deleteRecording(
      { ...world, recordings: { ...world.recordings, remove } },
      world.recordId,
    );
    expect(outcome).toMatchObject({ type: 'deleted' });
    expect(await world.recording()).toBeUndefined();
  });

  it('is not promised to go with its objects when they may be forgotten already', async () => {
    const world = await aWorld();
    await world.request(ONLY_RECORD);
    expect(await world.request(WITH_OBJECTS)).toEqual({ type: 'objects-left' });
    expect(await world.request(ONLY_RECORD)).toMatchObject({ type: 'requested' });
  });

  it('is gone in the end wherever a run was cut off, and takes nothing of others with it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 4 }),
        fc.constantFrom(WITH_OBJECTS, ONLY_OBJECTS, ONLY_RECORD),
        async (cuts, wanted) => {
          const world = await aWorld();
          await world.request(wanted);
          for (const cut of cuts) {
            let calls = 0;
            const crashing = <Repository extends object>(repository: Repository): Repository =>
              new Proxy(repository, {
                get:
                  (target, name) =>
                  async (...args: unknown[]) => {
                    calls += 1;
                    if (calls > cut) throw new Error('killed');
                    return (target as Record<string | symbol, (...all: unknown[]) => unknown>)[name]?.(
                      ...args,
                    );
                  },
              });
            const cutOff = {
              ...world,
              recordings: crashing(world.recordings),
              files: crashing(world.files),
              streams: crashing(world.streams),
              runs: crashing(world.runs),
            };
            await deleteRecording(cutOff, world.recordId).catch((error: Error) =>
              expect(error.message).toBe('killed'),
            );
          }
          await world.run();
          expect(world.left()).toEqual(wanted.objects ? ['other.mp4'] : ALL);
          expect((await world.recording())?.expiredAt).toBe(wanted.record ? undefined : at(0));
          expect(await world.files.list(world.recordId)).toHaveLength(wanted.record ? 0 : 2);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('The pauses between tries', () => {
  it('double from a minute to a day', () => {
    const pauses = [1, 2, 3, 11, 12, 100].map(pauseSeconds);
    expect(pauses).toEqual([60, 120, 240, 61_440, 86_400, 86_400]);
  });
});
