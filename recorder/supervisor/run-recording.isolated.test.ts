import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Plan } from '../../shared/schemas/recording.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { createMemoryFiles } from '../../shared/table/files.fixture.ts';
import { type CaptureOptions, type CaptureOutcome, FENCED, runCapture } from '../capture/capture.ts';
import type { HlsFile } from '../outputs/hls-file.ts';
import { fileOf, IN_MEMORY, planOf, recordingOf, silentLog } from '../recorder.fixture.ts';
import type { Splicing } from '../splice/splicing.ts';
import { createMeter } from './meter.ts';
import { type RunPorts, runRecording } from './run-recording.ts';
import { createSessionNews, type SessionNews } from './session-news.ts';

vi.mock('../capture/capture.ts', async (original) => ({
  ...(await original<typeof import('../capture/capture.ts')>()),
  runCapture: vi.fn(),
}));

beforeEach(() => void vi.mocked(runCapture).mockReset());

const recording = recordingOf(planOf({ mp4: { maxMinutes: 30 } }), {
  startedAt: new Date().toISOString(),
  captures: 4,
});

/** Each capture is one of these, in order. */
const run = async (
  captures: ((options: CaptureOptions, stop: AbortController) => Promise<CaptureOutcome>)[],
  changes: Partial<RunPorts> = {},
  files = createMemoryFiles(),
  recordings: object = {},
  {
    news = createSessionNews(),
    plan = recording.plan,
    stop = new AbortController(),
  }: { news?: SessionNews; plan?: Plan; stop?: AbortController } = {},
) => {
  const [sent, meter, log] = [[] as object[], createMeter(), silentLog()];
  const left = [...captures];
  vi.mocked(runCapture).mockImplementation(async (options) => {
    const next = left.shift();
    if (next === undefined) throw new Error('There is one capture too many');
    return next(options, stop);
  });
  let number = recording.captures;
  const ports = {
    recorderId: 'rcd_1',
    recordings: {
      nextCapture: async () => {
        number += 1;
        return number;
      },
      setTrouble: async () => true,
      ...recordings,
    },
    streams: { get: async () => undefined },
    files,
    draining: new AbortController().signal,
    say: async (event: object) => void sent.push(event),
    log,
    storeOf: () => createMemoryObjectStore(),
    failoverMs: 100,
    openOverflow: () => IN_MEMORY,
    randomId: () => 'random',
    ...changes,
  } as unknown as RunPorts;
  const cut = new AbortController().signal;
  await runRecording(ports, { ...recording, plan }, stop, meter, { cut, arrival: undefined, news });
  return { sent, meter, log, ended: sent.at(-1) };
};

const outcome =
  (code: Parameters<typeof endReason>[0], receivedMedia = true) =>
  async () => ({
    reason: endReason(code),
    receivedMedia,
  });

describe('Running a recording', () => {
  it('is one capture and its end', async () => {
    const { sent } = await run([outcome('session-ended')]);
    expect(sent).toMatchObject([
      { type: 'capture.ended', recordId: 'rec_1', epoch: 3, capture: 5, reason: { code: 'session-ended' } },
    ]);
  });

  it('goes on with the next capture when the codec has changed', async () => {
    const { ended } = await run([outcome('codec-changed'), outcome('session-ended')]);
    expect(ended).toMatchObject({ capture: 6, reason: { code: 'session-ended' } });
    expect(vi.mocked(runCapture).mock.calls.map(([{ capture }]) => capture)).toEqual([5, 6]);
  });

  it('tells what the stream carries as soon as that is known, with the number of the capture', async () => {
    const { sent } = await run([
      async ({ onStarted }) => {
        onStarted({ videoCodec: 'h264' });
        return outcome('session-ended')();
      },
    ]);
    expect(sent[0]).toMatchObject({
      type: 'capture.started',
      capture: 5,
      recorderId: 'rcd_1',
      media: { videoCodec: 'h264' },
    });
  });

  it('ends with the reason it was stopped for, whatever could have followed, and waits for nothing', async () => {
    const { ended } = await run([
      async (_, stop) => {
        stop.abort(endReason('stopped'));
        return { reason: endReason('stopped'), receivedMedia: true };
      },
    ]);
    expect(ended).toMatchObject({ reason: { code: 'stopped' } });
    const silent = await run([
      async (_, stop) => {
        queueMicrotask(() => stop.abort(endReason('stopped')));
        return outcome('source-silent', false)();
      },
    ]);
    expect(silent.ended).toMatchObject({ reason: { code: 'stopped' } });
  });

  it('says nothing more when it belongs to somebody else', async () => {
    const fenced = await run([
      async (_, stop) => {
        stop.abort(FENCED);
        return outcome('ffmpeg-failed', false)();
      },
    ]);
    expect(fenced.sent).toEqual([]);
    const voided = await run([], { recordings: { nextCapture: async () => undefined } } as never);
    expect(voided.sent).toEqual([]);
  });

  it('does nothing when it belongs to somebody else before it has begun', async () => {
    const thrown: unknown[] = [];
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    onTestFinished(() => {
      process.removeAllListeners('uncaughtException');
      for (const listener of before) process.on('uncaughtException', listener);
    });
    const files = createMemoryFiles();
    const list = async (recordId: string) => {
      stop.abort(FENCED);
      return createMemoryFiles().list(recordId);
    };
    const stop = new AbortController();
    const { sent } = await run([], {}, { ...files, list }, {}, { stop });
    await new Promise((resolve) => setImmediate(resolve));
    expect({ thrown, sent }).toEqual({ thrown: [], sent: [] });
  });

  it('leaves the playlist open exactly when it tries again', async () => {
    const stays: boolean[] = [];
    const asking =
      (code: Parameters<typeof endReason>[0]) =>
      async ({ goesOn }: CaptureOptions) => {
        const ending = await outcome(code)();
        stays.push(goesOn(ending));
        return ending;
      };
    await run([asking('ffmpeg-failed'), asking('time-jumped'), asking('session-ended')]);
    expect(stays).toEqual([true, true, false]);
  });

  it('is left to others at once when its recorder leaves between two tries', async () => {
    const draining = new AbortController();
    const { ended } = await run(
      [
        outcome('source-unreachable', false),
        async () => {
          setTimeout(() => draining.abort(), 20);
          return outcome('source-unreachable', false)();
        },
      ],
      { draining: draining.signal },
    );
    expect(ended).toMatchObject({ capture: 6, reason: { code: 'recorder-drained' } });
  });

  it('has what its captures left put down also when it has become somebody else’s between two of them', async () => {
    const numbers = [5, undefined];
    let isPutDown = false;
    const { sent } = await run(
      [
        async ({ onClosing }) => {
          onClosing(
            new Promise((resolve) => {
              setTimeout(() => {
                isPutDown = true;
                resolve();
              }, 50);
            }),
          );
          return outcome('codec-changed')();
        },
      ],
      {},
      createMemoryFiles(),
      { nextCapture: async () => numbers.shift() },
    );
    expect(isPutDown).toBe(true);
    expect(sent).toEqual([]);
  });

  it('asks the table again for what others have left open', async () => {
    const files = createMemoryFiles();
    let failures = 0;
    const { ended } = await run(
      [
        async (options) => {
          failures = 2;
          await options.files.list('rec_1');
          return outcome('session-ended')();
        },
      ],
      {
        files: {
          ...files,
          list: async (recordId: string) => {
            failures -= 1;
            if (failures >= 0) throw new Error('The table is away');
            return files.list(recordId);
          },
        } as RunPorts['files'],
      },
    );
    expect(ended).toMatchObject({ reason: { code: 'session-ended' } });
  });

  it('notes what is wrong although it goes on, once, and that it is over when media have come again', async () => {
    const setTrouble = vi.fn(async () => true);
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const done = run(
      [
        outcome('source-silent'),
        outcome('source-silent', false),
        async ({ onStarted }) => {
          onStarted({});
          await vi.advanceTimersByTimeAsync(3000);
          return outcome('session-ended')();
        },
      ],
      {},
      createMemoryFiles(),
      { setTrouble },
    );
    await vi.advanceTimersByTimeAsync(1000);
    await done;
    expect(setTrouble.mock.calls).toEqual([
      ['rec_1', 3, endReason('source-silent')],
      ['rec_1', 3, undefined],
    ]);
  });

  it('measures all of its captures, on top of what others have recorded', async () => {
    const files = createMemoryFiles(fileOf('mp4', { state: 'ready', durationSeconds: 60 }));
    const gauge = { receivedBytes: () => 1000, recordedSeconds: () => 5, lastKeyFrameAt: () => undefined };
    const capture = (code: 'codec-changed' | 'session-ended') => async (options: CaptureOptions) => {
      options.onOpened(gauge);
      return outcome(code)();
    };
    const { meter } = await run([capture('codec-changed'), capture('session-ended')], {}, files);
    expect(meter.read(0)).toMatchObject({ receivedBytes: 2000, durationSeconds: 70 });
  });

  it('gives a format that cannot be read a new ffmpeg less and less often, until one can', async () => {
    const patience: (number | undefined)[] = [];
    const asking = (code: Parameters<typeof endReason>[0]) => async (options: CaptureOptions) => {
      patience.push(options.repairAfterMs);
      return outcome(code)();
    };
    const codes = ['source-invalid', 'source-invalid', 'codec-changed', 'session-ended'] as const;
    await run(codes.map(asking));
    expect(patience).toEqual([5000, 5000, 10_000, 5000]);
  });

  describe('that is drained while it keeps a group of pictures back', () => {
    const toldWith = async (encoding?: Plan['encoding']): Promise<string[]> => {
      const told: string[] = [];
      const setOver = async (_: string, __: number, fingerprint: string) => told.push(fingerprint) > 0;
      const drained = async ({ carried }: CaptureOptions, stop: AbortController) => {
        const file = {
          withholds: true,
          withheld: 'k7',
          settle: () => undefined,
          leave: async () => undefined,
        };
        carried.file = Promise.resolve(file as unknown as HlsFile);
        stop.abort(endReason('recorder-drained'));
        return outcome('recorder-drained')();
      };
      const plan = encoding === undefined ? recording.plan : { ...recording.plan, encoding };
      await run([drained], {}, createMemoryFiles(), { setOver }, { plan });
      return told;
    };

    it('tells the recorder that goes on by which key frame it begins', async () => {
      expect(await toldWith()).toEqual(['k7']);
    });

    it('tells none of one that was encoded here, which no other encoder makes', async () => {
      expect(await toldWith({ overlays: [], audioOnly: false })).toEqual([]);
    });
  });
});

describe('Running a recording with standby content', () => {
  const plan = planOf(
    { hls: { segmentSeconds: 10, resumptionTimeout: 60 } },
    {
      encoding: { overlays: [], audio: { codec: 'aac', bitrateKbps: 128 }, audioOnly: false },
      standby: { key: 'standby/1', sha256: 'ab'.repeat(32), contentType: 'image/png' },
    },
  );
  const closed: { reason: object | undefined; ending: string }[] = [];
  const sink = { open: () => ({ url: 'http://sink', idle: async () => undefined, close: () => undefined }) };

  /** A capture that leaves its tape open when its recorder waits after it. */
  const taping =
    (code: Parameters<typeof endReason>[0], seen: boolean[] = [], silentSeconds = 0) =>
    async ({ splicing, carried, waits }: CaptureOptions): Promise<CaptureOutcome> => {
      await splicing?.open('usual', { ...carried }, async () => {
        const close = async (reason: object | undefined, ending: string) =>
          void closed.push({ reason, ending });
        return { close, abandon: () => undefined } as never;
      });
      if (silentSeconds > 0) await vi.advanceTimersByTimeAsync(silentSeconds * 1000);
      const ending = await outcome(code, silentSeconds === 0)();
      seen.push(waits?.(ending) === true);
      return ending;
    };

  /** Its stream is away until it is told of its return, `seconds` later. */
  const runAway = async (
    captures: Parameters<typeof run>[0],
    {
      awaySeconds = 20,
      comesBack = false,
      endsSession = true,
      changes = {} as Partial<RunPorts>,
      meanwhile = () => undefined as unknown,
    } = {},
  ) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    closed.splice(0);
    const [news, setTrouble] = [createSessionNews(), vi.fn(async () => true)];
    const begunAt = Date.now();
    let isBack = false;
    const sessionId = () => (isBack ? 'ses_2' : 'ses_1');
    const recordings = { setTrouble, get: async () => ({ ...recording, sessionId: sessionId() }) };
    const streams = { get: async () => ({ live: isBack || !endsSession, sessionId: sessionId() }) };
    const running = run(captures, { sink, streams, ...changes } as never, createMemoryFiles(), recordings, {
      news,
      plan,
    });
    await vi.advanceTimersByTimeAsync(awaySeconds * 1000);
    meanwhile();
    isBack = comesBack;
    if (comesBack) news.emit('heard');
    await vi.advanceTimersByTimeAsync(60_000);
    const { ended, ...others } = await running;
    const endedAfter = Date.parse((ended as { at: string }).at) - begunAt;
    return { ...others, ended, setTrouble, endedAfter };
  };

  it('waits for the stream with its files open, and goes on with them when it is back', async () => {
    const seen: boolean[] = [];
    const { ended, setTrouble } = await runAway([taping('session-ended', seen), taping('stopped', seen)], {
      comesBack: true,
    });
    expect(seen).toEqual([true, false]);
    expect(ended).toMatchObject({ capture: 6, reason: { code: 'stopped' } });
    expect(setTrouble.mock.calls[0]).toEqual(['rec_1', 3, endReason('stream-awaited')]);
    expect(closed).toEqual([{ reason: endReason('stopped'), ending: 'ended' }]);
  });

  it('ends when the stream is not back in time, and says that nobody has to wait for it any more', async () => {
    const { ended, setTrouble, endedAfter } = await runAway([taping('session-ended')]);
    // The stream had left long before.
    expect(endedAfter).toBeLessThan(1000);
    expect(ended).toMatchObject({ capture: 5, reason: { code: 'session-ended' }, waited: true });
    expect(closed).toEqual([{ reason: undefined, ending: 'ended' }]);
    expect(setTrouble.mock.calls.at(-1)).toEqual(['rec_1', 3, undefined]);
  });

  it('waits also for a stream that is silent for longer than its recorder is patient', async () => {
    for (const comesBack of [true, false]) {
      const { ended, setTrouble } = await runAway([taping('source-silent', [], 31), taping('stopped')], {
        ...{ awaySeconds: 60, comesBack, endsSession: false },
      });
      const [reason, waited] = comesBack
        ? [{ code: 'stopped' }, undefined]
        : [{ code: 'source-silent' }, true];
      expect(ended).toMatchObject({ reason, capture: comesBack ? 6 : 5 });
      expect((ended as { waited?: boolean }).waited).toBe(waited);
      expect(setTrouble.mock.calls[0]).toEqual(['rec_1', 3, endReason('stream-awaited')]);
      expect(closed).toHaveLength(1);
    }
  });

  it('leaves the waiting to others when its recorder leaves, and the playlist open', async () => {
    const draining = new AbortController();
    const { ended } = await runAway([taping('session-ended')], {
      changes: { draining: draining.signal },
      meanwhile: () => draining.abort(),
    });
    expect(ended).toMatchObject({ reason: { code: 'session-ended' } });
    expect(ended).not.toHaveProperty('waited');
    expect(closed).toEqual([{ reason: undefined, ending: 'open' }]);
  });

  it('leaves its files to others when it ends with an error', async () => {
    const abandon = vi.fn();
    const failing = async ({ splicing, carried }: CaptureOptions): Promise<CaptureOutcome> => {
      const outputs = { abandon, close: async () => undefined, recordedSeconds: () => 0 };
      await splicing?.open('usual', { ...carried }, async () => outputs as never);
      throw new Error('nobody expected that');
    };
    const running = run([failing], { sink } as never, createMemoryFiles(), {}, { plan });
    await expect(running).rejects.toThrow('nobody expected that');
    expect(abandon).toHaveBeenCalled();
  });

  it('waits no longer when it turns out that nobody can go on with its files', async () => {
    let tape: Awaited<ReturnType<Splicing['open']>>;
    const capture = async (options: CaptureOptions): Promise<CaptureOutcome> => {
      const ended = await taping('session-ended')(options);
      tape = await options.splicing?.open('usual', options.carried, async () => ({}) as never);
      return ended;
    };
    const { ended } = await runAway([capture], { meanwhile: () => tape?.broken('mp4') });
    expect(ended).toMatchObject({ reason: { code: 'session-ended' } });
    expect(ended).not.toHaveProperty('waited');
    expect(closed).toEqual([{ reason: undefined, ending: 'open' }]);
  });

  it('does not wait when the files cannot be gone on with', async () => {
    const { ended } = await runAway([outcome('session-ended')]);
    expect(ended).toMatchObject({ reason: { code: 'session-ended' } });
    expect(ended).not.toHaveProperty('waited');
  });
});
