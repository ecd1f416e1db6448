import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionState } from '../capture/supervise.ts';
import { silentLog } from '../recorder.fixture.ts';
import { awaitReturn } from './await-return.ts';
import { createSessionNews } from './session-news.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const begin = (states: readonly (SessionState | Error)[], seconds = 600, isLive = false) => {
  const [left, news, given] = [[...states], createSessionNews(), new AbortController()];
  const session = vi.fn(async (_isNoted: boolean): Promise<SessionState> => {
    const next = left.shift() ?? 'ended';
    if (next instanceof Error) throw next;
    return next;
  });
  const { signal } = given;
  const done = awaitReturn({
    ...{ recordId: 'rec_1', seconds, isLive, news, signal, session },
    log: silentLog(),
  });
  return { done, news, given, session };
};

describe('A recorder that waits for a stream', () => {
  it('sees at once that it is back already', async () => {
    const { done, session } = begin(['resumed']);
    expect(await done).toBe('back');
    expect(session).toHaveBeenCalledTimes(1);
  });

  it('looks when it is told something, and at no other time within seconds', async () => {
    const { done, news, session } = begin(['ended', 'resumed']);
    await vi.advanceTimersByTimeAsync(14_000);
    expect(session).toHaveBeenCalledTimes(1);
    news.emit('heard');
    expect(await done).toBe('back');
    // What is told has been noted.
    expect(session.mock.calls).toEqual([[false], [true]]);
  });

  it('looks again when it was told something while it looked', async () => {
    const { done, news } = begin(['ended', 'resumed']);
    news.emit('heard');
    expect(await done).toBe('back');
  });

  it('sees in the end that a stream is back of which it was told nothing, and looks ever more rarely', async () => {
    const { done, session } = begin(
      ['ended', 'ended', new Error('the table is away'), 'ended', 'resumed'],
      1800,
    );
    await vi.advanceTimersByTimeAsync(225_000);
    expect(await done).toBe('back');
    expect(session).toHaveBeenCalledTimes(5);
  });

  it('sees within a minute that a stream is back of which it was told nothing, however long it has waited', async () => {
    const { done, session } = begin(
      Array.from({ length: 8 }, () => 'ended'),
      1800,
    );
    await vi.advanceTimersByTimeAsync(15_000 + 30_000 + 5 * 60_000);
    expect(session).toHaveBeenCalledTimes(8);
    session.mockResolvedValue('resumed');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await done).toBe('back');
  });

  it('looks once more when the time is over, and not for longer', async () => {
    const { done, session } = begin([], 60);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await done).toBe('over');
    expect(session).toHaveBeenCalledTimes(4);
    const late = begin(['ended', 'ended', 'ended', 'resumed'], 60);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await late.done).toBe('back');
  });

  it('takes a session that goes on for a return only when it waits for the end of that', async () => {
    expect(await begin(['live']).done).toBe('back');
    const silent = begin(['live', 'ended', 'resumed'], 600, true);
    await vi.advanceTimersByTimeAsync(45_000);
    expect(await silent.done).toBe('back');
    expect(silent.session).toHaveBeenCalledTimes(3);
    const gone = begin(['live', 'live', 'live'], 40, true);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(await gone.done).toBe('over');
  });

  it('gives up when it is told to', async () => {
    const { done, given } = begin([]);
    await vi.advanceTimersByTimeAsync(1000);
    given.abort();
    expect(await done).toBe('given-up');
  });
});
