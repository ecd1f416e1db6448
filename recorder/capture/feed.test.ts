import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { Feed } from './feed.ts';

const MOST_BYTES = 10;

it('hands on all that comes, in its order, and holds its source up while too much of it waits', async () => {
  const [feed, source, target] = [new Feed(MOST_BYTES), new PassThrough(), new PassThrough()];
  feed.takeFrom(source);
  source.write('1234567890');
  await vi.waitFor(() => expect(source.isPaused()).toBe(true));
  expect(feed.isFull).toBe(true);
  source.end('abc');
  expect(feed.lagMs(performance.now())).toBeGreaterThan(0);
  const [taken] = await Promise.all([buffer(target), feed.pumpTo(target)]);
  expect(taken.toString()).toBe('1234567890abc');
  expect(feed.isFull).toBe(false);
  expect(feed.ended).toBe(true);
  expect(feed.lagMs(performance.now())).toBe(0);
});

it('lets its source go on when nobody is going to take what comes', async () => {
  const [feed, source] = [new Feed(MOST_BYTES), new PassThrough()];
  feed.takeFrom(source);
  source.write(Buffer.alloc(MOST_BYTES));
  await vi.waitFor(() => expect(source.isPaused()).toBe(true));
  feed.drop();
  source.end(Buffer.alloc(MOST_BYTES));
  await vi.waitFor(() => expect(feed.ended).toBe(true));
  expect(feed.lagMs(performance.now())).toBe(0);
});

it('ends with its target', async () => {
  const [feed, source, target] = [new Feed(MOST_BYTES), new PassThrough(), new PassThrough()];
  feed.takeFrom(source);
  const pumped = feed.pumpTo(target);
  target.destroy();
  await pumped;
  expect(feed.ended).toBe(false);
});
