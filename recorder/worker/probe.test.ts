import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { MediaFolder, testSource } from '../containers/media.fixture.ts';
import { type Feed, startFeed } from './feed.ts';
import { probe } from './probe.ts';
import { createSources } from './worker.fixture.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());
let feed: Feed;
beforeEach(async () => {
  feed = await startFeed();
});
afterEach(() => feed.close());

const look = (body: Buffer) => {
  const open = async function* open() {
    for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536);
  };
  const input = { url: feed.offer('0.ts', { open }), demuxer: 'mpegts' } as const;
  return probe(input, new AbortController().signal);
};

describe('A look at what is read', () => {
  it('takes the beginning where that tells all', async () => {
    // Mostly stuffing: a step that reads it must not read it twice.
    const rate = ['-preset', 'ultrafast', '-c:a', 'aac', '-muxrate', '16M'];
    const body = readFileSync(folder.generate('ts', ...testSource(20), '-c:v', 'libx264', ...rate));
    expect(body.length).toBeGreaterThan(35e6);
    const { media, far } = await look(body);
    expect(media).toMatchObject({
      videoCodec: 'h264',
      width: 192,
      audioCodec: 'aac',
      audioSampleRate: 44_100,
    });
    expect(far).toBeUndefined();
    // Beside what ffmpeg takes, what is on its way to it.
    expect(feed.servedBytes).toBeLessThan(0.75 * body.length);
  });

  it('goes far where something is missing, and says so', async () => {
    const store = createMemoryObjectStore();
    await createSources(folder).late(store, 'show.m3u8');
    const { body } = store.objects.get('show/0001-000000.ts') ?? {};
    const { media, far } = await look(Buffer.from(body ?? ''));
    expect(media).toMatchObject({ videoCodec: 'h264', width: 192, height: 108, audioCodec: 'aac' });
    expect(far).toBe(true);
  });
});
