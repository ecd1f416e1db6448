import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDelivery } from '../../shared/callbacks/make-delivery.ts';
import { type DeliveryJob, jobOf } from '../../shared/callbacks/queue.ts';
import { MOST_TRIES, type Outcome } from '../../shared/callbacks/retry.ts';
import { createTargetPolicy } from '../../shared/callbacks/target.ts';
import { createCallbacks } from '../../shared/config/callbacks.ts';
import { systemSources } from '../../shared/config/items.ts';
import type { CallbackInput, Delivery } from '../../shared/schemas/callback.ts';
import { createDeliveries } from '../../shared/table/deliveries.ts';
import {
  type CallbackTarget,
  isSignedWith,
  startCallbackTarget,
} from '../../test/support/callback-target.ts';
import { startTable, type TestTable } from '../../test/support/table.ts';
import { createClock, createRecordedTelemetry } from '../common/world.fixture.ts';
import { queueOverdueDeliveries } from '../sweeper/overdue-deliveries.ts';
import { createDeliver } from './deliver.ts';
import { createSend, type Send } from './send.ts';

const send = createSend(createTargetPolicy(['127.0.0.0/8']), 500);
const INPUT: CallbackInput = { name: 'library', url: 'http://127.0.0.1:9/', enabled: true };

let table: TestTable;
const targets: CallbackTarget[] = [];
beforeEach(async () => {
  table = await startTable();
});
afterEach(async () => {
  await Promise.all([table, ...targets.splice(0)].map((started) => started.close()));
});

const startTarget = async (...args: Parameters<typeof startCallbackTarget>): Promise<CallbackTarget> => {
  const target = await startCallbackTarget(...args);
  targets.push(target);
  return target;
};

/** A callback, one event for it, and the function that delivers. */
const setUp = async (input: Partial<CallbackInput> = {}, sendWith: Send = send) => {
  const clock = createClock();
  const sources = { ...systemSources, now: clock.now };
  const callbacks = createCallbacks(table, sources);
  const deliveries = createDeliveries(table, sources);
  const created = await callbacks.create({ ...INPUT, ...input });
  if (created.type !== 'created') throw new Error(created.type);
  const { callbackId, secret } = created.callback;
  const queued: { job: DeliveryJob; delaySeconds: number }[] = [];
  const queue = {
    send: async (jobs: readonly DeliveryJob[], delaySeconds = 0) => {
      for (const job of jobs) queued.push({ job, delaySeconds });
    },
  };
  const { telemetry, counted, logged } = createRecordedTelemetry();
  const deliver = createDeliver({
    ...{ deliveries, callbacks, queue, telemetry, send: sendWith, now: clock.now, random: () => 0.5 },
  });
  const made = makeDelivery(
    {
      id: 'evt_1',
      type: 'test',
      at: clock.at(),
      data: { callback: { callbackId, name: 'library' } },
    },
    callbackId,
    clock.now(),
  );
  const add = async (changes: Partial<Delivery> = {}): Promise<DeliveryJob> => {
    const delivery = { ...made, ...changes };
    expect(await deliveries.add(delivery)).toBe(true);
    return jobOf(delivery);
  };
  const stored = async (deliveryId = made.deliveryId): Promise<Delivery> => {
    const delivery = await deliveries.get(deliveryId);
    if (delivery === undefined) throw new Error(`There is no delivery ${deliveryId}`);
    return delivery;
  };
  const sweep = () => queueOverdueDeliveries({ deliveries, deliveryQueue: queue, now: clock.now });
  return {
    ...{ clock, callbacks, deliveries, callbackId, secret, queued, counted, logged },
    deliver,
    add,
    stored,
    sweep,
  };
};

const answering =
  (...outcomes: Outcome[]): Send =>
  async () =>
    outcomes.shift() ?? { type: 'answered', status: 200, answer: '' };
const refused: Outcome = { type: 'unanswered', error: 'The target refused the connection.' };

describe('a delivery', () => {
  it('is signed, sent once, and noted with what was answered', async () => {
    const target = await startTarget((response) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end('thanks'),
    );
    const { deliver, add, stored, secret, queued, counted, clock } = await setUp({ url: target.url });
    const job = await add();
    await deliver(job);
    await deliver(job);
    expect(target.received).toHaveLength(1);
    const [request] = target.received;
    if (request === undefined) throw new Error('unreachable');
    const delivery = await stored();
    expect(request.body).toBe(delivery.body);
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Streamkeep',
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(clock.now().getTime() / 1000),
    });
    expect(isSignedWith(secret, request)).toBe(true);
    expect(delivery).toMatchObject({ state: 'delivered', tries: 1 });
    expect(delivery.attempts).toEqual([
      {
        ...{ at: clock.at(), durationMs: 0, url: target.url, status: 200, answer: 'thanks' },
        contentType: 'text/plain',
        signature: request.headers['webhook-signature'],
      },
    ]);
    expect(delivery).not.toHaveProperty('dueAt');
    expect(queued).toEqual([]);
    expect(counted).toEqual(['DeliveriesMade']);
  });

  it('is tried again until it succeeds, with the same id and a new timestamp', async () => {
    const target = await startTarget((response, count) => response.writeHead(count < 3 ? 500 : 204).end());
    const { deliver, add, stored, secret, queued, clock } = await setUp({ url: target.url });
    const job = await add();
    await deliver(job);
    expect(queued).toEqual([{ job: { ...job, tries: 1 }, delaySeconds: 5 }]);
    expect(await stored()).toMatchObject({ state: 'pending', tries: 1, dueAt: clock.at(5) });
    clock.pass(5);
    await deliver({ ...job, tries: 1 });
    expect(queued[1]).toEqual({ job: { ...job, tries: 2 }, delaySeconds: 15 });
    clock.pass(15);
    await deliver({ ...job, tries: 2 });
    const delivery = await stored();
    expect(delivery).toMatchObject({ state: 'delivered', tries: 3 });
    expect(delivery.attempts.map(({ status }) => status)).toEqual([500, 500, 204]);
    expect(new Set(target.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['evt_1']));
    const timestamps = target.received.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(timestamps.map((at) => at - (timestamps[0] ?? 0))).toEqual([0, 5, 20]);
    for (const request of target.received) expect(isSignedWith(secret, request)).toBe(true);
  });

  it('counts silence, redirects and broken connections as failed tries', async () => {
    const target = await startTarget((response, count) => {
      if (count === 2) response.writeHead(302, { location: '/elsewhere' }).end();
      if (count === 3) response.destroy();
    });
    const { deliver, add, stored } = await setUp({ url: target.url });
    const job = await add();
    for (let tries = 0; tries < 3; tries += 1) await deliver({ ...job, tries });
    expect((await stored()).attempts).toMatchObject([
      { error: 'There was no answer within 0.5 s.' },
      { status: 302 },
      { error: 'The target broke the connection off.' },
    ]);
    expect(target.received).toHaveLength(3);
  });

  it('is given up after the last try, and is small enough to be stored even then', async () => {
    const answer = '\ufffd'.repeat(1024);
    const outcome: Outcome = { type: 'answered', status: 500, contentType: 'x'.repeat(200), answer };
    const outcomes = Array.from({ length: 60 }, () => outcome);
    const url = `http://127.0.0.1:9/${'x'.repeat(2000)}`;
    const { deliver, deliveries, add, stored, counted, logged, queued } = await setUp(
      { url },
      answering(...outcomes),
    );
    const job = await add();
    for (let tries = 0; tries < MOST_TRIES; tries += 1) await deliver({ ...job, tries });
    expect(await stored()).toMatchObject({ state: 'failed', failure: '14 tries have failed.', tries: 14 });
    expect(counted.filter((name) => name === 'DeliveriesFailed')).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(url);
    // Waits that a queue cannot hold are the sweeper's.
    expect(queued).toHaveLength(8);
    for (let round = 0; round < 3; round += 1) {
      await deliveries.queueAgain(await stored());
      const { tries } = await stored();
      for (let more = 0; more < MOST_TRIES; more += 1) await deliver({ ...job, tries: tries + more });
    }
    const delivery = await stored();
    expect(delivery).toMatchObject({ state: 'failed', tries: 56 });
    expect(delivery.attempts).toHaveLength(30);
    expect(Buffer.byteLength(JSON.stringify(delivery))).toBeLessThan(300_000);
  });

  it('is given up at once when the target says that it is gone', async () => {
    const { deliver, add, stored, queued } = await setUp(
      {},
      answering({ type: 'answered', status: 410, answer: '' }),
    );
    await deliver(await add());
    expect(await stored()).toMatchObject({ state: 'failed', failure: expect.stringMatching(/gone/) });
    expect(queued).toEqual([]);
  });

  it('is not sent to a callback that was deleted or disabled meanwhile, but for a test', async () => {
    const sent: string[] = [];
    const { deliver, add, stored, callbacks, callbackId } = await setUp({}, async ({ url }) => {
      sent.push(url);
      return { type: 'answered', status: 200, answer: '' };
    });
    await callbacks.replace(callbackId, { ...INPUT, enabled: false }, '*');
    await deliver(await add({ deliveryId: 'dlv_1', type: 'file.ready' }));
    expect(await stored('dlv_1')).toMatchObject({ state: 'failed', failure: 'The callback was disabled.' });
    expect(sent).toEqual([]);
    await deliver(await add({ deliveryId: 'dlv_2', type: 'test' }));
    expect(await stored('dlv_2')).toMatchObject({ state: 'delivered' });
    await callbacks.remove(callbackId);
    await deliver(await add({ deliveryId: 'dlv_3' }));
    expect(await stored('dlv_3')).toMatchObject({ state: 'failed', failure: 'The callback was deleted.' });
    expect(sent).toHaveLength(1);
  });

  it('goes to the URL that the callback has by now, signed with the new and the earlier secret for a day', async () => {
    const target = await startTarget();
    const { deliver, add, callbacks, callbackId, secret, clock } = await setUp();
    await callbacks.replace(callbackId, { ...INPUT, url: target.url }, '*');
    const rotated = await callbacks.rotate(callbackId);
    if (rotated.type !== 'replaced') throw new Error(rotated.type);
    await deliver(await add({ deliveryId: 'dlv_1' }));
    clock.pass(24 * 3600 + 1);
    await deliver(await add({ deliveryId: 'dlv_2' }));
    const [first, second] = target.received;
    if (first === undefined || second === undefined) throw new Error('Two requests were expected');
    expect([isSignedWith(secret, first), isSignedWith(rotated.callback.secret, first)]).toEqual([true, true]);
    expect([isSignedWith(secret, second), isSignedWith(rotated.callback.secret, second)]).toEqual([
      false,
      true,
    ]);
    expect(String(second.headers['webhook-signature'])).toMatch(/^v1,\S+$/);
  });
});

describe('a job that comes twice', () => {
  it('is carried out once, also when both come at once', async () => {
    const target = await startTarget();
    const { deliver, add } = await setUp({ url: target.url });
    const job = await add();
    await Promise.all(Array.from({ length: 5 }, () => deliver(job)));
    await deliver(job);
    expect(target.received).toHaveLength(1);
  });

  it('is void while the try is under way, and after it', async () => {
    const { deliveries, add, clock } = await setUp();
    const job = await add();
    expect(await deliveries.claim(job)).toMatchObject({ tries: 1 });
    expect(await deliveries.claim(job)).toBeUndefined();
    expect(await deliveries.claim({ ...job, tries: 1 })).toBeUndefined();
    clock.pass(41);
    expect(await deliveries.claim(job)).toBeUndefined();
    expect(await deliveries.claim({ ...job, tries: 1 })).toMatchObject({ tries: 2 });
  });

  it('cannot write over a later try', async () => {
    const { deliveries, add, clock, stored } = await setUp();
    const job = await add();
    const first = await deliveries.claim(job);
    if (first === undefined) throw new Error('unreachable');
    clock.pass(41);
    await deliveries.claim({ ...job, tries: 1 });
    expect(await deliveries.settle({ ...first, state: 'failed' })).toBe(false);
    expect(await stored()).toMatchObject({ state: 'pending', tries: 2 });
  });
});

describe('a delivery that was forgotten', () => {
  it('is queued again by the sweeper: when its message was lost, and when its wait is over', async () => {
    const { deliver, add, sweep, queued, clock, stored } = await setUp({}, answering(refused));
    const job = await add();
    clock.pass(29);
    await sweep();
    expect(queued).toEqual([]);
    clock.pass(2);
    await sweep();
    expect(queued.splice(0)).toEqual([{ job, delaySeconds: 0 }]);
    // The ninth failure in a row is followed by a wait of half an hour.
    await deliver(await add({ deliveryId: 'dlv_9', tries: 8 }));
    expect(await stored('dlv_9')).toMatchObject({ state: 'pending', dueAt: clock.at(1800) });
    expect(queued).toEqual([]);
    await deliver(job);
    clock.pass(1831);
    await sweep();
    expect(queued).toEqual([{ job: { deliveryId: 'dlv_9', tries: 9 }, delaySeconds: 0 }]);
  });

  it('is given up when even its last try was cut off by a crash', async () => {
    const { deliver, add, stored } = await setUp({}, answering());
    await deliver(await add({ tries: MOST_TRIES }));
    expect(await stored()).toMatchObject({
      state: 'failed',
      failure: 'Its last try was cut off.',
      attempts: [],
    });
  });

  it('is left alone while it is being tried, and taken up after a crash', async () => {
    const { deliveries, add, sweep, queued, clock } = await setUp();
    const job = await add();
    clock.pass(31);
    await deliveries.claim(job);
    await sweep();
    expect(queued).toEqual([]);
    clock.pass(41);
    await sweep();
    expect(queued).toEqual([{ job: { ...job, tries: 1 }, delaySeconds: 0 }]);
  });
});

describe('the list of deliveries', () => {
  it('is newest first, by callback and state, and keeps them for 14 days', async () => {
    const { deliver, add, deliveries, callbackId, clock } = await setUp({}, answering(refused));
    await deliver(await add({ deliveryId: 'dlv_1' }));
    clock.pass(1);
    await deliver(await add({ deliveryId: 'dlv_2', createdAt: clock.at() }));
    await add({ deliveryId: 'dlv_3', createdAt: clock.at(1) });
    await add({ deliveryId: 'dlv_4', callbackId: 'cbk_other' });
    await deliver(await add({ deliveryId: 'dlv_5', callbackId: 'cbk_gone' }));
    const ids = async (state?: Delivery['state'], of = callbackId) =>
      (await deliveries.list(of, { state }, { limit: 10 })).items.map(({ deliveryId }) => deliveryId);
    expect(await ids()).toEqual(['dlv_3', 'dlv_2', 'dlv_1']);
    expect(await ids('pending')).toEqual(['dlv_3', 'dlv_1']);
    expect(await ids('delivered')).toEqual(['dlv_2']);
    expect(await ids('failed')).toEqual([]);
    expect(await ids('failed', 'cbk_gone')).toEqual(['dlv_5']);
    const page = await deliveries.list(callbackId, {}, { limit: 2 });
    expect(page.items).toHaveLength(2);
    const next = await deliveries.list(callbackId, {}, { limit: 2, cursor: page.cursor ?? '' });
    expect(next.items.map(({ deliveryId }) => deliveryId)).toEqual(['dlv_1']);
  });
});
