import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import type { Formats } from '../../shared/schemas/template.ts';
import { type Encoding, videoEncodingSchema } from '../../shared/schemas/transcode.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { createMemoryFiles } from '../../shared/table/files.fixture.ts';
import { type FlvTag, readFlv } from '../../test/support/flv-file.ts';
import { descendants } from '../../test/support/local-process.ts';
import { onThisMachine } from '../../test/support/on-this-machine.ts';
import { paced, sendLive } from '../../test/support/paced.ts';
import { joinedSegments, type RunningCapture, serve, startCapture } from '../capture/capture.fixture.ts';
import { FENCED } from '../capture/capture.ts';
import { carriesNothing } from '../capture/carried.ts';
import { flashAndBeep } from '../capture/flashes.fixture.ts';
import type { Making } from '../capture/making.ts';
import type { CaptureOutputs } from '../capture/outputs.ts';
import type { SessionState } from '../capture/supervise.ts';
import { MediaFolder, packetTimes } from '../containers/media.fixture.ts';
import { silentLog } from '../recorder.fixture.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { Clips } from './clips.ts';
import { Splicing } from './splicing.ts';

const FORMATS: Formats = { hls: { segmentSeconds: 2, resumptionTimeout: 60 }, mp4: { maxMinutes: 30 } };
const ENCODING: Encoding = {
  overlays: [],
  video: videoEncodingSchema.parse({ gopSeconds: 1, bitrateKbps: 2000 }),
  audio: { codec: 'aac', bitrateKbps: 128 },
  audioOnly: false,
};

const folder = new MediaFolder();
let sink: Sink;
let source: string;
let tags: FlvTag[];
let slate: string;

beforeAll(async () => {
  sink = await startSink();
  source = flashAndBeep(folder, 'flv', 30);
  tags = await readFlv(source);
  slate = folder.generate('png', '-f', 'lavfi', '-i', 'color=red:s=100x100', '-frames:v', '1');
}, 60_000);
afterAll(async () => {
  await sink.close();
  folder.remove();
  expect(await descendants(process.pid), 'processes that captures have left').toEqual([]);
});

const live = async (): Promise<SessionState> => 'live';

/** @param clip what standby content waits for */
const splicingWith = ({ through = sink, clip = Promise.resolve(), passed = (): number => 0 } = {}) => {
  const troubles: Reason[] = [];
  const clips = new Clips(async () => {
    await clip;
    return [{ path: slate, demuxer: 'png_pipe' }];
  });
  const splicing = new Splicing({
    ...{ recordId: 'rec_1', sink: through, clips, log: silentLog() },
    content: { key: 'standbys/1', sha256: 'ab'.repeat(32), contentType: 'image/png' },
    monotonicNow: () => performance.now() + passed(),
    onTrouble: (reason) => troubles.push(reason),
  });
  onTestFinished(() => splicing.abandon());
  return { splicing, troubles };
};

const recorded = async (running: RunningCapture, seconds: number): Promise<void> => {
  const gauge = await running.opened;
  await vi.waitFor(() => expect(gauge.recordedSeconds()).toBeGreaterThan(seconds), { timeout: 30_000 });
};

const isReady = (splicing: Splicing): Promise<void> =>
  vi.waitFor(() => expect(splicing.goesOnWith('usual')).toBe(true), { timeout: 30_000 });

const statesOf = async ({ files }: RunningCapture): Promise<string[]> =>
  (await files.list('rec_1')).map(({ format, state }) => `${format} ${state}`).sort();

describe('A capture whose standby content is still being made', { timeout: 60_000 }, () => {
  it('ends all the same, with its files open, until it is known that there is none', async () => {
    const clip = Promise.withResolvers<void>();
    const { splicing, troubles } = splicingWith({ clip: clip.promise });
    const bytes = readFileSync(flashAndBeep(folder, 'flv', 3));
    const port = await serve((_, response) => void response.end(bytes));
    const running = startCapture(sink, port, {
      ...{ splicing, formats: FORMATS, encoding: ENCODING, waits: true },
    });
    expect(await running.outcome).toMatchObject({ reason: { code: 'session-ended' } });
    expect(splicing.outgrown?.aborted).toBe(false);
    // Who comes back by then has files of its own.
    expect(splicing.goesOnWith('usual')).toBe(false);
    clip.reject(new Error('the bucket is away'));
    await vi.waitFor(() => expect(splicing.outgrown?.aborted).toBe(true));
    expect(troubles).toEqual([endReason('standby-missing')]);
    await splicing.release(running.carried)?.close(undefined, 'ended');
    expect(await statesOf(running)).toEqual(['hls ready', 'mp4 ready']);
    expect(packetTimes(folder.write('mp4', running.object('.mp4')), 'v')).toHaveLength(75);
  });

  it('is dropped at once when the recording belongs to somebody else', async () => {
    const { splicing } = splicingWith({ clip: new Promise(() => undefined) });
    const port = await serve((_, response) => void sendLive(response, paced(tags), 3000));
    const running = startCapture(sink, port, {
      ...{ splicing, formats: FORMATS, encoding: ENCODING, waits: true, session: live },
    });
    await recorded(running, 1);
    running.stop.abort(FENCED);
    splicing.abandon();
    await running.outcome;
    expect(await descendants(process.pid)).toEqual([]);
  });
});

describe('A tape', { timeout: 120_000 }, () => {
  it('whose ffmpeg hangs ends its capture, and is put down', async () => {
    const { splicing } = splicingWith();
    const port = await serve((_, response) => void sendLive(response, paced(tags), 3000));
    const running = startCapture(sink, port, {
      ...{ splicing, formats: FORMATS, encoding: ENCODING, goesOn: true, session: live },
    });
    await recorded(running, 2);
    await isReady(splicing);
    const pids = await descendants(process.pid);
    expect(pids).toHaveLength(3);
    const frozenAt = performance.now();
    process.kill(Math.max(...pids), 'SIGSTOP');
    const { reason } = await running.outcome;
    expect(reason).toMatchObject({ code: 'ffmpeg-failed', text: expect.stringMatching(/hung/) });
    expect(performance.now() - frozenAt).toBeLessThan(onThisMachine(20_000));
    expect(splicing.outgrown).toBeUndefined();
    expect(await statesOf(running)).toEqual(['hls recording', 'mp4 ready']);
  });

  it('of which ffmpeg gives one format up lasts until that is worth new files, and loses nothing of the others', async () => {
    const opened: Sink['open'] = (receive) =>
      sink.open((path, request) => {
        // As of a format that cannot hold what comes.
        if (path === 'made/mp4') setTimeout(() => request.destroy(), 1500);
        return receive(path, request);
      });
    const { splicing } = splicingWith({ through: { ...sink, open: opened } });
    const port = await serve((_, response) => void sendLive(response, paced(tags), 3000));
    const running = startCapture(sink, port, {
      ...{ splicing, formats: FORMATS, encoding: ENCODING, goesOn: true, session: live },
    });
    const gauge = await running.opened;
    expect(await running.outcome).toMatchObject({ reason: { code: 'source-invalid' } });
    expect(await statesOf(running)).toEqual(['hls recording', 'mp4 ready']);
    // 1.5 s and 3 s, and what was sent at once.
    expect(gauge.recordedSeconds()).toBeGreaterThan(5);
    const times = packetTimes(folder.write('ts', joinedSegments(running)), 'v');
    expect(times.length).toBeGreaterThan(5 * 25);
    const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...steps)).toBeLessThan(0.06);
  });

  it('that is left while a gap is filled has all of it, and what came of the stream behind it', async () => {
    let passed = 0;
    const { splicing } = splicingWith({ passed: () => passed });
    const bytes = readFileSync(flashAndBeep(folder, 'flv', 3));
    const sent = [bytes];
    const port = await serve((_, response) => {
      const first = sent.shift();
      if (first === undefined) void sendLive(response, paced(tags), 1000);
      else response.end(first);
    });
    const shared = {
      ...{ splicing, formats: FORMATS, encoding: ENCODING, carried: carriesNothing() },
      ...{ files: createMemoryFiles(), store: createMemoryObjectStore(), taken: new Set<string>() },
      making: { feeds: false, effort: 'usual' } satisfies Making,
    };
    await startCapture(sink, port, { ...shared, waits: true }).outcome;
    await isReady(splicing);
    passed = 400_000;
    const cut = new AbortController();
    const running = startCapture(sink, port, { ...shared, capture: 2, session: live, cut: cut.signal });
    await running.opened;
    cut.abort();
    expect(await running.outcome).toMatchObject({ reason: { code: 'recorder-drained' } });
    const times = packetTimes(folder.write('ts', joinedSegments(running)), 'v');
    const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // Where no key frame comes in time it ends in mid-stream, with a picture that others should have come before.
    expect(Math.max(...steps.slice(0, -1))).toBeLessThan(0.06);
    // The gap, and two groups of pictures of the stream at least.
    const seconds = times.length / 25;
    expect(seconds).toBeGreaterThan(3 + 400 + 2);
    // What came behind the key frame is in the other files, which need not wait for one.
    const inMp4 = packetTimes(folder.write('mp4', running.object('.mp4')), 'v').length;
    expect(inMp4).toBeGreaterThanOrEqual(times.length);
  });
});

describe('Tapes', () => {
  /** Outputs that do nothing. */
  const outputsOf = (recordedSeconds: number, close: CaptureOutputs['close'] = async () => undefined) =>
    ({
      recordedSeconds: () => recordedSeconds,
      close,
      abandon: () => undefined,
    }) as Partial<CaptureOutputs> as CaptureOutputs;

  it('that come to nothing, one after the other, are not tried again', async () => {
    const { splicing, troubles } = splicingWith();
    const fail = async (recordedSeconds: number): Promise<void> => {
      const tape = await splicing.open('usual', carriesNothing(), async () => outputsOf(recordedSeconds));
      tape?.spend(endReason('ffmpeg-failed'));
      await splicing.release(carriesNothing())?.close(undefined, 'ended');
    };
    for (const seconds of [0, 100, 0]) await fail(seconds);
    expect(troubles).toEqual([]);
    await fail(0);
    expect(troubles).toEqual([endReason('standby-missing')]);
    expect(await splicing.open('usual', carriesNothing(), async () => outputsOf(0))).toBeUndefined();
  });

  it('that cannot be closed let nobody wait for the playlist', async () => {
    const { splicing } = splicingWith();
    const failed = () => Promise.reject(new Error('the table is away'));
    await splicing.open('usual', carriesNothing(), async () => outputsOf(0, failed));
    const carried = carriesNothing();
    carried.file = new Promise(() => undefined);
    const closed = splicing.release(carried)?.close(undefined, 'open');
    await expect(closed).rejects.toThrow('the table is away');
    expect(await carried.file).toBeUndefined();
  });

  it('tell of a format that is broken again and again less and less often', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { splicing } = splicingWith();
    const open = async () => outputsOf(10);
    const tape = await splicing.open('usual', carriesNothing(), open, 20_000);
    const reasons: string[] = [];
    tape?.stretch(({ code }) => reasons.push(code));
    tape?.broken('mp4');
    expect(splicing.outgrown?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(19_000);
    expect(reasons).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(reasons).toEqual(['source-invalid']);
  });
});
