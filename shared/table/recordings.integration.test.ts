import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { endReason } from '../recordings/end-reason.ts';
import { newRecording } from '../recordings/recording.fixture.ts';
import type { Recording } from '../schemas/recording.ts';
import { createRecordings, type Recordings } from './recordings.ts';

const table = useTable();
let recordings: Recordings;
let recordId: string;
let number = 0;

beforeAll(() => {
  recordings = createRecordings(table);
});
beforeEach(() => {
  number += 1;
  recordId = `rec_${number}`;
});

const recordingWith = (changes: Partial<Recording> = {}): Recording =>
  newRecording({ recordId, stream: `demo-${number}`, ...changes });
const now = () => recordings.get(recordId);
const ownedBy = async (owner: string) =>
  (await recordings.ownedBy(owner)).map((recording) => recording.recordId);
const inWork = async (pk: string, before?: string) =>
  (await recordings.inWork(pk, before)).map((recording) => recording.recordId);

describe('recordings in the table', () => {
  it('are made once', async () => {
    expect(await recordings.create(recordingWith())).toBe(true);
    expect(await recordings.create(recordingWith({ app: 'other' }))).toBe(false);
    expect(await now()).toEqual(recordingWith());
  });

  it('are claimed by one recorder, however many have the job', async () => {
    await recordings.create(recordingWith());
    const claims = await Promise.all(
      ['rcd_1', 'rcd_2', 'rcd_3'].map((id) => recordings.claim(recordId, 0, id)),
    );
    const won = claims.filter((claim) => claim !== undefined);
    expect(won).toHaveLength(1);
    expect(await now()).toEqual(won[0]);
    expect(won[0]).toMatchObject({ epoch: 1, revision: 1 });
    expect(await recordings.claim(recordId, 0, 'rcd_4')).toBeUndefined();
    expect(await recordings.claim(recordId, 1, 'rcd_4')).toBeUndefined();
  });

  it('are claimed though somebody else writes to them meanwhile, and asked only once whether they fit', async () => {
    await recordings.create(recordingWith());
    let others = 0;
    const send = async (command: Parameters<typeof table.client.send>[0]) => {
      if (command instanceof PutCommand && others < 3) {
        others += 1;
        await recordings.replace(recordingWith({ revision: others }));
      }
      return table.client.send(command);
    };
    const client = Object.assign(Object.create(table.client), { send });
    const fits = vi.fn(() => true);
    const claimed = await createRecordings({ ...table, client }).claim(recordId, 0, 'rcd_1', fits);
    expect(claimed).toMatchObject({ owner: 'rcd_1', epoch: 1, revision: 4 });
    expect(await now()).toEqual(claimed);
    expect([others, fits.mock.calls.length]).toEqual([3, 1]);
  });

  it('are replaced only by a decision about what they are now', async () => {
    await recordings.create(recordingWith());
    const next = recordingWith({ state: 'completing', revision: 1 });
    expect(await recordings.replace(next)).toBe(true);
    expect(await recordings.replace({ ...next, state: 'failed' })).toBe(false);
    expect((await now())?.state).toBe('completing');
  });

  it('give capture numbers to their owner alone, and a decision made meanwhile does not hold', async () => {
    await recordings.create(recordingWith());
    const claimed = await recordings.claim(recordId, 0, 'rcd_1');
    if (claimed === undefined) throw new Error('The job is void');
    expect(await recordings.nextCapture(recordId, 0)).toBeUndefined();
    expect(await recordings.nextCapture(recordId, 1)).toBe(1);
    expect(await recordings.nextCapture(recordId, 1)).toBe(2);
    expect(await recordings.replace({ ...claimed, revision: claimed.revision + 1 })).toBe(false);
    const { owner: _, ...ended } = { ...claimed, state: 'completing' as const, captures: 2, revision: 4 };
    expect(await recordings.replace(ended)).toBe(true);
    expect(await recordings.nextCapture(recordId, 1)).toBeUndefined();
  });

  it('note the media, which a decision made meanwhile does not wipe out', async () => {
    await recordings.create(recordingWith());
    expect(await recordings.setMedia(recordId, { audioCodec: 'aac' })).toBe(true);
    expect(await recordings.replace(recordingWith({ revision: 1 }))).toBe(false);
    expect(await now()).toMatchObject({ media: { audioCodec: 'aac' }, revision: 1 });
    expect(await recordings.setMedia('rec_unknown', {})).toBe(false);
    expect(await recordings.get('rec_unknown')).toBeUndefined();
  });

  it('say what is wrong with their storage, until nothing is, and nothing over what is wrong otherwise', async () => {
    const storage = endReason('storage-denied', 'PutObject');
    await recordings.create(recordingWith());
    expect(await recordings.setStorageTrouble(recordId, undefined)).toBe(false);
    expect(await recordings.setStorageTrouble(recordId, storage)).toBe(true);
    expect(await now()).toMatchObject({ trouble: storage, revision: 1 });
    expect(await recordings.setStorageTrouble(recordId, undefined)).toBe(true);
    expect(await now()).toEqual(recordingWith({ revision: 2 }));
    const ours = endReason('ffmpeg-failed');
    await recordings.replace(recordingWith({ trouble: ours, revision: 3 }));
    expect(await recordings.setStorageTrouble(recordId, storage)).toBe(false);
    expect(await recordings.setStorageTrouble(recordId, undefined)).toBe(false);
    expect((await now())?.trouble).toEqual(ours);
    expect(await recordings.setStorageTrouble('rec_unknown', storage)).toBe(false);
  });

  it('are connected once, by their owner only, and a decision made meanwhile does not wipe it out', async () => {
    const at = '2026-11-22T10:00:00.300Z';
    await recordings.create(recordingWith());
    await recordings.claim(recordId, 0, 'rcd_1');
    expect(await recordings.setConnected(recordId, 0, at)).toBe(false);
    expect(await recordings.setConnected(recordId, 1, at)).toBe(true);
    expect(await recordings.setConnected(recordId, 1, '2026-11-22T10:00:09.000Z')).toBe(false);
    expect(await now()).toMatchObject({ connectedAt: at, revision: 2 });
    expect(await recordings.setConnected('rec_unknown', 1, at)).toBe(false);
    expect(await recordings.get('rec_unknown')).toBeUndefined();
  });

  it('say what is wrong with them as their owner sees it, and nobody else', async () => {
    const trouble = endReason('source-silent');
    await recordings.create(recordingWith());
    expect(await recordings.setTrouble(recordId, 0, trouble)).toBe(false);
    await recordings.claim(recordId, 0, 'rcd_1');
    expect(await recordings.setTrouble(recordId, 0, trouble)).toBe(false);
    expect(await recordings.setTrouble(recordId, 1, trouble)).toBe(true);
    expect(await now()).toMatchObject({ trouble, revision: 2 });
    expect(await recordings.setTrouble(recordId, 1, undefined)).toBe(true);
    expect(await now()).not.toHaveProperty('trouble');
    expect(await recordings.setTrouble('rec_unknown', 1, trouble)).toBe(false);
  });

  it('stand in the work index where something must still happen to them, and nowhere else', async () => {
    const at = '2026-11-22T10:01:00.000Z';
    const later = '2026-11-22T10:02:00.000Z';
    await recordings.create(recordingWith());
    expect(await inWork('UNOWNED', at)).toContain(recordId);
    expect(await inWork('UNOWNED', recordingWith().startedAt)).not.toContain(recordId);
    const owned = await recordings.claim(recordId, 0, 'rcd_9');
    expect(await inWork('UNOWNED')).not.toContain(recordId);
    expect(await ownedBy('rcd_9')).toEqual([recordId]);
    if (owned === undefined) throw new Error('The job is void');
    const { owner: _, ...free } = owned;
    await recordings.replace({ ...free, state: 'paused', pausedUntil: at, endedAt: at, revision: 2 });
    expect(await ownedBy('rcd_9')).toEqual([]);
    expect(await inWork('PAUSED', at)).not.toContain(recordId);
    expect(await inWork('PAUSED', later)).toContain(recordId);
    await recordings.replace({ ...free, state: 'completing', endedAt: at, revision: 3 });
    expect(await inWork('COMPLETING', later)).toContain(recordId);
    await recordings.replace({ ...free, state: 'completed', endedAt: at, revision: 4 });
    for (const pk of ['UNOWNED', 'PAUSED', 'COMPLETING']) expect(await inWork(pk)).not.toContain(recordId);
  });

  it('stand there as long as they are being deleted, and from the end of their retention time on', async () => {
    const endedAt = '2026-11-22T10:00:00.000Z';
    const plan = { ...recordingWith().plan, retentionDays: 3 };
    const ended = recordingWith({ plan, state: 'completed', endedAt });
    await recordings.create(ended);
    expect(await inWork('RETENTION', '2026-11-25T10:00:00.000Z')).not.toContain(recordId);
    expect(await inWork('RETENTION', '2026-11-25T10:00:00.001Z')).toContain(recordId);
    const deletion = { at: endedAt, dueAt: endedAt, objects: true, record: false, failures: 0 };
    await recordings.replace({ ...ended, deletion, revision: 1 });
    expect(await inWork('RETENTION')).not.toContain(recordId);
    expect(await inWork('DELETING')).toContain(recordId);
    await recordings.replace({ ...ended, expiredAt: endedAt, revision: 2 });
    for (const pk of ['RETENTION', 'DELETING']) expect(await inWork(pk)).not.toContain(recordId);
  });

  it('are forgotten only as they were seen, and once', async () => {
    await recordings.create(recordingWith({ revision: 5 }));
    expect(await recordings.remove(recordId, 4)).toBe(false);
    expect(await recordings.remove(recordId, 5)).toBe(true);
    expect(await now()).toBeUndefined();
    expect(await recordings.remove(recordId, 5)).toBe(true);
  });

  it('are read many at once, those that there are', async () => {
    const ids = Array.from({ length: 130 }, (_, index) => `${recordId}_${index}`);
    await Promise.all(ids.map((id) => recordings.create(recordingWith({ recordId: id }))));
    const found = await recordings.getMany([...ids, 'rec_none', ids[0] ?? '']);
    expect(found.map((recording) => recording.recordId).sort()).toEqual([...ids].sort());
  });

  it('are listed newest first, page by page, with what a page was asked for', async () => {
    const stream = `paged-${number}`;
    const ids = Array.from({ length: 5 }, (_, index) => `${recordId}_${index}`);
    for (const [index, id] of ids.entries()) {
      const state = index === 2 ? 'failed' : 'completed';
      await recordings.create(
        recordingWith({ recordId: id, stream, state, startedAt: `2026-11-22T10:00:0${index}.000Z` }),
      );
    }
    const found: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await recordings.list({ stream, state: 'completed' }, 2, cursor ?? undefined);
      expect(page.items.length).toBeLessThanOrEqual(2);
      found.push(...page.items.map((item) => item.recordId));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(found).toEqual([ids[4], ids[3], ids[1], ids[0]]);
    const span = await recordings.list(
      { stream, from: '2026-11-22T10:00:01.000Z', to: '2026-11-22T10:00:02.000Z' },
      10,
    );
    expect(span.items.map((item) => item.recordId)).toEqual([ids[2], ids[1]]);
  });

  it('refuse a cursor that was not given out for the list', async () => {
    const forged = Buffer.from(JSON.stringify({ pk: 'DOMAIN#x', sk: 'DOMAIN' })).toString('base64url');
    for (const cursor of ['nonsense', forged, Buffer.from('[]').toString('base64url')]) {
      await expect(recordings.list({ stream: 'demo' }, 10, cursor)).rejects.toThrow('cursor');
    }
  });
});
