import { beforeEach, describe, expect, it } from 'vitest';
import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { useTable } from '../../test/support/table.ts';
import { createWorld, fileWith, recordingWith, type World } from '../common/world.fixture.ts';
import { createUploadRetry } from './close-file.ts';

const table = useTable();
let world: World;
let recordId: string;
let told: RecordingEvent[];
let number = 0;

beforeEach(() => {
  world = createWorld(table);
  number += 1;
  recordId = `rec_${number}`;
  told = [];
});

const close = (store = createMemoryObjectStore()) =>
  createUploadRetry({
    ...world.ports,
    storeFor: () => store,
    queueRecordingEvent: async (event) => {
      told.push(event);
    },
  })({ recordId, fileId: '1' });
const fileNow = () => world.ports.files.get(recordId, '1');
const open = () =>
  world.ports.files.open(fileWith({ recordId, fileId: '1', format: 'hls', key: 'demo/1.m3u8' }));

describe('a file whose recorder is gone', () => {
  it('is closed, and told of as its recorder would have', async () => {
    await world.ports.recordings.create(
      recordingWith({ recordId, state: 'completing', epoch: 1, captures: 1 }),
    );
    await open();
    await close();
    expect((await fileNow())?.state).toBe('failed');
    expect(told).toMatchObject([{ type: 'file.closed', recordId, fileId: '1', epoch: 1, capture: 1 }]);
  });

  it('is told of again when the message comes again', async () => {
    await world.ports.recordings.create(recordingWith({ recordId, state: 'completing', epoch: 1 }));
    await open();
    await close();
    const once = await fileNow();
    await close();
    expect(await fileNow()).toEqual(once);
    expect(told).toHaveLength(2);
    expect(world.counted).toEqual(['FilesClosedForLostRecorders']);
  });

  it('is left alone while its recorder is at work', async () => {
    await world.ports.recordings.create(recordingWith({ recordId, epoch: 1, owner: 'rcd_1' }));
    await open();
    await close();
    expect((await fileNow())?.state).toBe('recording');
    expect(told).toEqual([]);
  });

  it('stays open, and its message comes again, while the storage refuses', async () => {
    await world.ports.recordings.create(recordingWith({ recordId, state: 'completing', epoch: 1 }));
    await open();
    await expect(close(createMemoryObjectStore(['ListObjectsV2', 'GetObject']))).rejects.toThrow(
      'AccessDenied',
    );
    expect((await fileNow())?.state).toBe('recording');
    expect(told).toEqual([]);
  });

  it('is nobody’s business any more when its recording has been deleted', async () => {
    await close();
    expect(told).toEqual([]);
  });
});
