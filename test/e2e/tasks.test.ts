import { beforeAll, describe, expect, it } from 'vitest';
import { dataOf, type Schemas } from '../../client/index.ts';
import { LOCAL_DOMAIN } from '../../local/bootstrap.ts';
import { bind, makeTemplate } from '../support/configure.ts';
import { expectPartOf } from '../support/frames.ts';
import { useLocalRun } from '../support/local-run.ts';
import { makeSource, videoFrames } from '../support/media.ts';
import { onThisMachine } from '../support/on-this-machine.ts';
import { once } from '../support/once.ts';
import { publish } from '../support/publisher.ts';
import { download, eventually, filesOf, recordingsOf, streamsOf } from '../support/recorded.ts';

const run = useLocalRun();
const source = once(() => makeSource(run.folder, 'source', { seconds: 40 }));
const mp4 = once(() => makeTemplate(run.api, 'tasks', { mp4: {} }));

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
const secondsFrom = (one: string, other: string): number => (Date.parse(other) - Date.parse(one)) / 1000;

const makeTask = (stream: string, task: Omit<Schemas['TaskInput'], 'domain' | 'app' | 'stream'>) =>
  dataOf(run.api.POST('/v1/tasks', { body: { domain: LOCAL_DOMAIN, app: 'live', stream, ...task } }));

const taskOf = (taskId: string) =>
  dataOf(run.api.GET('/v1/tasks/{taskId}', { params: { path: { taskId } } }));

const endedTask = (taskId: string) =>
  eventually('the task has ended', async () => {
    const task = await taskOf(taskId);
    return ['scheduled', 'waiting', 'recording'].includes(task.state) ? undefined : task;
  });

/** Pushes a stream that nothing records yet. */
const push = async (stream: string) => {
  const publisher = publish(await source(), `${run.rtmpUrl}/live/${stream}`);
  run.onEnd(async () => publisher.kill());
  await eventually('the stream is live', async () => (await streamsOf(run.api, stream, true))[0]);
  return publisher;
};

const recordingOf = async (task: Schemas['Task']): Promise<Schemas['Recording']> => {
  const [recordId = ''] = task.recordIds;
  return dataOf(run.api.GET('/v1/recordings/{recordId}', { params: { path: { recordId } } }));
};

beforeAll(async () => {
  const query = { domain: LOCAL_DOMAIN };
  const { items } = await dataOf(run.api.GET('/v1/rules', { params: { query } }));
  for (const { ruleId } of items) {
    await dataOf(run.api.DELETE('/v1/rules/{ruleId}', { params: { path: { ruleId } } }));
  }
});

describe.concurrent('A task', () => {
  it('records a stream without a rule at once, as HLS, and ends it at its end', async () => {
    await push('on-demand');
    const [stream] = await streamsOf(run.api, 'on-demand', true);
    expect(stream?.notRecorded).toMatch(/No rule/);
    const { taskId, startTime, endTime } = await makeTask('on-demand', { endTime: inSeconds(8) });
    await eventually('it records', async () =>
      (await taskOf(taskId)).state === 'recording' ? true : undefined,
    );
    expect((await streamsOf(run.api, 'on-demand', true))[0]?.notRecorded).toBeNull();

    const task = await endedTask(taskId);
    expect(task).toMatchObject({ state: 'completed', reason: null });
    const recording = await recordingOf(task);
    expect(recording).toMatchObject({ taskId, templateId: null, reason: { code: 'task-ended' } });
    expect(secondsFrom(startTime, recording.startedAt)).toBeLessThan(onThisMachine(1));
    expect(Math.abs(secondsFrom(endTime, recording.endedAt ?? ''))).toBeLessThan(onThisMachine(1.5));
    const [file, ...others] = await filesOf(run.api, recording.recordId);
    expect(others).toEqual([]);
    expect(file).toMatchObject({ format: 'hls', state: 'ready' });
    if (file === undefined) throw new Error('There is no file');
    expectPartOf(await videoFrames(await source()), await videoFrames(await download(file, run.folder)));
    expect((await streamsOf(run.api, 'on-demand', true))[0]?.live).toBe(true);
  });

  it('that is scheduled begins within a second of its start time', async () => {
    await push('scheduled');
    const { taskId, startTime } = await makeTask('scheduled', {
      templateId: await mp4(),
      startTime: inSeconds(4),
      endTime: inSeconds(9),
    });
    expect((await taskOf(taskId)).state).toBe('scheduled');
    const task = await endedTask(taskId);
    expect(task.state).toBe('completed');
    const { recordId, startedAt } = await recordingOf(task);
    const [file] = await filesOf(run.api, recordId);
    const began = [startedAt, file?.startedAt ?? ''].map((at) => secondsFrom(startTime, at));
    for (const seconds of began) {
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(seconds).toBeLessThan(onThisMachine(1));
    }
  });

  it('and a rule record one stream twice, and stopping the task ends its recording alone', async () => {
    const templateId = await mp4();
    await bind(run.api, { domain: LOCAL_DOMAIN, app: 'live', stream: 'twice', templateId });
    const publisher = await push('twice');
    const { taskId } = await makeTask('twice', { templateId, endTime: inSeconds(60) });
    const recorded = await eventually('both record', async () => {
      const recordings = await recordingsOf(run.api, 'twice');
      return recordings.length === 2 && recordings.every(({ media }) => media !== null)
        ? recordings
        : undefined;
    });
    expect(recorded.map((recording) => recording.taskId).sort()).toEqual([taskId, null].sort());
    const params = { path: { taskId } };
    const stoppedAt = new Date().toISOString();
    expect((await dataOf(run.api.POST('/v1/tasks/{taskId}/stop', { params }))).state).toBe('stopped');
    const ended = await eventually('its recording has ended', async () => {
      const recording = await recordingOf(await taskOf(taskId));
      return recording.state === 'completed' ? recording : undefined;
    });
    expect(ended.reason).toMatchObject({ cause: 'user', code: 'task-stopped' });
    expect(secondsFrom(stoppedAt, ended.endedAt ?? '')).toBeLessThan(onThisMachine(4));
    expect((await recordingsOf(run.api, 'twice')).map(({ state }) => state).sort()).toEqual([
      'completed',
      'recording',
    ]);
    await dataOf(run.api.DELETE('/v1/tasks/{taskId}', { params }));
    expect((await recordingsOf(run.api, 'twice')).some((recording) => recording.taskId === taskId)).toBe(
      true,
    );
    publisher.stop();
  });

  it('whose stream never comes is missed', async () => {
    const { taskId } = await makeTask('nobody', { endTime: inSeconds(2) });
    await eventually('it waits', async () => ((await taskOf(taskId)).state === 'waiting' ? true : undefined));
    expect(await endedTask(taskId)).toMatchObject({
      state: 'missed',
      recordIds: [],
      reason: { code: 'stream-missed' },
    });
  });
});
