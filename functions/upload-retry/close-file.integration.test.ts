import { beforeEach, describe, expect, it } from 'vitest';
import { durationMetadata } from '../../shared/closing/media-journal.ts';
import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import type { RecordingFile } from '../../shared/schemas/recording.ts';
import { createMemoryObjectStore, storageFault } from '../../shared/storage/memory-object-store.ts';
import { useTable } from '../../test/support/table.ts';
import { createWorld, fileWith, recordingWith, type World } from '../common/world.fixture.ts';
import { createUploadRetry } from './close-file.ts';

const table = useTable();
let world: World;
let recordId: string;
let told: RecordingEvent[];
let number = 0;
let hasTime: () => boolean;
let [primary, spool] = [createMemoryObjectStore(), createMemoryObjectStore()];

beforeEach(() => {
  world = createWorld(table);
  number += 1;
  recordId = `rec_${number}`;
  told = [];
  hasTime = () => true;
  [primary, spool] = [createMemoryObjectStore(), createMemoryObjectStore()];
});

const run = (dueAt?: string) =>
  createUploadRetry({
    ...world.ports,
    storeOf: ({ bucket }) => (bucket === 'spool' ? spool : primary),
    spool: { bucket: 'spool', region: 'eu-central-1' },
    limits: { singleBytes: 10, partBytes: 6 * 1024 * 1024, concurrency: 1 },
    queueRecordingEvent: async (event) => {
      told.push(event);
    },
  })({ recordId, fileId: '1', ...(dueAt === undefined ? {} : { dueAt }) }, () => hasTime());
const fileNow = () => world.ports.files.get(recordId, '1');
const recordingNow = () => world.ports.recordings.get(recordId);
const makeRecording = (changes = {}) =>
  world.ports.recordings.create(recordingWith({ recordId, state: 'completing', epoch: 1, ...changes }));
const open = (changes: Partial<RecordingFile> = {}) =>
  world.ports.files.open(fileWith({ recordId, fileId: '1', format: 'hls', key: 'demo/1.m3u8', ...changes }));
const deny = (store: typeof primary) => {
  store.before = ({ operation }) => {
    throw storageFault('denied', operation, 'AccessDenied');
  };
};

describe('a file whose recorder is gone', () => {
  it('is closed, and told of as its recorder would have', async () => {
    await makeRecording({ captures: 1 });
    await open();
    await run();
    expect((await fileNow())?.state).toBe('failed');
    expect(told).toMatchObject([{ type: 'file.closed', recordId, fileId: '1', epoch: 1, capture: 1 }]);
  });

  it('is told of again when the message comes again', async () => {
    await makeRecording();
    await open();
    await run();
    const once = await fileNow();
    await run();
    expect(await fileNow()).toEqual(once);
    expect(told).toHaveLength(2);
    expect(world.counted).toEqual(['FilesClosedForLostRecorders']);
  });

  it('is left alone while its recorder is at work', async () => {
    await makeRecording({ state: 'recording', owner: 'rcd_1' });
    await open();
    await run();
    expect((await fileNow())?.state).toBe('recording');
    expect(told).toEqual([]);
  });

  it('waits while the storage refuses, and says so, and its recording need not wait', async () => {
    await makeRecording();
    await open();
    deny(primary);
    await run();
    expect(await fileNow()).toMatchObject({
      state: 'waiting',
      away: {
        places: [],
        failures: 1,
        dueAt: world.clock.at(60),
        reason: { cause: 'storage', code: 'storage-denied', text: expect.stringContaining('AccessDenied') },
      },
    });
    expect((await recordingNow())?.trouble).toEqual((await fileNow())?.away?.reason);
    expect(told).toMatchObject([{ type: 'file.closed' }]);
    expect(world.counted).toEqual(['HomecomingsRefused']);
  });

  it('is nobody’s business any more when its recording has been deleted', async () => {
    await run();
    expect(told).toEqual([]);
  });
});

describe('a file that is away from home', () => {
  const BODY = Buffer.alloc(13 * 1024 * 1024, 'x');
  const aFileInTheSpool = async () => {
    await makeRecording({ state: 'completed', captures: 1 });
    const key = `${recordId}/1.mp4`;
    const reason = { cause: 'storage', code: 'storage-failed', text: 'It did not answer.' } as const;
    const at = world.clock.at(0);
    await open({
      ...{ format: 'mp4', state: 'ready', location: 'spool', bucket: 'spool', key, homeKey: 'demo/1.mp4' },
      away: { places: ['spool'], since: at, dueAt: at, failures: 0, reason },
    });
    await spool.put(key, BODY, { contentType: 'video/mp4', metadata: durationMetadata(4) });
  };
  const expectHome = async () => {
    expect(await fileNow()).toMatchObject({ location: 'primary', key: 'demo/1.mp4' });
    expect(await fileNow()).not.toHaveProperty('away');
    expect(primary.objects.get('demo/1.mp4')?.body.equals(BODY)).toBe(true);
    expect(spool.objects.size).toBe(0);
  };

  it('is brought home, told of as moved, and not as ready once more', async () => {
    await aFileInTheSpool();
    await run();
    await expectHome();
    expect(told).toEqual([]);
    expect(world.sent.completions).toEqual([
      { recordId, noticeId: `file.moved.1.primary.${world.clock.at(0)}` },
    ]);
    expect(world.counted).toEqual(['FilesBroughtHome']);
  });

  it('is worked on by one run, however often its message comes', async () => {
    await aFileInTheSpool();
    await Promise.all([run(), run(), run(world.clock.at(0)), run(world.clock.at(1))]);
    await expectHome();
    expect(primary.calls.filter(({ operation }) => operation === 'CompleteMultipartUpload')).toHaveLength(1);
  });

  it('is tried again after pauses that grow to a quarter of an hour, without a message that fails', async () => {
    await aFileInTheSpool();
    deny(primary);
    for (const minutes of [1, 2, 4, 8, 15, 15]) {
      await run();
      const { away } = (await fileNow()) ?? {};
      expect(away?.dueAt).toBe(world.clock.at(minutes * 60));
      await run();
      expect((await fileNow())?.away).toEqual(away);
      world.clock.pass(minutes * 60);
    }
    expect((await recordingNow())?.trouble).toMatchObject({ code: 'storage-denied' });
    expect((await recordingNow())?.revision).toBe(1);
    primary.before = undefined;
    await run();
    await expectHome();
    expect((await recordingNow())?.trouble).toBeUndefined();
  });

  it('goes on in a second run where the first one ran out of time', async () => {
    await aFileInTheSpool();
    let steps = 2;
    hasTime = () => {
      steps -= 1;
      return steps >= 0;
    };
    await run();
    const [message] = world.sent.retries;
    const { away, location } = (await fileNow()) ?? {};
    expect(location).toBe('spool');
    expect(message).toEqual({ recordId, fileId: '1', dueAt: away?.dueAt });
    expect([...primary.uploads.keys()]).toEqual([away?.copy?.uploadId]);
    hasTime = () => true;
    await run();
    expect((await fileNow())?.location).toBe('spool');
    await run(message?.dueAt);
    await expectHome();
    const operations = primary.calls.map(({ operation }) => operation);
    expect(operations.filter((one) => one === 'CreateMultipartUpload')).toHaveLength(1);
    expect(operations.filter((one) => one === 'UploadPart')).toHaveLength(3);
  });

  it('gives its turn back when something happened that nobody expected', async () => {
    await aFileInTheSpool();
    spool.before = () => {
      throw new Error('a bug');
    };
    await expect(run()).rejects.toThrow('a bug');
    spool.before = undefined;
    await run();
    await expectHome();
  });

  it('is left alone while its recording is being deleted', async () => {
    await aFileInTheSpool();
    const recording = await recordingNow();
    if (recording === undefined) throw new Error('There is no recording');
    const deletion = { at: '', objects: true, record: true, dueAt: '', failures: 0 };
    const at = world.clock.at(0);
    const deleted = {
      ...recording,
      deletion: { ...deletion, at, dueAt: at },
      revision: recording.revision + 1,
    };
    await world.ports.recordings.replace(deleted);
    await run();
    expect(spool.calls.map(({ operation }) => operation)).toEqual(['PutObject']);
  });
});
