import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createAddressPolicy } from '../../../shared/net/address-policy.ts';
import { endReason } from '../../../shared/recordings/end-reason.ts';
import { createMemoryObjectStore } from '../../../shared/storage/memory-object-store.ts';
import { createMemoryFiles } from '../../../shared/table/files.fixture.ts';
import { onThisMachine } from '../../../test/support/on-this-machine.ts';
import { runCapture } from '../../capture/capture.ts';
import { carriesNothing } from '../../capture/carried.ts';
import { MediaFolder, packets, videoFrames } from '../../containers/media.fixture.ts';
import { createNamer } from '../../files/namer.ts';
import { IN_MEMORY, ladderOf, ledgerOf, planOf, recordingOf } from '../../recorder.fixture.ts';
import { type Sink, startSink } from '../../sink/sink.ts';
import type { HlsMemory } from './choose.ts';
import { HlsFolder, HlsOrigin } from './hls-origin.fixture.ts';

const SECONDS = 8;
const files = new MediaFolder();
let folder: HlsFolder;
let sink: Sink;

beforeAll(async () => {
  sink = await startSink();
  folder = new HlsFolder(SECONDS);
  folder.segment('ts');
  folder.encryptedSegments('encrypted');
  folder.segment('fmp4', '-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename', 'init.mp4');
  const apart = ['-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename'];
  folder.segment('picture', '-map', '0:v', ...apart, 'picture.mp4');
  folder.segment('sound', '-map', '0:a', ...apart, 'sound.mp4');
  folder.segment('ranges', '-hls_flags', 'single_file');
  const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
  write(
    'apart.m3u8',
    '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="s",NAME="s",DEFAULT=YES,URI="sound.m3u8"\n' +
      '#EXT-X-STREAM-INF:BANDWIDTH=100,AUDIO="s"\nnone.m3u8\n' +
      '#EXT-X-STREAM-INF:BANDWIDTH=900,AUDIO="s"\npicture.m3u8\n',
  );
}, 30_000);
afterAll(async () => {
  await sink.close();
  folder.remove();
  files.remove();
});

const serve = async (window?: number) => {
  const origin = new HlsOrigin(folder, window);
  onTestFinished(() => origin.close());
  return { origin, url: await origin.listen() };
};

interface StartOptions {
  readonly allowed?: readonly string[];
  readonly capture?: number;
  readonly memories?: Map<string, HlsMemory>;
  readonly ended?: () => boolean;
}

const start = (
  sourceUrl: string,
  { allowed = ['127.0.0.0/8'], capture = 1, memories = new Map(), ended = () => false }: StartOptions = {},
) => {
  const recording = recordingOf(planOf({ mp4: { maxMinutes: 30 } }, { sourceUrl }));
  const stored = createMemoryFiles();
  const { ledger, log } = ledgerOf(recording, stored);
  const store = createMemoryObjectStore();
  const stop = new AbortController();
  const closing: Promise<void>[] = [];
  const running = runCapture({
    ...{ recording, capture, sink, log, files: stored, hlsMemories: memories },
    namer: createNamer(recording, 1, new Set(), () => 'random'),
    ports: {
      ...{ ladder: ladderOf({ primary: store }), overflow: IN_MEMORY, ledger },
      now: () => new Date(),
      monotonicNow: () => performance.now(),
    },
    policy: createAddressPolicy(allowed),
    stop: stop.signal,
    hasMedia: false,
    session: async () => (ended() ? 'ended' : 'live'),
    goesOn: () => false,
    onOpened: () => undefined,
    onStarted: () => undefined,
    carried: carriesNothing(),
    making: { feeds: false, effort: 'usual' },
    images: async () => [],
    onTrouble: () => undefined,
    onClosing: (closed) => closing.push(closed),
  });
  const outcome = running.then(async (result) => {
    await Promise.all(closing);
    return result;
  });
  const mp4 = (): string => {
    const [found, ...others] = [...store.objects].filter(([key]) => key.endsWith('.mp4'));
    if (found === undefined || others.length > 0) throw new Error('There is not one MP4');
    return files.write('mp4', found[1].body);
  };
  return { outcome, stop, mp4, stored };
};

/** Makes a segment each time that the playlist has been looked at often enough for the last one to be seen. */
const play = async (origin: HlsOrigin, playlist: string, until = SECONDS): Promise<void> => {
  const looks = () => origin.asked.filter((name) => name === playlist).length;
  while (origin.live.made < until) {
    const before = looks();
    await vi.waitFor(() => expect(looks()).toBeGreaterThan(before), { timeout: 5000, interval: 20 });
    origin.live.made += 1;
  }
};

const frames = () => videoFrames(folder.source);
// The first packet has notes beside it, which not every container takes.
const sounds = () => packets(folder.source, 'a').slice(1);

describe.concurrent('A capture of an HLS stream', () => {
  it.each([
    ['MPEG-TS', 'ts.m3u8', 'ts.m3u8'],
    ['encrypted MPEG-TS', 'encrypted.m3u8', 'encrypted.m3u8'],
    ['byte ranges of one file', 'ranges.m3u8', 'ranges.m3u8'],
    ['fragmented MP4', 'fmp4.m3u8', 'fmp4.m3u8'],
    ['fragmented MP4 with the sound apart', 'apart.m3u8', 'picture.m3u8'],
  ])('has every frame of it, from the first one on: %s', { timeout: 30_000 }, async (_, playlist, media) => {
    const { origin, url } = await serve();
    const running = start(`${url}/${playlist}?name={stream}`);
    await play(origin, media);
    // Sound that is apart has a short segment more.
    Object.assign(origin.live, { made: SECONDS + 1, ended: true });
    expect(await running.outcome).toMatchObject({ reason: { code: 'source-silent' }, receivedMedia: true });
    const mp4 = running.mp4();
    expect(videoFrames(mp4)).toEqual(frames());
    expect(packets(mp4, 'a').slice(1)).toEqual(sounds());
    expect(origin.asked.filter((name) => /init|key/.test(name)).length).toBeLessThanOrEqual(1);
    expect(origin.asked).not.toContain('none.m3u8');
  });

  it('ends with the last segment when the session ends, although the playlist does not say so', {
    timeout: 30_000,
  }, async () => {
    const { origin, url } = await serve();
    const running = start(`${url}/ts.m3u8?{stream}`);
    await play(origin, 'ts.m3u8', SECONDS - 1);
    running.stop.abort(endReason('session-ended'));
    // The last one is made when the encoder has gone.
    await play(origin, 'ts.m3u8');
    expect(await running.outcome).toMatchObject({ reason: { code: 'session-ended' }, receivedMedia: true });
    expect(videoFrames(running.mp4())).toEqual(frames());
    expect(running.stored.item('0001-mp4-0001').state).toBe('ready');
  });

  it('ends when the session has ended and the playlist is gone', { timeout: 30_000 }, async () => {
    const { origin, url } = await serve();
    const sessionEnded = vi.fn(() => origin.live.gone);
    const running = start(`${url}/ts.m3u8?{stream}`, { ended: sessionEnded });
    await play(origin, 'ts.m3u8', 4);
    await vi.waitFor(() => expect(origin.asked).toContain('ts3.ts'), { timeout: 5000 });
    origin.live.gone = true;
    expect(await running.outcome).toMatchObject({ reason: { code: 'session-ended' }, receivedMedia: true });
    expect(videoFrames(running.mp4())).toEqual(frames().slice(0, 100));
    // Between segments it is always silent, and nobody needs to ask why.
    expect(sessionEnded.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it('ends at once when it is stopped, with what had come', { timeout: 30_000 }, async () => {
    const { origin, url } = await serve();
    const running = start(`${url}/ts.m3u8?{stream}`);
    await play(origin, 'ts.m3u8', 4);
    await vi.waitFor(() => expect(origin.asked).toContain('ts3.ts'), { timeout: 5000 });
    const stoppedAt = performance.now();
    running.stop.abort(endReason('stopped'));
    expect(await running.outcome).toMatchObject({ reason: { code: 'stopped' }, receivedMedia: true });
    expect(performance.now() - stoppedAt).toBeLessThan(onThisMachine(2000));
    const stored = videoFrames(running.mp4());
    expect(stored).toEqual(frames().slice(0, stored.length));
    expect(stored.length).toBeGreaterThanOrEqual(75);
  });

  it('goes on where the capture before it was', { timeout: 30_000 }, async () => {
    const { origin, url } = await serve(6);
    const memories = new Map<string, HlsMemory>();
    const before = start(`${url}/ts.m3u8?{stream}`, { memories });
    await play(origin, 'ts.m3u8', 3);
    await vi.waitFor(() => expect(origin.asked).toContain('ts2.ts'), { timeout: 5000 });
    before.stop.abort(endReason('source-silent'));
    await before.outcome;
    origin.live.made = 5;
    origin.live.ended = true;
    const after = start(`${url}/ts.m3u8?{stream}`, { memories, capture: 2 });
    await after.outcome;
    expect(videoFrames(after.mp4())).toEqual(frames().slice(75, 125));
  });

  it('begins at the live edge when it is not the first one', { timeout: 30_000 }, async () => {
    const { origin, url } = await serve(8);
    Object.assign(origin.live, { made: 6, ended: true });
    const running = start(`${url}/ts.m3u8?{stream}`, { capture: 2 });
    await running.outcome;
    expect(videoFrames(running.mp4())).toEqual(frames().slice(75, 150));
  });
});

describe('A capture of HLS that leads elsewhere', () => {
  const ends = (playlist: string, url: string, allowed?: readonly string[]) =>
    start(`${url}/${playlist}?{stream}`, allowed === undefined ? {} : { allowed }).outcome;
  const metadata = 'http://169.254.169.254/latest/meta-data/';

  it('connects to nothing that is not allowed', async () => {
    const { origin, url } = await serve();
    for (const host of ['127.0.0.1', 'localhost']) {
      const outcome = await ends('ts.m3u8', url.replace('127.0.0.1', host), []);
      expect(outcome).toMatchObject({ reason: { code: 'source-refused' } });
    }
    expect(origin.asked).toEqual([]);
  });

  it.each([
    ['a redirect', (response: ServerResponse) => response.writeHead(302, { location: metadata }).end()],
    [
      'a variant',
      (response: ServerResponse) =>
        response.end(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${metadata}index.m3u8`),
    ],
  ])('is refused: %s', async (_, answer) => {
    const { origin, url } = await serve();
    origin.special.set('ts.m3u8', (_request, response) => void answer(response));
    expect(await ends('ts.m3u8', url)).toMatchObject({ reason: { code: 'source-refused' } });
  });

  it.each([
    ['a segment elsewhere', `${metadata}x.ts`],
    ['a file', 'file:///etc/passwd'],
    ['a redirect of a segment', 'elsewhere.ts'],
  ])('records nothing of it: %s', { timeout: 20_000 }, async (_, segment) => {
    const { origin, url } = await serve();
    const head = '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n';
    origin.special.set('ts.m3u8', (_request, response) => response.end(`${head}${segment}\n#EXT-X-ENDLIST`));
    origin.special.set('elsewhere.ts', (_request, response) =>
      response.writeHead(302, { location: metadata }).end(),
    );
    const running = start(`${url}/ts.m3u8?{stream}`);
    expect(await running.outcome).toMatchObject({ receivedMedia: false });
  });

  it.each([
    ['what is no playlist', 'no playlist', 'source-unsupported'],
    ['a playlist without segments', '#EXTM3U\n#EXT-X-TARGETDURATION:1\n', 'source-unreachable'],
    [
      'what cannot be decrypted',
      '#EXTM3U\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x"\n#EXTINF:1,\nx.ts\n',
      'source-unsupported',
    ],
    ['no end of a playlist', '#EXTM3U\n'.padEnd(5_000_000, '#\n'), 'source-unsupported'],
  ])('says so: %s', async (_, body, code) => {
    const { origin, url } = await serve();
    origin.special.set('ts.m3u8', (_request, response) => void response.end(body));
    expect(await ends('ts.m3u8', url)).toMatchObject({ reason: { code }, receivedMedia: false });
  });

  it('says that there is no playlist yet', async () => {
    const { origin, url } = await serve();
    origin.live.gone = true;
    const text = 'The source could not be reached. The source answered 404.';
    expect(await ends('ts.m3u8', url)).toMatchObject({ reason: { code: 'source-unreachable', text } });
  });
});
