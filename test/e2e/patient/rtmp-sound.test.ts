import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startIngest } from '../../../local/ingest/index.ts';
import { startCapture } from '../../../recorder/capture/capture.fixture.ts';
import type { Making } from '../../../recorder/capture/making.ts';
import { MediaFolder, packets, probeFile, testSource } from '../../../recorder/containers/media.fixture.ts';
import { type Sink, startSink } from '../../../recorder/sink/sink.ts';
import { publish } from '../../support/publisher.ts';

const HOST = '127.0.0.1';
const folder = new MediaFolder();
const steps: (() => unknown)[] = [];
let sink: Sink;

beforeAll(async () => {
  sink = await startSink();
});
afterAll(async () => {
  for (const step of steps.reverse()) await step();
  await sink.close();
  folder.remove();
});

it('has AAC of a stream of RTMP whose sound is MP3, and all of it, with the second capture', {
  timeout: 90_000,
}, async () => {
  const callbacks = createServer((_, response) => response.end()).listen(0, HOST);
  steps.push(() => callbacks.close());
  await vi.waitFor(() => expect(callbacks.address()).not.toBeNull());
  const { port: callbackPort } = callbacks.address() as { port: number };
  const notifyUrl = `http://${HOST}:${callbackPort}/`;
  const ingest = await startIngest({
    ...{ host: HOST, port: 0, notifyUrl, log: new PassThrough() },
    onDeath: (how) => expect.unreachable(how),
  });
  steps.push(() => ingest.stop());
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '250', '-c:a', 'libmp3lame'];
  const source = folder.generate('flv', ...testSource(12), ...codecs);
  const url = `rtmp://${HOST}:${ingest.port}/live/show`;
  const publication = publish(source, url);

  const making: Making = { feeds: false, effort: 'usual' };
  const formats = { mp4: { maxMinutes: 30 }, aac: { maxMinutes: 30, when: 'always' as const } };
  const options = { formats, making, url, session: async () => 'live' as const };
  const first = startCapture(sink, 0, options);
  expect(await first.outcome).toMatchObject({ reason: { code: 'codec-changed' }, receivedMedia: false });
  expect([...first.store.objects.keys()]).toEqual([]);
  expect(making.feeds).toBe(true);

  const second = startCapture(sink, 0, { ...options, session: undefined });
  await publication.ended;
  await second.outcome;
  const video = packets(folder.write('mp4', second.object('.mp4')), 'v');
  // The ingest server sends again what it has had since the last key frame: everything.
  expect(video).toEqual(packets(source, 'v'));
  const [sound] = probeFile(folder.write('aac', second.object('.aac'))).streams;
  expect(sound?.codec_name).toBe('aac');
  expect(Math.abs(Number(sound?.nb_read_frames) - (12 * 44_100) / 1024)).toBeLessThan(4);
});
