import { describe, expect, it } from 'vitest';
import type { PushEvent } from '../../shared/events/stream-events.ts';
import { createRecordedTelemetry, KEY, START } from '../common/world.fixture.ts';
import { createPutDown } from './put-down.ts';

const EVENT: PushEvent = { type: 'started', key: KEY, clientId: 'a', at: START };
const taken = async () => undefined;
const away = () => Promise.reject(new Error('away'));
const silent = () => new Promise<never>(() => undefined);

const setUp = (queueStreamEvent: () => Promise<void>, add: () => Promise<void>) => {
  const { telemetry, logged } = createRecordedTelemetry();
  const putDown = createPutDown({ owedEvents: { add }, queueStreamEvent, telemetry });
  return { put: () => putDown(EVENT, AbortSignal.timeout(5)), logged };
};

describe('what an ingest server has said', () => {
  it('is put down in the queue and in the table at the same time', async () => {
    const order: string[] = [];
    const slowly = (name: string) => async () => {
      order.push(`${name} begins`);
      await null;
      order.push(`${name} ends`);
    };
    const { put, logged } = setUp(slowly('queue'), slowly('table'));
    await put();
    expect(order).toEqual(['queue begins', 'table begins', 'queue ends', 'table ends']);
    expect(logged).toEqual([]);
  });

  it.each([
    ['the queue only', taken, away],
    ['the queue only', taken, silent],
    ['the table only', away, taken],
    ['the table only', silent, taken],
  ])('is put down all the same when %s takes it, and somebody is told', async (where, queue, table) => {
    const { put, logged } = setUp(queue, table);
    await put();
    expect(logged).toMatchObject([{ message: expect.stringContaining(where), details: { clientId: 'a' } }]);
  });

  it.each([
    [away, away],
    [silent, away],
    [silent, silent],
  ])('is refused when neither takes it', async (queue, table) => {
    await expect(setUp(queue, table).put()).rejects.toThrow('Not put down');
  });
});
