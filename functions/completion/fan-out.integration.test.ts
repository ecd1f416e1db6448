import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryJob } from '../../shared/callbacks/queue.ts';
import { createCallbacks } from '../../shared/config/callbacks.ts';
import { systemSources } from '../../shared/config/items.ts';
import type { Notice } from '../../shared/events/notices.ts';
import { fileNotice, recordingNotice } from '../../shared/recordings/transition.ts';
import type { CallbackInput } from '../../shared/schemas/callback.ts';
import { createDeliveries } from '../../shared/table/deliveries.ts';
import { startTable, type TestTable } from '../../test/support/table.ts';
import { createClock, fileWith, recordingWith, START } from '../common/world.fixture.ts';
import { createFanOut } from './fan-out.ts';

let table: TestTable;
beforeEach(async () => {
  table = await startTable();
});
afterEach(() => table.close());

const recording = recordingWith();
const ended = recordingNotice({ ...recording, state: 'completed' }, 'recording.ended', START);
const ready = fileNotice(recording, fileWith({ state: 'ready', readyAt: START }), 'file.ready');

const setUp = () => {
  const clock = createClock();
  const sources = { ...systemSources, now: clock.now };
  const callbacks = createCallbacks(table, sources);
  const deliveries = createDeliveries(table, sources);
  const queued: { jobs: readonly DeliveryJob[]; delaySeconds: number }[] = [];
  const queue = {
    send: async (jobs: readonly DeliveryJob[], delaySeconds = 0) => {
      queued.push({ jobs, delaySeconds });
    },
  };
  const ports = { callbacks, deliveries, queue, now: clock.now };
  const addCallback = async (name: string, changes: Partial<CallbackInput> = {}): Promise<string> => {
    const created = await callbacks.create({
      name,
      url: 'https://hooks.example.com/',
      enabled: true,
      ...changes,
    });
    if (created.type !== 'created') throw new Error(created.type);
    return created.callback.callbackId;
  };
  const deliveriesTo = async (callbackId: string) =>
    (await deliveries.list(callbackId, {}, { limit: 100 })).items;
  return { clock, ports, queued, addCallback, deliveriesTo, fanOut: createFanOut(ports) };
};

describe('the fan-out of a notice', () => {
  it('makes and queues one delivery for each callback that wants it', async () => {
    const { fanOut, addCallback, deliveriesTo, queued } = setUp();
    const all = await addCallback('all');
    const files = await addCallback('files', { events: ['file.ready'], domains: [recording.domain] });
    const others = await addCallback('others', { domains: ['other.example.com'] });
    const disabled = await addCallback('disabled', { enabled: false });
    await fanOut(ready);
    const [one] = await deliveriesTo(all);
    const [two] = await deliveriesTo(files);
    expect([one, two]).toMatchObject([
      { type: 'file.ready', recordId: 'rec_1', state: 'pending', tries: 0 },
      { type: 'file.ready', recordId: 'rec_1', state: 'pending', tries: 0 },
    ]);
    expect(one?.eventId).toBe(two?.eventId);
    expect([...(await deliveriesTo(others)), ...(await deliveriesTo(disabled))]).toEqual([]);
    const jobs = [one, two].map((delivery) => ({ deliveryId: delivery?.deliveryId, tries: 0 }));
    expect(queued).toEqual([{ jobs: expect.arrayContaining(jobs), delaySeconds: 0 }]);
    expect(queued[0]?.jobs).toHaveLength(2);
  });

  it('may be repeated, also at once and after a delivery has been made', async () => {
    const { fanOut, addCallback, deliveriesTo, ports, clock } = setUp();
    const callbackId = await addCallback('all');
    await Promise.all([fanOut(ready), fanOut(ready)]);
    const [made] = await deliveriesTo(callbackId);
    if (made === undefined) throw new Error('No delivery was made');
    const claimed = await ports.deliveries.claim({ deliveryId: made.deliveryId, tries: 0 });
    if (claimed === undefined) throw new Error('It could not be claimed');
    await ports.deliveries.settle({ ...claimed, state: 'delivered' });
    clock.pass(60);
    await fanOut(ready);
    expect(await deliveriesTo(callbackId)).toMatchObject([{ state: 'delivered', createdAt: made.createdAt }]);
  });

  it('counts callbacks from the moment that they are made', async () => {
    const { fanOut, addCallback, deliveriesTo } = setUp();
    await fanOut(ready);
    const callbackId = await addCallback('late');
    await fanOut(ended);
    expect((await deliveriesTo(callbackId)).map(({ type }) => type)).toEqual(['recording.ended']);
  });

  it('holds the end of a recording back for a moment, so that its files come first', async () => {
    const { fanOut, addCallback, queued } = setUp();
    await addCallback('all');
    await fanOut(ended);
    await fanOut(ready);
    expect(queued.map(({ delaySeconds }) => delaySeconds)).toEqual([1, 0]);
  });

  it('tells nobody of files that were only begun', async () => {
    const { fanOut, addCallback, queued, deliveriesTo } = setUp();
    const callbackId = await addCallback('all');
    await fanOut({ ...ready, type: 'file.opened' } as Notice);
    expect(queued).toEqual([]);
    expect(await deliveriesTo(callbackId)).toEqual([]);
  });
});
