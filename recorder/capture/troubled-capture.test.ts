import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { type FlvTag, readFlv } from '../../test/support/flv-file.ts';
import { descendants } from '../../test/support/local-process.ts';
import { onThisMachine } from '../../test/support/on-this-machine.ts';
import { paced, sendLive } from '../../test/support/paced.ts';
import { MediaFolder, packets, testSource } from '../containers/media.fixture.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { serve, startCapture } from './capture.fixture.ts';
import type { SessionState } from './supervise.ts';

const folder = new MediaFolder();
let sink: Sink;
let source: string;
let tags: FlvTag[];

beforeAll(async () => {
  sink = await startSink();
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac', '-shortest'];
  source = folder.generate('flv', ...testSource(16), ...codecs);
  tags = await readFlv(source);
});
afterAll(async () => {
  await sink.close();
  folder.remove();
  expect(await descendants(process.pid), 'processes that captures have left').toEqual([]);
});

const live = async (): Promise<SessionState> => 'live';
const FLV = { flv: { maxMinutes: 30 } };

/** Processes of this test alone: those that use it run one after the other. */
const signalFfmpeg = async (signal: NodeJS.Signals): Promise<void> => {
  const pids = await descendants(process.pid);
  expect(pids).toHaveLength(1);
  for (const pid of pids) process.kill(pid, signal);
};

describe('A capture whose ffmpeg', { timeout: 40_000 }, () => {
  it('is killed keeps what had come, and leaves the playlist open for the next one', async () => {
    const port = await serve((_, response) => sendLive(response, paced(tags), 3000));
    // Media that come tell that the session goes on: nobody waits for a table that is away.
    const unanswered = (): Promise<SessionState> => new Promise(() => undefined);
    const running = startCapture(sink, port, { session: unanswered, goesOn: true });
    const gauge = await running.opened;
    await vi.waitFor(() => expect(gauge.recordedSeconds()).toBeGreaterThan(6), { timeout: 10_000 });
    await signalFfmpeg('SIGKILL');
    expect(await running.outcome).toMatchObject({ reason: { code: 'ffmpeg-failed' }, receivedMedia: true });
    const states = (await running.files.list('rec_1')).map(({ format, state }) => `${format} ${state}`);
    expect(states.sort()).toEqual(['aac ready', 'flv ready', 'hls recording', 'mp4 ready']);
    const flv = packets(folder.write('flv', running.object('.flv')), 'v');
    expect(flv).toEqual(packets(source, 'v').slice(0, flv.length));
  });

  it('is frozen is killed within 10 s, and says so', async () => {
    const port = await serve((_, response) => sendLive(response, paced(tags), 2000));
    const running = startCapture(sink, port, { formats: FLV, session: live });
    const gauge = await running.opened;
    await vi.waitFor(() => expect(gauge.recordedSeconds()).toBeGreaterThan(2), { timeout: 10_000 });
    const frozenAt = performance.now();
    await signalFfmpeg('SIGSTOP');
    const { reason } = await running.outcome;
    expect(reason).toMatchObject({
      cause: 'ours',
      code: 'ffmpeg-failed',
      text: expect.stringMatching(/hung/),
    });
    expect(performance.now() - frozenAt).toBeLessThan(onThisMachine(7000));
    expect(running.files.item('0001-flv-0001')).toMatchObject({ state: 'ready', reason });
  });

  it('has nothing to do while the source pauses is left alone', async () => {
    const part = paced(tags).filter(({ atMs }) => atMs < 4000);
    const after = paced(tags).filter(({ atMs }) => atMs >= 4000);
    const port = await serve(async (_, response) => {
      await sendLive(
        response,
        [...part, ...after.map(({ atMs, bytes }) => ({ atMs: atMs + 7000, bytes }))],
        3000,
      );
      response.end();
    });
    const ended = vi.fn(live);
    const running = startCapture(sink, port, { formats: FLV, session: ended });
    expect(await running.outcome).toMatchObject({ reason: endReason('source-silent') });
    expect(packets(folder.write('flv', running.object('.flv')), 'v')).toEqual(packets(source, 'v'));
    // In the pause, less and less often, and at the end.
    expect(ended.mock.calls.length).toBeLessThanOrEqual(7);
  });
});

describe('A capture of a stream whose time stamps', { timeout: 40_000 }, () => {
  const STREAMS = { mp4: { maxMinutes: 30 }, flv: { maxMinutes: 30 } };

  it.each([
    ['jump ahead by 5 s', (ms: number) => (ms < 8000 ? ms : ms + 5000)],
    ['jump ahead by an hour', (ms: number) => (ms < 8000 ? ms : ms + 3_600_000)],
    ['jump back by 3 s', (ms: number) => (ms < 8000 ? ms : ms - 3000)],
    ['begin again', (ms: number) => (ms < 8000 ? ms : ms - 8000)],
  ])('%s ends there, so that another one begins', async (_, timeOf) => {
    const port = await serve((_, response) => sendLive(response, paced(tags, timeOf), 5000));
    const running = startCapture(sink, port, { formats: STREAMS, session: live, goesOn: true });
    expect(await running.outcome).toMatchObject({ reason: { cause: 'source', code: 'time-jumped' } });
    for (const file of await running.files.list('rec_1')) {
      expect(file).toMatchObject({ state: 'ready', reason: { code: 'time-jumped' } });
      expect(Math.abs(file.durationSeconds - 8)).toBeLessThan(1.5);
      const recorded = packets(folder.write(file.format, running.object(`.${file.format}`)), 'v');
      const whole = packets(source, 'v');
      expect(recorded).toEqual(whole.slice(0, recorded.length));
      expect(recorded.length).toBeGreaterThan(190);
    }
  });

  it('are a little out of order goes on', async () => {
    const jitter = (ms: number): number => Math.max(0, ms + (Math.floor(ms / 1000) % 2 === 0 ? 0 : -400));
    const port = await serve(async (_, response) => {
      await sendLive(
        response,
        paced(
          tags.filter(({ timeMs }) => timeMs < 8000),
          jitter,
        ),
        4000,
      );
      response.end();
    });
    const running = startCapture(sink, port, { formats: STREAMS, session: async () => 'ended' });
    expect(await running.outcome).toMatchObject({ reason: { code: 'session-ended' } });
    for (const { format } of await running.files.list('rec_1')) {
      const recorded = packets(folder.write(format, running.object(`.${format}`)), 'v');
      expect(recorded).toHaveLength(200);
    }
  });
});

/** Numbers from 0 to 1 that look random; the same ones for the same seed. */
const randomOf = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

describe('A capture of a stream that is damaged', { timeout: 60_000 }, () => {
  const STREAMS = { mp4: { maxMinutes: 30 }, flv: { maxMinutes: 30 } };
  const sound = () => paced(tags.filter(({ timeMs }) => timeMs < 8000));

  /** @param damage what becomes of what is sent from the 4th second on */
  const play = async (damage: (bytes: Buffer) => Buffer) => {
    const damaged = sound().map(({ atMs, bytes }) => ({ atMs, bytes: atMs < 4000 ? bytes : damage(bytes) }));
    const port = await serve(async (_, response) => {
      await sendLive(response, damaged, 6000);
      response.end();
    });
    const running = startCapture(sink, port, { formats: STREAMS, session: async () => 'ended' });
    const { reason } = await running.outcome;
    const files = await running.files.list('rec_1');
    expect(
      files.map(({ format, state }) => `${format} ${state}`),
      JSON.stringify(reason),
    ).toContain('flv ready');
    for (const file of files) {
      const recorded = packets(folder.write(file.format, running.object(`.${file.format}`)), 'v');
      // What came before the damage is all there; of MP4 the last fragment may be torn.
      expect(recorded.slice(0, 75)).toEqual(packets(source, 'v').slice(0, 75));
    }
    return reason;
  };

  it.each([1, 2, 3, 4])('by flipped bytes leaves files that play (seed %i)', async (seed) => {
    const random = randomOf(seed);
    const reason = await play((bytes) => {
      const copy = Buffer.from(bytes);
      if (random() < 0.2) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
      return copy;
    });
    expect(['source', 'ours']).toContain(reason.cause);
  });

  it('by random bytes leaves files that play', async () => {
    const random = randomOf(5);
    await play((bytes) => Buffer.from(bytes.map(() => Math.floor(random() * 256))));
  });

  it('by torn and empty tags leaves files that play', async () => {
    let count = 0;
    await play((bytes) => {
      count += 1;
      return count % 3 === 0 ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes;
    });
    await play((bytes) => Buffer.concat([bytes, Buffer.from([9, ...Array(10).fill(0), 0, 0, 0, 11])]));
  });
});
