import { describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import type { OwedEvent } from '../events/stream-events.ts';
import { createOwedEvents } from './owed-events.ts';

const table = useTable();
const AT = '2026-11-22T12:00:00.000Z';
const event = (stream: string, type: 'started' | 'stopped', clientId = 'c'): OwedEvent => ({
  ...{ type, clientId, at: AT },
  key: { domain: 'push.example.com', app: 'live', stream },
});

describe('Events that are still to be taken in', () => {
  it('are found by their stream, and by how long they have stood, until they are taken in', async () => {
    const owed = createOwedEvents(table);
    const [one, other] = [event('a', 'started'), event('a', 'stopped')];
    const all = [one, other, event('a/b', 'started'), event('b', 'started')];
    for (const each of [one, ...all]) await owed.add(each);
    const found = await owed.ofStream(one.key);
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining([one, other]));
    expect(await owed.overdue(new Date(Date.now() + 1000), 10)).toEqual(all);
    await owed.remove(one);
    expect(await owed.ofStream(one.key)).toEqual([other]);
    expect(await owed.ofStream(event('c', 'started').key)).toEqual([]);
  });
});
