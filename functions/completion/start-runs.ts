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
import type { RecordingFile } from '../../shared/schemas/recording.ts';
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
  readonly runs: Pick<Runs, 'create'>;
  readonly queueStep: QueueStep;
  readonly telemetry: Telemetry;
  now(): Date;
}

const hasConcat = ({ steps }: Orchestration): boolean => steps.some(({ kind }) => kind === 'concat');

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

  const start = async (
    file: RecordingFile,
    scope: StepScope,
    orchestration: Orchestration,
  ): Promise<void> => {
    const recording = await recordings.get(file.recordId);
    // It has been deleted meanwhile.
    if (recording === undefined || isGone(recording)) return;
    const made = makeRun({
      ...{ recording, file, scope, orchestration },
      storages: await bucketsOf(orchestration),
      now: now(),
    });
    if (made === undefined) return;
    const { run, effects } = begun(made);
    // One that is there keeps the steps that it has; the sweeper queues those of them that were forgotten.
    if (!(await create(run))) return;
    telemetry.count('PostProcessingStarted');
    await queueJobs({ queueStep }, run, effects);
  };

  const onFile = async (recordId: string, fileId: string, orchestrationId: string): Promise<void> => {
    const orchestration = await find(recordId, orchestrationId);
    const file = orchestration && (await files.get(recordId, fileId));
    if (file?.state === 'ready') await start(file, 'file', orchestration as Orchestration);
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
      const first = items.find((file) => file.format === format && file.state === 'ready');
      if (first !== undefined) await start(first, 'recording', orchestration);
    }
  };

  return async (notice: Notice): Promise<void> => {
    if (notice.type === 'file.ready' && notice.orchestrationId !== undefined) {
      await onFile(notice.recordId, notice.file.fileId, notice.orchestrationId);
    }
    if (notice.type === 'recording.ended' && notice.orchestrationIds !== undefined) {
      await onEnd(notice.recordId, notice.orchestrationIds);
    }
  };
};
