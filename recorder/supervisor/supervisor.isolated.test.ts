import type { SQSClient } from '@aws-sdk/client-sqs';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import type { AddressedCommand } from '../../shared/table/recorders.ts';
import { FENCED } from '../capture/capture.ts';
import { planOf, recordingOf, silentLog } from '../recorder.fixture.ts';
import { runRecording, type Stop } from './run-recording.ts';
import { type SupervisorPorts, startSupervisor } from './supervisor.ts';

vi.mock('./run-recording.ts', () => ({ runRecording: vi.fn() }));

const BEAT_MS = 2000;
const PLAN = planOf({ mp4: { maxMinutes: 30 } });
const ENCODED = planOf(
  { mp4: { maxMinutes: 30 } },
  { encoding: { overlays: [], audioOnly: false, video: { codec: 'h264', gopSeconds: 2 } } },
);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(runRecording).mockReset();
});

/** A recording that runs until it is let go. */
interface Running {
  readonly recording: Recording;
  readonly stop: Stop;
  end(error?: Error): void;
}

const start = async (changes: Partial<SupervisorPorts> = {}) => {
  const running = new Map<string, Running>();
  vi.mocked(runRecording).mockImplementation((_, recording, stop, meter) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    meter.begin(12);
    const end = (error?: Error): void => (error === undefined ? resolve() : reject(error));
    running.set(recording.recordId, { recording, stop, end });
    return promise;
  });
  const waiting: { Body: string; ReceiptHandle: string }[] = [];
  let wake = (): void => undefined;
  const asked: number[] = [];
  const send = async (command: unknown, options?: { abortSignal: AbortSignal }) => {
    if (!(command instanceof ReceiveMessageCommand)) return {};
    asked.push(command.input.MaxNumberOfMessages ?? 0);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    wake = resolve;
    options?.abortSignal.addEventListener('abort', () => reject(new Error('aborted')));
    if (waiting.length === 0) await promise;
    return { Messages: waiting.splice(0) };
  };
  const commands: AddressedCommand[][] = [];
  const recorders = {
    register: vi.fn(async () => undefined),
    heartbeat: vi.fn(async () => commands.shift() ?? []),
    report: vi.fn(async () => undefined),
    remove: vi.fn(async () => undefined),
    leave: vi.fn(async () => true),
    leases: vi.fn(async () => []),
  };
  const claim = vi.fn(
    async (
      recordId: string,
      _epoch: number,
      _recorderId: string,
      fits: (recording: Recording) => boolean = () => true,
    ): Promise<Recording | undefined> => {
      const recording = recordingOf(recordId.startsWith('encoded') ? ENCODED : PLAN, { recordId });
      return fits(recording) ? recording : undefined;
    },
  );
  const recordings = {
    claim,
    ownedBy: vi.fn(async (): Promise<Recording[]> => []),
    get: vi.fn(async (recordId: string): Promise<Recording | undefined> => recordingOf(PLAN, { recordId })),
  };
  const mocks = {
    ...{
      streams: { get: vi.fn(async (): Promise<Stream | undefined> => undefined) },
      owedEvents: { ofStream: vi.fn(async () => []) },
      reclaim: vi.fn(async () => undefined),
      onBusy: vi.fn(),
      onRefused: vi.fn(),
      onLost: vi.fn(),
      log: silentLog(),
    },
    send: vi.fn(async () => undefined),
  };
  const supervisor = await startSupervisor({
    ...mocks,
    recorderId: 'rcd_1',
    slots: 2,
    sqs: { send } as unknown as SQSClient,
    queueUrl: 'http://127.0.0.1/queue',
    recorders,
    recordings,
    ...changes,
  } as unknown as SupervisorPorts);
  const settle = () => vi.advanceTimersByTimeAsync(0);
  const job = async (...ids: string[]) => {
    for (const recordId of ids) {
      waiting.push({ Body: JSON.stringify({ recordId, epoch: 2 }), ReceiptHandle: 'r' });
    }
    wake();
    await settle();
  };
  const beats = (count: number) => vi.advanceTimersByTimeAsync(count * BEAT_MS);
  const stopOf = (recordId: string) =>
    running.get(recordId)?.stop.signal.reason as Reason | symbol | undefined;
  return {
    ...mocks,
    supervisor,
    running,
    recorders,
    recordings,
    claim,
    get: recordings.get,
    commands,
    asked,
    settle,
    job,
    beats,
    stopOf,
  };
};

describe('A supervisor', () => {
  it('runs what it can claim, and takes no more jobs than it has free slots', async () => {
    const { claim, job, running, asked, onBusy, settle } = await start();
    claim.mockResolvedValueOnce(undefined);
    await job('void', 'one');
    await job('two');
    expect([...running.keys()]).toEqual(['one', 'two']);
    expect(onBusy.mock.calls).toEqual([[1], [2]]);
    expect(asked).toEqual([2, 1]);
    running.get('one')?.end();
    await settle();
    expect(onBusy).toHaveBeenLastCalledWith(1);
    expect(asked).toEqual([2, 1, 1]);
  });

  it('takes what needs a whole recorder only when it is idle, and leaves it to others otherwise', async () => {
    const { job, running, onBusy, onRefused, settle } = await start();
    await job('one');
    await job('encoded');
    expect([...running.keys()]).toEqual(['one']);
    expect(onRefused).toHaveBeenCalledTimes(1);
    running.get('one')?.end();
    await vi.advanceTimersByTimeAsync(1000);
    await settle();
    await job('encoded');
    expect([...running.keys()]).toEqual(['one', 'encoded']);
    expect(onBusy).toHaveBeenLastCalledWith(2);
  });

  it('counts the slots that a recording takes again when its source is known', async () => {
    const { job, onBusy } = await start({ slots: 100 });
    await job('encoded');
    const before = onBusy.mock.lastCall?.[0];
    const [ports, recording] = vi.mocked(runRecording).mock.lastCall ?? [];
    const media = { videoCodec: 'h264', width: 640, height: 360, framesPerSecond: 25 };
    await ports?.say({
      type: 'capture.started',
      ...{
        recordId: 'encoded',
        epoch: recording?.epoch ?? 0,
        capture: 1,
        recorderId: 'rcd_1',
        media,
        at: '',
      },
    });
    expect(before).toBeGreaterThan(30);
    expect(onBusy.mock.lastCall?.[0]).toBeLessThan(10);
  });

  it('obeys commands for the session that it records, and no others', async () => {
    const { commands, job, beats, stopOf } = await start();
    await job('one', 'two');
    commands.push([
      { recordId: 'one', stop: 'session-ended', sessionId: 'earlier' },
      { recordId: 'two', stop: 'session-ended', sessionId: 'ses_1' },
      { recordId: 'gone', stop: 'stopped' },
    ]);
    await beats(2);
    expect(stopOf('one')).toBeUndefined();
    expect(stopOf('two')).toMatchObject({ code: 'session-ended' });
    commands.push([{ recordId: 'one', stop: 'stopped' }]);
    await beats(1);
    expect(stopOf('one')).toMatchObject({ code: 'stopped' });
  });

  it('lets a recording go on whose publisher is back within a second, and ends it when nobody can say', async () => {
    const { commands, job, beats, stopOf, get } = await start();
    await job('one', 'two');
    get.mockImplementation(async (recordId) => {
      if (recordId === 'two') throw new Error('the table is away');
      return recordingOf(PLAN, { recordId, sessionId: 'ses_2' });
    });
    const end = { stop: 'session-ended', sessionId: 'ses_1' } as const;
    commands.push([
      { recordId: 'one', ...end },
      { recordId: 'two', ...end },
    ]);
    await beats(2);
    expect(stopOf('one')).toBeUndefined();
    expect(stopOf('two')).toMatchObject({ code: 'session-ended' });
  });

  it('ends no recording with standby content when its session is over, and has it look at what follows', async () => {
    const standby = { key: 'standbys/1', sha256: 'ab'.repeat(32), contentType: 'image/png' } as const;
    const plan = { ...ENCODED, standby };
    const { commands, claim, job, beats, stopOf } = await start({ slots: 200 });
    claim.mockImplementation(async (recordId) => recordingOf(plan, { recordId }));
    await job('one');
    const passage = vi.mocked(runRecording).mock.lastCall?.[4];
    if (passage === undefined) throw new Error('Nothing runs');
    const said: string[] = [];
    passage.news.on('heard', () => said.push('heard'));
    passage.news.on('ended', () => said.push('ended'));
    const ended = { recordId: 'one', stop: 'session-ended', sessionId: 'ses_1' } as const;
    commands.push([ended]);
    await beats(2);
    expect(said).toEqual(['heard', 'ended']);
    commands.push([{ ...ended, resumed: true }]);
    await beats(2);
    expect(said).toEqual(['heard', 'ended', 'heard']);
    expect(stopOf('one')).toBeUndefined();
  });

  it('is told sooner while one of its recordings waits', async () => {
    const { recorders, job, beats } = await start();
    await job('one');
    await beats(1);
    expect(recorders.heartbeat).toHaveBeenCalledTimes(1);
    vi.mocked(runRecording).mock.lastCall?.[4].news.on('heard', () => undefined);
    await beats(1);
    expect(recorders.heartbeat).toHaveBeenCalledTimes(5);
  });

  it('obeys a command that comes while the recording is being claimed', async () => {
    const { commands, claim, job, beats, settle, stopOf } = await start();
    const slow = Promise.withResolvers<Recording>();
    claim.mockReturnValueOnce(slow.promise);
    await job('one');
    commands.push([{ recordId: 'one', stop: 'stopped' }]);
    await beats(1);
    slow.resolve(recordingOf(PLAN, { recordId: 'one' }));
    await settle();
    expect(stopOf('one')).toMatchObject({ code: 'stopped' });
  });

  it('says every four seconds how its recordings get on, while it has any', async () => {
    const { recorders, job, beats } = await start();
    await beats(2);
    expect(recorders.report).not.toHaveBeenCalled();
    await job('one', 'two');
    await beats(4);
    expect(recorders.report).toHaveBeenCalledTimes(2);
    const [[recorderId, progress]] = recorders.report.mock.calls as unknown as [
      [string, Map<string, object>],
    ];
    expect(recorderId).toBe('rcd_1');
    expect([...progress.keys()]).toEqual(['one', 'two']);
    expect(progress.get('one')).toMatchObject({ durationSeconds: 12 });
  });

  it('looks after lost recorders although its own progress cannot be written', async () => {
    const { recorders, reclaim, job, beats, log } = await start();
    recorders.report.mockRejectedValue(new Error('the table is away'));
    await job('one');
    await beats(4);
    expect(reclaim).toHaveBeenCalledTimes(2);
    expect(log.error).toHaveBeenCalledTimes(2);
  });

  it('gives up a recording that ended with an error, by its own word', async () => {
    const { running, job, settle, send, onBusy } = await start();
    await job('one');
    running.get('one')?.end(new Error('a bug'));
    await settle();
    expect(send).toHaveBeenCalledWith(
      expect.objectContaining({
        type: 'capture.ended',
        recordId: 'one',
        epoch: 3,
        reason: expect.objectContaining({ code: 'ffmpeg-failed', text: expect.stringContaining('a bug') }),
      }),
    );
    expect(onBusy).toHaveBeenLastCalledWith(0);
  });

  it('has a recording go on elsewhere that ended with an error after it had gone well', async () => {
    const { running, job, beats, settle, send } = await start();
    await job('one');
    await beats(31);
    running.get('one')?.end(new Error('a bug'));
    await settle();
    expect(send).toHaveBeenCalledWith(
      expect.objectContaining({
        type: 'capture.ended',
        reason: expect.objectContaining({ code: 'recorder-drained' }),
      }),
    );
  });

  it('keeps a recording that is back before its first run was over', async () => {
    const { running, job, settle, commands, beats, onBusy } = await start();
    await job('one');
    const first = running.get('one');
    await job('one');
    first?.end();
    await settle();
    expect(onBusy).toHaveBeenLastCalledWith(1);
    commands.push([{ recordId: 'one', stop: 'stopped' }]);
    await beats(1);
    expect(running.get('one')?.stop.signal.aborted).toBe(true);
  });

  it('drops everything when it was taken for dead', async () => {
    const { recorders, job, beats, stopOf, onLost } = await start();
    await job('one', 'two');
    recorders.heartbeat.mockResolvedValueOnce('lost' as never);
    await beats(1);
    expect([stopOf('one'), stopOf('two')]).toEqual([FENCED, FENCED]);
    expect(onLost).toHaveBeenCalled();
  });

  it('drains: hands every recording over, takes no more, and gives its lease up last', async () => {
    const { supervisor, running, job, settle, recorders, stopOf, asked } = await start();
    await job('one');
    const drained = supervisor.drain();
    await settle();
    expect(stopOf('one')).toMatchObject({ code: 'recorder-drained' });
    expect(recorders.remove).not.toHaveBeenCalled();
    const before = asked.length;
    running.get('one')?.end();
    await drained;
    expect(recorders.remove).toHaveBeenCalledWith('rcd_1');
    expect(asked).toHaveLength(before);
  });

  it('lets its lease run out when it still owns something, so that others find that', async () => {
    const { supervisor, recorders, recordings, beats } = await start();
    const left = recordingOf(PLAN, { owner: 'rcd_1' });
    recordings.ownedBy.mockResolvedValue([left]);
    recordings.get.mockResolvedValue(left);
    await supervisor.drain();
    await beats(3);
    expect(recorders.remove).not.toHaveBeenCalled();
    expect(recorders.heartbeat).not.toHaveBeenCalled();
  });

  it('gives its lease up when only the index still thinks that it owns something', async () => {
    const { supervisor, recorders, recordings } = await start();
    recordings.ownedBy.mockResolvedValue([recordingOf(PLAN, { owner: 'rcd_1' })]);
    recordings.get.mockResolvedValue(recordingOf(PLAN, { owner: 'rcd_2' }));
    await supervisor.drain();
    expect(recorders.remove).toHaveBeenCalledWith('rcd_1');
  });

  it('lets its lease run out when the end of a recording was not heard', async () => {
    const { supervisor, running, recorders, recordings, job, settle } = await start();
    await job('one');
    recordings.get.mockResolvedValue(recordingOf(PLAN, { recordId: 'one', owner: 'rcd_1' }));
    running.get('one')?.end(new Error('a bug'));
    await settle();
    const drained = supervisor.drain();
    await vi.advanceTimersByTimeAsync(5000);
    await drained;
    expect(recorders.remove).not.toHaveBeenCalled();
  });
});
