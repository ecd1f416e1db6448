import { ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RecordJob } from '../../shared/events/record-jobs.ts';
import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { stopRecording } from '../../shared/recordings/stop.ts';
import { type TransitionPorts, transition } from '../../shared/recordings/transition.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createNotices } from '../../shared/table/notices.ts';
import { createRecorders } from '../../shared/table/recorders.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import type { Table } from '../../shared/table/table.ts';
import { useTable } from '../../test/support/table.ts';
import type { Beginning } from '../capture/arrival.ts';
import { type CaptureOptions, FENCED, runCapture } from '../capture/capture.ts';
import { fileOf, IN_MEMORY, planOf, recordingOf, silentLog } from '../recorder.fixture.ts';
import { type Supervisor, type SupervisorPorts, startSupervisor } from './supervisor.ts';

vi.mock('../capture/capture.ts', async (original) => ({
  ...(await original<typeof import('../capture/capture.ts')>()),
  runCapture: vi.fn(),
}));

const table = useTable();

/** Record jobs in memory: whoever asks first gets the next one. */
const createQueue = () => {
  const jobs: RecordJob[] = [];
  const waiting: (() => void)[] = [];
  const push = (job: RecordJob): void => {
    jobs.push(job);
    for (const wake of waiting.splice(0)) wake();
  };
  const receive = async (signal: AbortSignal | undefined) => {
    while (jobs.length === 0) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push(resolve);
      signal?.addEventListener('abort', () => reject(new Error('aborted')));
      await promise;
    }
    const job = jobs.shift();
    return { Messages: [{ Body: JSON.stringify(job), ReceiptHandle: 'r' }] };
  };
  const send = async (command: unknown, options?: { abortSignal: AbortSignal }) =>
    command instanceof ReceiveMessageCommand ? receive(options?.abortSignal) : {};
  return { push, sqs: { send } as unknown as SQSClient };
};

/** One capture of the tests: ends when it is told to, and leaves the playlist at the key frame `key`. */
interface FakeCapture {
  readonly options: CaptureOptions;
  /** What it began with, when it came after another recorder. */
  began?: Beginning | undefined;
  end?: string;
}

const start = (source: Table) => {
  const recordings = createRecordings(source);
  const files = createFiles(source);
  const recorders = createRecorders(source);
  const queue = createQueue();
  const captures: FakeCapture[] = [];
  const log = silentLog();
  let hasMedia = true;
  const ports: TransitionPorts = {
    ...{ recordings, files },
    notices: createNotices(source),
    queues: {
      recordJob: async (job) => queue.push(job),
      completion: async () => undefined,
      uploadRetry: async () => undefined,
    },
    now: () => new Date(),
  };

  vi.mocked(runCapture).mockImplementation(async (options) => {
    const capture: FakeCapture = { options };
    captures.push(capture);
    const { promise, resolve } = Promise.withResolvers<string>();
    const { stop, cut, arrival } = options;
    const onStop = () => resolve(stop.reason === FENCED ? 'fenced' : stop.reason.code);
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
    cut?.addEventListener('abort', () => resolve('recorder-drained'));
    void arrival?.begins.then((began) => {
      capture.began = began;
    });
    if (hasMedia) arrival?.receiving();
    capture.end = await promise;
    const leave = async (): Promise<void> => options.onHlsLeft?.(`key frame of ${options.recording.owner}`);
    options.onClosing(cut?.aborted ? leave() : Promise.resolve());
    return {
      reason: endReason(capture.end === 'fenced' ? 'ffmpeg-failed' : (capture.end as 'stopped')),
      receivedMedia: true,
    };
  });

  const send = async (event: RecordingEvent): Promise<void> => {
    if (event.type !== 'capture.ended') return;
    const now = new Date().toISOString();
    await transition(ports, event.recordId, { ...event, now, sessionLive: true });
  };
  const supervise = (recorderId: string, slots = 2): Promise<Supervisor> =>
    startSupervisor({
      ...{ recorderId, slots, recordings, files, recorders, log, send },
      ...{ sqs: queue.sqs, queueUrl: 'http://127.0.0.1/queue' },
      streams: {},
      storeOf: () => createMemoryObjectStore(),
      failoverMs: 100,
      openOverflow: () => IN_MEMORY,
      randomId: () => 'random',
      decide: (recordId: string, input: Parameters<typeof transition>[2]) =>
        transition(ports, recordId, input),
      reclaim: async () => undefined,
      onBusy: () => undefined,
      onLost: () => undefined,
    } as unknown as SupervisorPorts);
  const add = async (recordId: string): Promise<void> => {
    const { owner: _, ...recording } = recordingOf(planOf({ mp4: { maxMinutes: 30 } }), {
      ...{ recordId, epoch: 0, captures: 0, revision: 0 },
      startedAt: new Date().toISOString(),
      media: {},
    });
    await recordings.create(recording);
    queue.push({ recordId, epoch: 0 });
  };
  const until = async (recordId: string, isSo: (recording: Recording) => boolean): Promise<Recording> =>
    vi.waitFor(
      async () => {
        const now = await recordings.get(recordId);
        if (now === undefined || !isSo(now)) throw new Error(`It is ${JSON.stringify(now)}`);
        return now;
      },
      { timeout: 15_000 },
    );
  const capturesOf = (recordId: string) =>
    captures.filter(({ options }) => options.recording.recordId === recordId);
  const begun = (recordId: string, count: number) =>
    vi.waitFor(() => expect(capturesOf(recordId)).toHaveLength(count), { timeout: 15_000 });
  const stop = (recordId: string) => stopRecording({ ...ports, recorders }, recordId, 'stopped');
  return {
    ...{ supervise, add, until, begun, capturesOf, stop, files, recorders, recordings },
    withoutMedia: () => {
      hasMedia = false;
    },
  };
};

let world: ReturnType<typeof start>;
const running: Supervisor[] = [];

beforeEach(() => {
  world = start(table);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((supervisor) => supervisor.drain()));
});

const id = (name: string) => `${name}-${Math.random().toString(36).slice(2)}`;

describe('A recording whose recorder is told to stop', () => {
  it('goes on there until the next recorder has media, which begins at the key frame that it leaves out', async () => {
    const [recordId, one, two] = [id('rec'), id('rcd'), id('rcd')];
    const first = await world.supervise(one);
    await world.add(recordId);
    await world.begun(recordId, 1);
    running.push(await world.supervise(two));
    await first.drain();

    const [before, after] = world.capturesOf(recordId);
    expect(before?.end).toBe('recorder-drained');
    await vi.waitFor(() => expect(after?.began).toEqual({ fingerprint: `key frame of ${one}` }));
    expect(after?.end).toBeUndefined();
    const recording = await world.until(recordId, ({ handover }) => handover?.left === true);
    expect(recording).toMatchObject({ state: 'recording', owner: two, epoch: 2, captures: 2 });
    expect(await world.recorders.get(one)).toBeUndefined();
  });

  it('ends there at once when nobody could take over, and is offered to whoever comes', async () => {
    const [recordId, one] = [id('rec'), id('rcd')];
    const first = await world.supervise(one);
    await world.add(recordId);
    await world.begun(recordId, 1);
    await first.drain();
    expect(await world.recordings.get(recordId)).toMatchObject({ state: 'recording', epoch: 1 });
    running.push(await world.supervise(id('rcd')));
    await world.begun(recordId, 2);
    expect(world.capturesOf(recordId)[1]?.options.arrival).toBeUndefined();
  });

  it('ends soon when all recorders are told to stop together', async () => {
    const [recordId, one, two] = [id('rec'), id('rcd'), id('rcd')];
    const both = [await world.supervise(one), await world.supervise(two)];
    await world.add(recordId);
    await world.begun(recordId, 1);
    const begun = performance.now();
    await Promise.all(both.map((supervisor) => supervisor.drain()));
    expect(performance.now() - begun).toBeLessThan(8000);
    const left = await world.recordings.get(recordId);
    expect(left).toMatchObject({ state: 'recording' });
    expect(left).not.toHaveProperty('owner');
    expect(left).not.toHaveProperty('handover');
  });

  it('ends once, for both, when it is stopped while the next recorder has no media yet', async () => {
    const [recordId, one, two] = [id('rec'), id('rcd'), id('rcd')];
    world.withoutMedia();
    const first = await world.supervise(one);
    await world.add(recordId);
    await world.begun(recordId, 1);
    running.push(await world.supervise(two));
    // As long as it has a file open, the recording is not over.
    await world.files.open(fileOf('mp4', { recordId, epoch: 1 }));
    const drained = first.drain();
    await world.begun(recordId, 2);
    expect(await world.stop(recordId)).toMatchObject({ owner: two, stopping: { code: 'stopped' } });
    const ended = await world.until(recordId, ({ state }) => state !== 'recording');
    expect(ended).toMatchObject({ reason: { code: 'stopped' } });
    await drained;
    // Whichever is first ends it for the other.
    const [left, next] = world.capturesOf(recordId).map(({ end }) => end);
    expect(left).toBe('stopped');
    expect(['stopped', 'fenced']).toContain(next);
    await world.until(recordId, ({ handover }) => handover === undefined);
    expect(world.capturesOf(recordId)).toHaveLength(2);
  });

  it('is taken over as far as others have free slots, and the rest ends at once', async () => {
    const [some, one, two] = [[id('rec'), id('rec')], id('rcd'), id('rcd')];
    const first = await world.supervise(one);
    for (const recordId of some) await world.add(recordId);
    for (const recordId of some) await world.begun(recordId, 1);
    running.push(await world.supervise(two, 1));
    await first.drain();
    const owners = await Promise.all(
      some.map(async (recordId) => (await world.recordings.get(recordId))?.owner),
    );
    expect(owners.filter((owner) => owner === two)).toHaveLength(1);
  });
});
