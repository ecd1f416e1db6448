import * as z from 'zod';
import { URL_LIFETIME_SECONDS } from '../../../shared/constants.ts';
import { conflict, notFound } from '../../../shared/problems/problems.ts';
import { isGone } from '../../../shared/recordings/gone.ts';
import { timeSchema } from '../../../shared/schemas/names.ts';
import { stepSchema } from '../../../shared/schemas/orchestration.ts';
import {
  artifactSchema,
  type Run,
  type RunStep,
  runSchema,
  runStepSchema,
} from '../../../shared/schemas/post-processing.ts';
import { reasonSchema } from '../../../shared/schemas/recording.ts';
import { remoteFileSchema } from '../../../shared/schemas/remote-steps.ts';
import { StorageError } from '../../../shared/storage/object-store.ts';
import { expectFound } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { idSchema } from './ids.ts';

const outputView = artifactSchema
  .extend({
    bucket: z.string(),
    key: z
      .string()
      .describe('Of the object; of HLS, of its playlist; of images, of the WebVTT file that lists them.'),
    url: z
      .url()
      .nullable()
      .describe('Where it can be read for an hour; null for HLS, and when it cannot be signed for.'),
  })
  .meta({ id: 'StepOutput' });

const stepView = z
  .object({
    name: z.string(),
    kind: z.enum(stepSchema.options.map((option) => option.shape.kind.value)),
    input: z.string(),
    state: runStepSchema.shape.state.describe(
      '`pending`: waits for its input, for its next try or for a worker. `running` of a step that others do: they have it, or are about to. `skipped`: what it needs did not succeed.',
    ),
    percent: z.number().describe('How far it is.'),
    attempts: z.number().int().describe('Times that it was begun.'),
    startedAt: timeSchema.nullable().describe('When it was begun for the last time.'),
    endedAt: timeSchema.nullable(),
    seconds: z.number().nullable().describe('What its last try took.'),
    nextTryAt: timeSchema.nullable(),
    reason: reasonSchema.nullable().describe('Why it failed, or why its last try did.'),
    output: outputView.nullable(),
    files: z.array(remoteFileSchema).describe('What others have made, as far as they have said.'),
  })
  .meta({ id: 'PostProcessingStep' });

const runView = runSchema
  .pick({
    runId: true,
    recordId: true,
    format: true,
    orchestrationId: true,
    orchestrationName: true,
    state: true,
    createdAt: true,
  })
  .extend({
    fileId: z.string().nullable().describe('Of the file that it is run on; null: all files of the format.'),
    percent: z.number().describe('How far all of it is.'),
    endedAt: timeSchema.nullable(),
    steps: z.array(stepView),
  })
  .meta({
    id: 'PostProcessingRun',
    description: 'One orchestration, applied to one file or to all of a recording.',
  });

const EXAMPLE_RUN: z.input<typeof runView> = {
  runId: 'run_0001-hls-0001_5b1e0c2f9a37',
  recordId: '01KAN2VXJ8Q6S5T4R3P2N1M0K9',
  format: 'hls',
  fileId: '0001-hls-0001',
  orchestrationId: 'orc_01KAN2X5B6C7D8E9F0G1H2J3K4',
  orchestrationName: 'library',
  state: 'running',
  percent: 62,
  createdAt: '2026-11-22T11:00:01.000Z',
  endedAt: null,
  steps: [
    {
      name: 'film',
      kind: 'remux',
      input: 'source',
      state: 'running',
      percent: 62,
      attempts: 1,
      startedAt: '2026-11-22T11:00:02.000Z',
      endedAt: null,
      seconds: null,
      nextTryAt: null,
      reason: null,
      output: null,
      files: [],
    },
  ],
};

const params = z.strictObject({ recordId: idSchema });
const runParams = z.strictObject({ recordId: idSchema, runId: idSchema });
const RUN_PATH = '/v1/recordings/{recordId}/post-processing/{runId}';
const example = { recordId: EXAMPLE_RUN.recordId, runId: EXAMPLE_RUN.runId };

const NOT_NOW = 'It is in no state for that.';

type RunServices = Pick<Services, 'recordings' | 'runs' | 'changeRun' | 'storeOf' | 'now'>;

export const postProcessingRoutes = (services: RunServices): Route[] => {
  const { recordings, runs, changeRun, storeOf, now } = services;

  const urlOf = async ({ destination, output }: RunStep): Promise<string | null> => {
    // A playlist's segments would each need a signature of their own.
    if (output === undefined || output.format === 'hls') return null;
    try {
      const expiry = { expiresInSeconds: URL_LIFETIME_SECONDS };
      return await storeOf(destination.bucket).presign(output.key, expiry);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return null;
    }
  };

  const showStep = async (step: RunStep): Promise<z.input<typeof stepView>> => {
    const { state, percent, attempt, startedAt, endedAt, dueAt, reason, output, destination } = step;
    const { name, kind, input } = step.step;
    return {
      ...{ name, kind, input, state, percent, attempts: attempt },
      startedAt: startedAt ?? null,
      endedAt: endedAt ?? null,
      seconds:
        startedAt === undefined || endedAt === undefined
          ? null
          : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
      nextTryAt: dueAt ?? null,
      reason: reason ?? null,
      output:
        output === undefined
          ? null
          : { ...output, bucket: destination.bucket.bucket, url: await urlOf(step) },
      files: step.files ?? [],
    };
  };

  const show = async (run: Run): Promise<z.input<typeof runView>> => ({
    ...run,
    fileId: run.fileId ?? null,
    endedAt: run.endedAt ?? null,
    percent: Math.floor(run.steps.reduce((sum, { percent }) => sum + percent, 0) / run.steps.length),
    steps: await Promise.all(run.steps.map(showStep)),
  });

  /** Applies what was asked for. @throws Problem when there is no such run, or it is in no state for that */
  const change = async (
    ids: z.infer<typeof runParams>,
    type: 'cancel' | 'again',
    refused: (run: Run) => string,
  ) => {
    const result = await changeRun(ids, { type, at: now().toISOString() });
    if (result === undefined) throw notFound(`There is no run ${ids.runId} of recording ${ids.recordId}.`);
    if (!result.changed) {
      throw conflict('not-possible', NOT_NOW, refused(result.run));
    }
    return show(result.run);
  };

  return [
    route({
      method: 'GET',
      path: '/v1/recordings/{recordId}/post-processing',
      operationId: 'listPostProcessing',
      tag: 'Recordings',
      summary: 'List the runs of orchestrations on a recording, with their steps.',
      scope: 'read',
      params,
      query: z.strictObject(pageQuery),
      response: { status: 200, schema: listOf(runView) },
      example: {
        params: { recordId: EXAMPLE_RUN.recordId },
        response: { items: [EXAMPLE_RUN], cursor: null },
      },
      async handle({ params: { recordId }, query }) {
        expectFound('recording', recordId, await recordings.get(recordId));
        const { items, cursor } = await readPage(() => runs.page(recordId, query));
        return { items: await Promise.all(items.map(show)), cursor };
      },
    }),
    route({
      method: 'GET',
      path: RUN_PATH,
      operationId: 'getPostProcessing',
      tag: 'Recordings',
      summary: 'Get one run of an orchestration.',
      scope: 'read',
      params: runParams,
      response: { status: 200, schema: runView },
      example: { params: example, response: EXAMPLE_RUN },
      async handle({ params: { recordId, runId } }) {
        return show(expectFound('run', runId, await runs.get(recordId, runId)));
      },
    }),
    route({
      method: 'POST',
      path: `${RUN_PATH}/cancel`,
      operationId: 'cancelPostProcessing',
      tag: 'Recordings',
      summary: 'Cancel what has not ended of a run. What has succeeded stays.',
      scope: 'write',
      params: runParams,
      response: { status: 200, schema: runView },
      problems: [409],
      example: { params: example, response: { ...EXAMPLE_RUN, state: 'cancelled' } },
      handle: ({ params: ids }) =>
        change(ids, 'cancel', ({ runId, state }) => `Run ${runId} has ${state} already.`),
    }),
    route({
      method: 'POST',
      path: `${RUN_PATH}/run-again`,
      operationId: 'runPostProcessingAgain',
      tag: 'Recordings',
      summary: 'Run the steps again that have not succeeded, of a run that has ended.',
      scope: 'write',
      params: runParams,
      response: { status: 200, schema: runView },
      problems: [409],
      example: { params: example, response: EXAMPLE_RUN },
      async handle({ params: ids }) {
        const recording = await recordings.get(ids.recordId);
        if (recording !== undefined && isGone(recording)) {
          throw conflict(
            'not-possible',
            NOT_NOW,
            `What was recorded of ${ids.recordId} is not there any more.`,
          );
        }
        return change(ids, 'again', ({ runId, state }) =>
          state === 'running' ? `Run ${runId} has not ended.` : `Every step of run ${runId} has succeeded.`,
        );
      },
    }),
  ];
};
