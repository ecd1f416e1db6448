import type { Orchestrations } from '../../shared/config/orchestrations.ts';
import type { Storages } from '../../shared/config/storages.ts';
import type { Notice } from '../../shared/events/notices.ts';
import type { StepScope } from '../../shared/post-processing/graph.ts';
import { begun } from '../../shared/post-processing/machine.ts';
import { makeRun } from '../../shared/post-processing/make-run.ts';
import type { QueueStep } from '../../shared/post-processing/queue.ts';
import { queueJobs } from '../../shared/post-processing/transition.ts';
import { isGone } from '../../shared/recordings/gone.ts';
import { FORMATS } from '../../shared/schemas/names.ts';
import type { Orchestration } from '../../shared/schemas/orchestration.ts';
import type { Run } from '../../shared/schemas/post-processing.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { type Bucket, bucketOf } from '../../shared/schemas/storage.ts';
import type { Files } from '../../shared/table/files.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Runs } from '../../shared/table/runs.ts';
import type { Telemetry } from '../common/telemetry.ts';

export interface StartRunPorts {
  readonly orchestrations: Pick<Orchestrations, 'get'>;
  readonly storages: Pick<Storages, 'get'>;
  readonly recordings: Pick<Recordings, 'get'>;
  readonly files: Pick<Files, 'get' | 'page'>;
  readonly runs: Pick<Runs, 'create' | 'remove'>;
  readonly queueStep: QueueStep;
  readonly telemetry: Telemetry;
  now(): Date;
}

const hasConcat = ({ steps }: Orchestration): boolean => steps.some(({ kind }) => kind === 'concat');

/** Segments of a playlist that is not at home may be in several storages; no step reads more than one. */
const isWhole = ({ format, state, location }: RecordingFile): boolean =>
  state === 'ready' && (format !== 'hls' || location === 'primary');

/** Whether something of it will be ready, or in one place, only later. */
const isAwaited = (file: RecordingFile): boolean =>
  !isWhole(file) && file.state !== 'failed' && file.state !== 'expired';

/**
 * Begins what a notice asks for: the steps for a file that is ready, and those for all files of a recording that has
 * ended. Safe to repeat: a run has the same id each time. Nothing is read where the template names no orchestration.
 */
export const createStartRuns = (ports: StartRunPorts) => {
  const { orchestrations, storages, recordings, files, runs, queueStep, telemetry, now } = ports;

  const find = async (recordId: string, orchestrationId: string): Promise<Orchestration | undefined> => {
    const found = await orchestrations.get(orchestrationId);
    if (found === undefined) {
      telemetry.log.warn('An orchestration has been deleted; files are not post-processed', {
        recordId,
        orchestrationId,
      });
    }
    return found;
  };

  const bucketsOf = async ({ steps }: Orchestration): Promise<Map<string, Bucket>> => {
    const ids = new Set(steps.flatMap(({ output }) => output?.storageId ?? []));
    const found = await Promise.all([...ids].map((storageId) => storages.get(storageId)));
    return new Map(
      found.filter((storage) => storage !== undefined).map((one) => [one.storageId, bucketOf(one)]),
    );
  };

  /** What the table will never take must not keep anybody from being told of the file. */
  const create = async (run: Run): Promise<boolean> => {
    try {
      return await runs.create(run);
    } catch (cause) {
      if (!(cause instanceof Error && cause.name === 'ValidationException')) throw cause;
      const { recordId, runId } = run;
      telemetry.log.error('The table refuses a run; its file is not post-processed', {
        recordId,
        runId,
        cause,
      });
      telemetry.count('PostProcessingRefused');
      return false;
    }
  };

  const alive = async (recordId: string): Promise<Recording | undefined> => {
    const recording = await recordings.get(recordId);
    return recording === undefined || isGone(recording) ? undefined : recording;
  };

  const start = async (
    file: RecordingFile,
    scope: StepScope,
    orchestration: Orchestration,
  ): Promise<void> => {
    const recording = await alive(file.recordId);
    // It has been deleted meanwhile.
    if (recording === undefined) return;
    const made = makeRun({
      ...{ recording, file, scope, orchestration },
      storages: await bucketsOf(orchestration),
      now: now(),
    });
    if (made === undefined) return;
    const { run, effects } = begun(made);
    // One that is there keeps the steps that it has; the sweeper queues those of them that were forgotten.
    if (!(await create(run))) return;
    // A deletion that was asked for before this has not seen the run, and leaves it behind; a later one finds it.
    if ((await alive(run.recordId)) === undefined) {
      await runs.remove(run.recordId, run.runId);
      return;
    }
    telemetry.count('PostProcessingStarted');
    await queueJobs({ queueStep }, run, effects);
  };

  const onFile = async (recordId: string, fileId: string, orchestrationId: string): Promise<void> => {
    const orchestration = await find(recordId, orchestrationId);
    const file = orchestration && (await files.get(recordId, fileId));
    if (file !== undefined && isWhole(file)) await start(file, 'file', orchestration as Orchestration);
  };

  const onEnd = async (
    recordId: string,
    ids: Readonly<Record<string, string | undefined>>,
  ): Promise<void> => {
    for (const format of FORMATS) {
      const id = ids[format];
      const orchestration = id === undefined ? undefined : await find(recordId, id);
      if (orchestration === undefined || !hasConcat(orchestration)) continue;
      const { items } = await files.page(recordId);
      const ofFormat = items.filter((file) => file.format === format);
      // What is joined without them would lack them for ever.
      if (ofFormat.some(isAwaited)) continue;
      const first = ofFormat.find(isWhole);
      if (first !== undefined) await start(first, 'recording', orchestration);
    }
  };

  /** For all files of a recording that has ended, as soon as none of them is waited for any more. */
  const forEnded = async (recordId: string): Promise<void> => {
    const recording = await recordings.get(recordId);
    const ids = recording?.state === 'completed' ? recording.plan.postProcessing : undefined;
    if (ids !== undefined) await onEnd(recordId, ids);
  };

  const forNotice = async (notice: Notice): Promise<void> => {
    const { recordId } = notice;
    if (notice.type === 'recording.ended' && notice.orchestrationIds !== undefined) {
      await onEnd(recordId, notice.orchestrationIds);
    }
    if (notice.type !== 'file.ready' && notice.type !== 'file.moved') return;
    const { file, orchestrationId, recording } = notice;
    if (orchestrationId === undefined) return;
    await onFile(recordId, file.fileId, orchestrationId);
    if (recording.state === 'completed') await onEnd(recordId, { [file.format]: orchestrationId });
  };

  return { forNotice, forEnded };
};
export type StartRuns = ReturnType<typeof createStartRuns>;
