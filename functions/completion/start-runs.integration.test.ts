import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOrchestrations } from '../../shared/config/orchestrations.ts';
import { createStorages } from '../../shared/config/storages.ts';
import { fileNotice, recordingNotice } from '../../shared/recordings/transition.ts';
import { orchestrationInputSchema } from '../../shared/schemas/orchestration.ts';
import type { RecordingFile } from '../../shared/schemas/recording.ts';
import { startTable, type TestTable } from '../../test/support/table.ts';
import {
  createWorld,
  fileWith,
  planWith,
  recordingWith,
  START,
  type World,
} from '../common/world.fixture.ts';
import { sweep } from '../sweeper/sweep.ts';
import { createStartRuns } from './start-runs.ts';

let table: TestTable;
let world: World;
let orchestrationId: string;
beforeEach(async () => {
  table = await startTable();
  world = createWorld(table);
});
afterEach(() => table.close());

const REMUX = { kind: 'remux', name: 'film', format: 'mp4' };
const CONCAT = { kind: 'concat', name: 'all' };
const CLIP = { kind: 'clip', name: 'start', input: 'film', fromSeconds: 0, toSeconds: 5 };

/** A recording of HLS whose files go through these steps. */
const setUp = async (steps: unknown[]) => {
  const orchestrations = createOrchestrations(table);
  const made = await orchestrations.create(orchestrationInputSchema.parse({ name: 'library', steps }));
  if (made.type !== 'created') throw new Error(made.type);
  orchestrationId = made.orchestration.orchestrationId;
  const plan = { ...planWith(), postProcessing: { hls: orchestrationId } };
  const recording = recordingWith({ plan });
  await world.ports.recordings.create(recording);
  const startRuns = createStartRuns({ ...world.ports, orchestrations, storages: createStorages(table) });
  const addFile = async (number: number, changes: Partial<RecordingFile> = {}): Promise<RecordingFile> => {
    const file = fileWith({
      ...{ fileId: `0001-hls-000${number}`, format: 'hls', key: `demo/${number}.m3u8`, state: 'ready' },
      readyAt: START,
      ...changes,
    });
    await world.ports.files.open(file);
    return file;
  };
  const runs = async () => (await world.ports.runs.page('rec_1')).items;
  return { orchestrations, recording, startRuns, addFile, runs };
};

describe('A file that is ready', () => {
  it('gets one run of its orchestration, with the first steps queued', async () => {
    const { recording, startRuns, addFile, runs } = await setUp([REMUX, CLIP, CONCAT]);
    const notice = fileNotice(recording, await addFile(1), 'file.ready');
    await startRuns.forNotice(notice);
    await startRuns.forNotice(notice);
    const [run, ...others] = await runs();
    expect(others).toEqual([]);
    expect(run).toMatchObject({ orchestrationId, fileId: '0001-hls-0001', state: 'running' });
    expect(run?.steps.map(({ step, destination }) => [step.name, destination.key])).toEqual([
      ['film', 'demo/1-hls-film'],
      ['start', 'demo/1-hls-start'],
    ]);
    const job = { recordId: 'rec_1', runId: run?.runId, step: 'film', attempt: 0, delaySeconds: 0 };
    expect(world.sent.steps).toEqual([job]);
    expect(world.counted).toEqual(['PostProcessingStarted']);
  });

  it('has no steps queued that its run does not have, when the orchestration has changed and it is told again', async () => {
    const { orchestrations, recording, startRuns, addFile } = await setUp([REMUX]);
    const notice = fileNotice(recording, await addFile(1), 'file.ready');
    await startRuns.forNotice(notice);
    const sound = { ...REMUX, name: 'sound', format: 'aac' };
    await orchestrations.replace(
      orchestrationId,
      orchestrationInputSchema.parse({ name: 'library', steps: [REMUX, sound] }),
    );
    await startRuns.forNotice(notice);
    expect(world.sent.steps).toMatchObject([{ step: 'film' }]);
  });

  it('gets none when its objects have been deleted meanwhile', async () => {
    const { recording, startRuns, addFile, runs } = await setUp([REMUX]);
    const notice = fileNotice(recording, await addFile(1), 'file.ready');
    const expired = { ...recording, expiredAt: START, revision: recording.revision + 1 };
    expect(await world.ports.recordings.replace(expired)).toBe(true);
    await startRuns.forNotice(notice);
    expect(await runs()).toEqual([]);
  });

  it.each([
    ['is asked for', false],
    ['is over', true],
  ])('leaves no run behind when its deletion %s while that is being made', async (_, isOver) => {
    const { orchestrations, recording, addFile, runs } = await setUp([REMUX]);
    const { recordings, runs: inTable } = world.ports;
    const create: typeof inTable.create = async (run) => {
      const deletion = { at: START, objects: true, record: true, failures: 0, dueAt: START };
      const next = { ...recording, deletion, revision: recording.revision + 1 };
      expect(await recordings.replace(next)).toBe(true);
      if (isOver) expect(await recordings.remove('rec_1', next.revision)).toBe(true);
      return inTable.create(run);
    };
    const ports = { ...world.ports, runs: { ...inTable, create } };
    const startRuns = createStartRuns({ ...ports, orchestrations, storages: createStorages(table) });
    await startRuns.forNotice(fileNotice(recording, await addFile(1), 'file.ready'));
    expect(await runs()).toEqual([]);
    expect(world.sent.steps).toEqual([]);
    expect(world.counted).toEqual([]);
  });

  it('has the steps that others do queued for those who hand them over', async () => {
    const functionArn = 'arn:aws:lambda:eu-central-1:123456789012:function:index';
    const { recording, startRuns, addFile } = await setUp([
      REMUX,
      { kind: 'lambda', name: 'index', functionArn },
    ]);
    await startRuns.forNotice(fileNotice(recording, await addFile(1), 'file.ready'));
    expect(world.sent.steps).toMatchObject([{ step: 'film' }]);
    expect(world.sent.remoteSteps).toMatchObject([{ step: 'index', attempt: 0, delaySeconds: 0 }]);
  });

  it('gets a run of its own for each playlist, where there are several', async () => {
    const { recording, startRuns, addFile, runs } = await setUp([REMUX]);
    for (const number of [1, 2, 3]) {
      await startRuns.forNotice(fileNotice(recording, await addFile(number), 'file.ready'));
    }
    expect((await runs()).map(({ fileId }) => fileId)).toEqual([1, 2, 3].map((n) => `0001-hls-000${n}`));
  });

  it('gets its run only at home, when its segments may be in several storages', async () => {
    const { recording, startRuns, addFile, runs } = await setUp([REMUX]);
    const away = await addFile(1, { location: 'backup', locatedAt: START });
    await startRuns.forNotice(fileNotice(recording, away, 'file.ready'));
    expect(await runs()).toEqual([]);
    const home = { ...away, location: 'primary' as const };
    expect(await world.ports.files.replace(home, away)).toBe(true);
    await startRuns.forNotice(fileNotice(recording, home, 'file.moved'));
    expect(await runs()).toMatchObject([{ fileId: '0001-hls-0001', state: 'running' }]);
  });

  it('is joined with the others only when none is waited for any more', async () => {
    const { recording, startRuns, addFile, runs } = await setUp([CONCAT]);
    const ended = { ...recording, state: 'completed' as const, endedAt: START, revision: 1 };
    expect(await world.ports.recordings.replace(ended)).toBe(true);
    const first = await addFile(1);
    const waiting = await addFile(2, { state: 'waiting', location: 'primary' });
    await startRuns.forNotice(recordingNotice(ended, 'recording.ended', START));
    await startRuns.forNotice(fileNotice(ended, first, 'file.ready'));
    expect(await runs()).toEqual([]);
    const ready = { ...waiting, state: 'ready' as const };
    expect(await world.ports.files.replace(ready, waiting)).toBe(true);
    await startRuns.forNotice(fileNotice(ended, ready, 'file.ready'));
    expect(await runs()).toHaveLength(1);
    await startRuns.forEnded('rec_1');
    expect(await runs()).toHaveLength(1);
  });

  it('is joined with the others when what they waited for has failed', async () => {
    const { recording, startRuns, addFile, runs } = await setUp([CONCAT]);
    const ended = { ...recording, state: 'completed' as const, endedAt: START, revision: 1 };
    expect(await world.ports.recordings.replace(ended)).toBe(true);
    await addFile(1);
    await addFile(2, { state: 'failed' });
    await startRuns.forEnded('rec_1');
    expect(await runs()).toHaveLength(1);
  });

  it('of another format gets none', async () => {
    const { recording, startRuns, runs } = await setUp([REMUX]);
    const file = fileWith({ state: 'ready', readyAt: START });
    await world.ports.files.open(file);
    await startRuns.forNotice(fileNotice(recording, file, 'file.ready'));
    expect(await runs()).toEqual([]);
  });

  it('has its outputs written where the orchestration says', async () => {
    const storages = createStorages(table);
    const made = await storages.create({ name: 'library', bucket: 'library', region: 'eu-west-1' });
    if (made.type !== 'created') throw new Error(made.type);
    const output = { storageId: made.storage.storageId, path: 'films/{StreamID}/{RandomID}' };
    const { recording, startRuns, addFile, runs } = await setUp([{ ...REMUX, output }]);
    await startRuns.forNotice(fileNotice(recording, await addFile(1), 'file.ready'));
    const [step] = (await runs())[0]?.steps ?? [];
    expect(step?.destination.bucket).toMatchObject({ bucket: 'library', region: 'eu-west-1' });
    expect(step?.destination.key).toMatch(/^films\/demo\/[0-9a-f]{24}-film$/);
  });

  it('gets no run that the table will never take, and is told of all the same', async () => {
    const { orchestrations, recording, addFile } = await setUp([REMUX]);
    const failure = Object.assign(new Error('Item size has exceeded the maximum'), {
      name: 'ValidationException',
    });
    const runs = { ...world.ports.runs, create: () => Promise.reject(failure) };
    const ports = { ...world.ports, orchestrations, storages: createStorages(table), runs };
    const notice = fileNotice(recording, await addFile(1), 'file.ready');
    await createStartRuns(ports).forNotice(notice);
    expect(world.logged).toHaveLength(1);
    failure.name = 'ThrottlingException';
    await expect(createStartRuns(ports).forNotice(notice)).rejects.toThrow(failure);
  });

  it('gets no run when its orchestration has been deleted', async () => {
    const { orchestrations, recording, startRuns, addFile, runs } = await setUp([REMUX]);
    await orchestrations.remove(orchestrationId);
    await startRuns.forNotice(fileNotice(recording, await addFile(1), 'file.ready'));
    expect(await runs()).toEqual([]);
    expect(world.logged).toHaveLength(1);
  });
});

describe('A recording that has ended', () => {
  it('has its files joined, where a step says so', async () => {
    const { recording, startRuns, addFile, runs } = await setUp([REMUX, CONCAT]);
    await addFile(1);
    await addFile(2);
    const notice = recordingNotice({ ...recording, state: 'completed' }, 'recording.ended', START);
    await startRuns.forNotice(notice);
    await startRuns.forNotice(notice);
    const [run, ...others] = await runs();
    expect(others).toEqual([]);
    expect(run?.fileId).toBeUndefined();
    expect(run?.steps.map(({ step, destination }) => [step.name, destination.key])).toEqual([
      ['all', 'demo/1-hls-all'],
    ]);
  });

  it('has nothing more done when no step joins files', async () => {
    const { recording, startRuns, addFile, runs } = await setUp([REMUX]);
    await addFile(1);
    await startRuns.forNotice(
      recordingNotice({ ...recording, state: 'completed' }, 'recording.ended', START),
    );
    expect(await runs()).toEqual([]);
  });
});

describe('A step whose job was lost', () => {
  it('is queued again after a minute', async () => {
    const { recording, startRuns, addFile } = await setUp([REMUX]);
    await startRuns.forNotice(fileNotice(recording, await addFile(1), 'file.ready'));
    world.sent.steps.length = 0;
    world.clock.pass(59);
    await sweep(world.ports);
    expect(world.sent.steps).toEqual([]);
    world.clock.pass(2);
    await sweep(world.ports);
    expect(world.sent.steps).toMatchObject([{ step: 'film', attempt: 0 }]);
    await sweep(world.ports);
    expect(world.sent.steps).toHaveLength(1);
  });
});
