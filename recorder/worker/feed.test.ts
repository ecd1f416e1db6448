import { get, type IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Fed, type Feed, startFeed } from './feed.ts';

let feed: Feed;
beforeEach(async () => {
  feed = await startFeed();
});
afterEach(() => feed.close());

const ask = (fed: Fed): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get(feed.offer('input', fed), resolve).on('error', reject);
  });

const CHUNK = Buffer.alloc(1024 * 1024);

describe('What ffmpeg reads', () => {
  it('has not failed because ffmpeg hangs up', async () => {
    const closed = Promise.withResolvers<void>();
    const response = await ask({
      open: async function* () {
        try {
          for (;;) yield CHUNK;
        } finally {
          closed.resolve();
        }
      },
    });
    await new Promise((resolve) => response.once('data', resolve));
    response.destroy();
    await closed.promise;
    // Whoever noted it would have done so by now.
    await setImmediate();
    expect(feed.failure).toBeUndefined();
    expect(feed.servedBytes).toBeGreaterThan(0);
  });

  it('has failed when the storage does, of which ffmpeg sees an end only', async () => {
    const failure = new Error('The storage went away');
    const response = await ask({
      open: async function* () {
        yield CHUNK;
        throw failure;
      },
    });
    response.on('error', () => undefined).resume();
    await vi.waitFor(() => expect(feed.failure).toBe(failure));
  });
});
