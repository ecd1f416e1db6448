import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { begun } from '../../shared/post-processing/machine.ts';
import { makeRun } from '../../shared/post-processing/make-run.ts';
import type { StepJob } from '../../shared/post-processing/queue.ts';
import { transitionRun } from '../../shared/post-processing/transition.ts';
import { newRecording, planWith } from '../../shared/recordings/recording.fixture.ts';
import { orchestrationSchema } from '../../shared/schemas/orchestration.ts';
import type { Run } from '../../shared/schemas/post-processing.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { createMemoryObjectStore, type MemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createNotices } from '../../shared/table/notices.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createRuns } from '../../shared/table/runs.ts';
import { startTable, type TestTable } from '../../test/support/table.ts';
import { flawlessFrames, MediaFolder, videoFrames } from '../containers/media.fixture.ts';
import { silentLog } from '../recorder.fixture.ts';
import { claimStep, type StepPorts } from './run-step.ts';
import { LEASE_SECONDS } from './step-lease.ts';
import { createSources } from './worker.fixture.ts';

const folder = new MediaFolder();
const sources = createSources(folder);
afterAll(() => folder.remove());

let table: TestTable;
let store: MemoryObjectStore;
let ports: StepPorts;
let jobs: StepJob[];
let told: string[];
let time: number;
beforeEach(async () => {
  table = await startTable();
  store = createMemoryObjectStore();
  [jobs, told, time] = [[], [], Date.parse('2026-11-22T11:00:00.000Z')];
  ports = {
    runs: createRuns(table),
    recordings: createRecordings(table),
    files: createFiles(table),
    notices: createNotices(table),
    queues: {
      completion: async (job) => void told.push('noticeId' in job ? job.noticeId : job.manifestDueAt),
    },
    queueStep: async (job) => void jobs.push(job),
    storeOf: () => store,
    spool: { bucket: 'spool', region: 'eu-central-1' },
    log: silentLog(),
    now: () => new Date(time),
  };
});
afterEach(() => table.close());

const never = new AbortController().signal;

/** A run of these steps on an HLS recording of five seconds. */
const setUp = async (steps: unknown[], recordId = 'rec_1'): Promise<Run> => {
  const recording = newRecording({ recordId, state: 'completed', plan: planWith() });
  await ports.recordings.create(recording);
  const source = await sources.hls(store, 'demo/show.m3u8', 5);
  const file: RecordingFile = {
    recordId,
    fileId: '0001-hls-0001',
    format: 'hls',
    bucket: 'recordings',
    key: source.key,
    state: 'ready',
    location: 'primary',
    sizeBytes: source.size,
    durationSeconds: 5,
    epoch: 1,
    startedAt: recording.startedAt,
    readyAt: recording.startedAt,
  };
  await createFiles(table).open(file);
  const at = recording.startedAt;
  const orchestration = orchestrationSchema.parse({
    ...{ name: 'library', orchestrationId: 'orc_1', createdAt: at, updatedAt: at, steps },
  });
  const made = makeRun({
    recording,
    file,
    scope: 'file',
    orchestration,
    storages: new Map(),
    now: new Date(time),
  });
  if (made === undefined) throw new Error('There are no steps');
  const { run, effects } = begun(made);
  await ports.runs.create(run);
  for (const effect of effects) {
    if (effect.type === 'queue')
      jobs.push({ recordId, runId: run.runId, step: effect.step, attempt: effect.attempt });
  }
  return run;
};

/** Does all that is queued, one after the other. */
const work = async (by: StepPorts = ports): Promise<void> => {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift())
    await (await claimStep(by, job))?.(never);
};
const now = async ({ recordId, runId }: Run): Promise<Run> => {
  const run = await ports.runs.get(recordId, runId);
  if (run === undefined) throw new Error('There is no run');
  return run;
};
const statesOf = ({ steps }: Run): string[] => steps.map(({ state }) => state);
const made = (): string[] => [...store.objects.keys()].filter((key) => /show-/.test(key));

const FILM = { kind: 'remux', name: 'film', format: 'mp4' };
const PICTURES = { kind: 'thumbnails', name: 'pictures', input: 'film', everySeconds: 2 };

describe('A run', () => {
  it('is done step by step, each with what the one before has made', async () => {
    const run = await setUp([FILM, PICTURES, { ...FILM, name: 'sound', format: 'aac' }]);
    await work();
    const over = await now(run);
    expect(statesOf(over)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(over.steps.map(({ output }) => output?.key)).toEqual([
      'demo/show-hls-film.mp4',
      'demo/show-hls-pictures.vtt',
      'demo/show-hls-sound.aac',
    ]);
    expect(told).toEqual([`post-processing.finished.${run.runId}.0`]);
    expect((await createNotices(table).get('rec_1', told[0] ?? ''))?.type).toBe('post-processing.finished');
  });

  it('goes on beside a step that fails for good', async () => {
    await store.put('demo/show-hls-film.mp4', Buffer.from('something else'));
    const run = await setUp([FILM, PICTURES, { ...FILM, name: 'sound', format: 'aac' }]);
    await work();
    const over = await now(run);
    expect(statesOf(over)).toEqual(['failed', 'skipped', 'succeeded']);
    expect(over.steps[0]?.reason?.code).toBe('output-taken');
    expect(told).toEqual([`post-processing.failed.${run.runId}.0`]);
  });

  it('can be run again when what was wrong is not any more', async () => {
    await store.put('demo/show-hls-film.mp4', Buffer.from('something else'));
    const run = await setUp([FILM]);
    await work();
    await store.delete('demo/show-hls-film.mp4');
    await transitionRun(ports, run, { type: 'again', at: ports.now().toISOString() });
    await work();
    expect(await now(run)).toMatchObject({ state: 'succeeded', round: 1 });
  });

  it('that is cancelled stops the worker that is at it, and leaves nothing behind', async () => {
    const run = await setUp([FILM]);
    const [job] = jobs;
    let cancelled = false;
    store.before = async ({ operation, key }) => {
      if (operation !== 'GetObject' || !key.endsWith('.ts') || cancelled) return;
      cancelled = true;
      await transitionRun(ports, run, { type: 'cancel', at: ports.now().toISOString() });
      // The next renewal tells the worker.
      await new Promise((resolve) => setTimeout(resolve, 200));
    };
    await (await claimStep({ ...ports, renewMs: 20 }, job as StepJob))?.(never);
    expect(await now(run)).toMatchObject({ state: 'cancelled' });
    expect(made()).toEqual([]);
    expect(store.uploads.size).toBe(0);
    expect(told).toEqual([]);
  });

  it('is given back by a worker that shuts down', async () => {
    const run = await setUp([FILM]);
    const stop = new AbortController();
    store.before = async ({ key }) => {
      if (key.endsWith('.ts')) stop.abort();
    };
    await (await claimStep(ports, jobs.shift() as StepJob))?.(stop.signal);
    expect((await now(run)).steps[0]).toMatchObject({ state: 'pending', failures: 0, attempt: 1 });
    store.before = undefined;
    await work();
    expect((await now(run)).state).toBe('succeeded');
  });
});

describe('A step whose recording goes', () => {
  /** Has this come over the recording just before the output appears. */
  const whenItAppears = (act: () => Promise<unknown>): void => {
    let done = false;
    store.before = async ({ operation, key }) => {
      if (done || operation !== 'PutObject' || key !== 'demo/show-hls-film.mp4') return;
      done = true;
      await act();
    };
  };
  const change = async (changes: Partial<Recording>): Promise<void> => {
    const recording = await ports.recordings.get('rec_1');
    if (recording === undefined) throw new Error('There is no recording');
    const next = { ...recording, ...changes, revision: recording.revision + 1 };
    expect(await ports.recordings.replace(next)).toBe(true);
  };

  it('leaves nothing when its run was forgotten while it was at it', async () => {
    const run = await setUp([FILM]);
    whenItAppears(async () => {
      await ports.runs.remove('rec_1', run.runId);
      await ports.recordings.remove('rec_1', (await ports.recordings.get('rec_1'))?.revision ?? 0);
    });
    await work();
    expect(made()).toEqual([]);
  });

  it('leaves nothing when the retention time ended while it was at it', async () => {
    const run = await setUp([FILM]);
    whenItAppears(async () => {
      await change({ expiredAt: ports.now().toISOString() });
      await transitionRun(ports, run, { type: 'cancel', at: ports.now().toISOString() });
    });
    await work();
    expect((await now(run)).state).toBe('cancelled');
    expect(made()).toEqual([]);
  });

  it('keeps its output when the run was cancelled only, for it may be run again', async () => {
    const run = await setUp([FILM]);
    whenItAppears(() => transitionRun(ports, run, { type: 'cancel', at: ports.now().toISOString() }));
    await work();
    expect((await now(run)).state).toBe('cancelled');
    expect(made()).toEqual(['demo/show-hls-film.mp4']);
  });

  it('is not begun when its retention time is over', async () => {
    const run = await setUp([FILM]);
    await change({ expiredAt: ports.now().toISOString() });
    await work();
    expect((await now(run)).steps[0]?.reason?.code).toBe('input-missing');
    expect(made()).toEqual([]);
  });
});

describe('A step that every worker lost', () => {
  /** Three tries of which nothing is heard any more. */
  const loseAll = async (run: Run): Promise<void> => {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const { recordId, runId } = run;
      const claim = { step: 'again', attempt, claimId: `lost-${attempt}`, at: ports.now().toISOString() };
      const leasedUntil = ports.now().toISOString();
      await transitionRun(ports, { recordId, runId }, { type: 'claim', ...claim, leasedUntil });
      time += 700_000;
      await transitionRun(ports, run, { type: 'looked', at: ports.now().toISOString() });
    }
    jobs = jobs.slice(-1);
  };
  const AGAIN = { kind: 'remux', name: 'again', format: 'mp4' };

  it('has succeeded all the same when its output is there', async () => {
    const run = await setUp([AGAIN]);
    await work();
    const { key, sizeBytes } = (await now(run)).steps[0]?.output ?? {};
    // As if nobody had come to write that down.
    await ports.runs.remove(run.recordId, run.runId);
    await ports.runs.create(run);
    await loseAll(run);
    await work();
    const over = await now(run);
    expect(over.steps[0]).toMatchObject({ state: 'succeeded', attempt: 4, output: { key, sizeBytes } });
  });

  it('fails, and nothing is left of it', async () => {
    const run = await setUp([{ ...AGAIN, format: 'hls' }]);
    await loseAll(run);
    await store.put('demo/show-hls-again/0001-000000.ts', Buffer.from('media'));
    await store.createUpload('demo/show-hls-again.m3u8', 'video/mp4');
    await work();
    expect((await now(run)).steps[0]).toMatchObject({ state: 'failed', reason: { code: 'worker-lost' } });
    expect(made()).toEqual([]);
    expect(store.uploads.size).toBe(0);
  });

  it('counts as tried no more often than it was when its success could not be written down', async () => {
    const run = await setUp([{ ...FILM, maxAttempts: 1 }]);
    let isAway = true;
    const replace: StepPorts['runs']['replace'] = (next) => {
      if (isAway && next.steps[0]?.state === 'succeeded') throw new Error('The table is away');
      return ports.runs.replace(next);
    };
    const away = { ...ports, runs: { ...ports.runs, replace } };
    await expect(work(away)).rejects.toThrow('The table is away');
    isAway = false;
    time += (LEASE_SECONDS + 1) * 1000;
    await transitionRun(ports, run, { type: 'looked', at: ports.now().toISOString() });
    await work();
    expect((await now(run)).state).toBe('succeeded');
  });
});

describe('A worker that is killed', () => {
  /** Its storage and its table answer nothing any more, from its `operations`-th storage operation on. */
  const mortal = (operations: number): { readonly by: StepPorts; readonly dead: Promise<void> } => {
    const death = new AbortController();
    let count = 0;
    const gone = () => new Promise<never>(() => undefined);
    const bounded = new Proxy(store, {
      get: (target, name: keyof MemoryObjectStore) => {
        const member = target[name];
        if (typeof member !== 'function') return member;
        return (...args: never[]) => {
          count += 1;
          if (count > operations) {
            death.abort();
            return gone();
          }
          return (member as (...all: never[]) => unknown)(...args);
        };
      },
    });
    const runs = {
      ...ports.runs,
      get: (...args: Parameters<typeof ports.runs.get>) =>
        death.signal.aborted ? gone() : ports.runs.get(...args),
    };
    const dead = new Promise<void>((resolve) => death.signal.addEventListener('abort', () => resolve()));
    return { by: { ...ports, runs, storeOf: () => bounded, renewMs: 3_600_000 }, dead };
  };

  it.each([
    ['an MP4', FILM, 'demo/show-hls-film.mp4'],
    [
      'HLS',
      { ...FILM, name: 'again', kind: 'transcode', format: 'hls', segmentSeconds: 2 },
      'demo/show-hls-again.m3u8',
    ],
    ['pictures', { ...PICTURES, input: 'source' }, 'demo/show-hls-pictures.vtt'],
  ])('at whatever moment costs nothing: %s is there once', async (_, step, key) => {
    let finished = false;
    for (let operations = 1; !finished && operations < 40; operations += 2) {
      store = createMemoryObjectStore();
      [jobs, told] = [[], []];
      const run = await setUp([step], `rec_${operations}`);
      const { by, dead } = mortal(operations);
      const worked = (await claimStep(by, jobs.shift() as StepJob))?.(never).then(() => {
        finished = true;
      });
      await Promise.race([worked, dead]);
      time += (LEASE_SECONDS + 1) * 1000;
      await transitionRun(ports, run, { type: 'looked', at: ports.now().toISOString() });
      await work();
      const over = await now(run);
      expect(over.state, `killed at operation ${operations}`).toBe('succeeded');
      expect(over.steps[0]?.output?.key).toBe(key);
      expect(over.steps[0]?.output?.objects).toBe(made().length);
      expect(store.uploads.size).toBe(0);
      expect(told).toHaveLength(1);
    }
    expect(finished).toBe(true);
  });
});

it('frames of a remux are those of the recording', async () => {
  const run = await setUp([FILM]);
  await work();
  const body = store.objects.get((await now(run)).steps[0]?.output?.key ?? '')?.body ?? Buffer.alloc(0);
  expect(flawlessFrames(folder.write('mp4', Buffer.from(body)))).toEqual(videoFrames(sources.original(5)));
});
