import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import { videoEncodingSchema } from '../../shared/schemas/transcode.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { createMemoryFiles } from '../../shared/table/files.fixture.ts';
import { serve } from '../capture/capture.fixture.ts';
import { flashAndBeep, momentsOf } from '../capture/flashes.fixture.ts';
import { MediaFolder, packetTimes } from '../containers/media.fixture.ts';
import { HOLDS, IN_MEMORY, planOf, recordingOf, silentLog } from '../recorder.fixture.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import type { Clip } from '../splice/clip.ts';
import { Clips } from '../splice/clips.ts';
import { createMeter } from './meter.ts';
import { type RunPorts, runRecording } from './run-recording.ts';
import { createSessionNews } from './session-news.ts';

const folder = new MediaFolder();
let sink: Sink;
let stream: Buffer;
let slate: string;

beforeAll(async () => {
  sink = await startSink();
  stream = readFileSync(flashAndBeep(folder, 'flv', 3));
  slate = folder.generate('png', '-f', 'lavfi', '-i', 'color=red:s=320x180', '-frames:v', '1');
}, 60_000);
afterAll(async () => {
  await sink.close();
  folder.remove();
});

it('bridges an interruption, and ends when the stream does not come back', { timeout: 120_000 }, async () => {
  let pushes = 0;
  let isPushing = true;
  const port = await serve((_, response) => void response.end(stream));

  const [files, store, news] = [createMemoryFiles(), createMemoryObjectStore(), createSessionNews()];
  const [troubles, said] = [[] as (string | undefined)[], [] as object[]];
  const recording = recordingOf(
    planOf(
      { mp4: { maxMinutes: 30 }, hls: { segmentSeconds: 2, resumptionTimeout: 3 } },
      {
        sourceUrl: `http://127.0.0.1:${port}/{stream}.flv`,
        encoding: {
          overlays: [],
          audioOnly: false,
          video: videoEncodingSchema.parse({ crf: 23 }),
          audio: { codec: 'aac', bitrateKbps: 96 },
        },
        standby: { key: 'standbys/1', sha256: 'ab'.repeat(32), contentType: 'image/png' },
      },
    ),
    { captures: 0, startedAt: new Date().toISOString() },
  );
  const clips = new Clips(async () => [{ path: slate, demuxer: 'png_pipe' }]);
  let clip: Promise<Clip> | undefined;
  let captures = 0;
  const sessionId = () => `ses_${pushes + 1}`;
  const ports = {
    ...{ recorderId: 'rcd_1', files, sink, log: silentLog(), fence: HOLDS, failoverMs: 1000 },
    recordings: {
      nextCapture: async () => {
        captures += 1;
        return captures;
      },
      setTrouble: async (_: string, __: number, trouble?: { code: string }) => {
        troubles.push(trouble?.code);
        return true;
      },
      get: async () => ({ ...recording, sessionId: sessionId() }),
    },
    streams: { get: async () => ({ live: isPushing, sessionId: sessionId() }) },
    policy: createAddressPolicy(['127.0.0.0/8']),
    draining: new AbortController().signal,
    say: async (event: { type: string }) => {
      said.push(event);
      // All of it is sent at once; a machine that is busy has not begun to read by then.
      if (event.type === 'capture.started') isPushing = false;
    },
    send: async () => undefined,
    images: async () => [],
    clips: {
      get: (...wish: Parameters<Clips['get']>) => {
        clip = clips.get(...wish);
        return clip;
      },
    },
    storeOf: () => store,
    openOverflow: () => IN_MEMORY,
    randomId: () => 'random',
  } as unknown as RunPorts;
  const cut = new AbortController().signal;
  const done = runRecording(ports, recording, new AbortController(), createMeter(), {
    ...{ cut, news, arrival: undefined },
  });
  await vi.waitFor(() => expect({ troubles, said }).toMatchObject({ troubles: ['stream-awaited'] }), 60_000);
  await clip;
  const since = performance.now();
  // Long enough for something to be shown meanwhile.
  await vi.waitFor(() => expect(performance.now() - since).toBeGreaterThan(1300), 5000);
  pushes += 1;
  isPushing = true;
  news.emit('heard');
  await done;
  expect(captures).toBe(2);
  expect(said.at(-1)).toMatchObject({
    ...{ type: 'capture.ended', capture: 2, waited: true },
    reason: { code: 'session-ended' },
  });
  const states = (await files.list('rec_1')).map(({ format, state }) => `${format} ${state}`);
  expect(states.sort()).toEqual(['hls ready', 'mp4 ready']);
  const [, mp4] = [...store.objects].find(([key]) => key.endsWith('.mp4')) ?? [];
  const path = folder.write('mp4', mp4?.body ?? Buffer.alloc(0));
  const { flashes, beeps } = momentsOf(path);
  expect(flashes).toHaveLength(6);
  for (const [index, flash] of flashes.entries())
    expect(Math.abs(flash - (beeps[index] ?? 0)), `${index}`).toBeLessThan(0.04);
  // Twice 75 pictures of the stream, and those of the gap.
  expect(packetTimes(path, 'v').length).toBeGreaterThan(150 + 1.2 * 25);
});
