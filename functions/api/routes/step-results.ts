import * as z from 'zod';
import { hashSecret } from '../../../shared/auth/secrets.ts';
import type { RunInput } from '../../../shared/post-processing/machine.ts';
import { stepReason } from '../../../shared/post-processing/reasons.ts';
import { keptFiles, resultFilesSchema } from '../../../shared/post-processing/results.ts';
import { claimIdOf } from '../../../shared/post-processing/tries.ts';
import { invalidResultToken } from '../../../shared/problems/problems.ts';
import { runStepSchema } from '../../../shared/schemas/post-processing.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { idSchema } from './ids.ts';

const token = z.string().min(1).max(128).describe('As it was handed over with the step.');

const resultSchema = z
  .discriminatedUnion('status', [
    z.strictObject({
      status: z.literal('running'),
      token,
      percent: z.number().int().min(0).max(100).describe('How far it is.'),
    }),
    z.strictObject({ status: z.literal('succeeded'), token, files: resultFilesSchema.default([]) }),
    z.strictObject({
      status: z.literal('failed'),
      token,
      message: z.string().max(500).describe('Why, in words for people.'),
      retry: z.boolean().default(true).describe('Whether another try may be of use.'),
    }),
  ])
  .meta({ id: 'StepResult' });
type Result = z.output<typeof resultSchema>;

const answerSchema = z
  .object({
    accepted: z
      .boolean()
      .describe(
        'False: nobody waits for it any more. The step was cancelled, is too late, or was answered for before.',
      ),
    state: runStepSchema.shape.state,
  })
  .meta({ id: 'StepResultAnswer' });

const EXAMPLE = {
  params: {
    recordId: '01KAN2VXJ8Q6S5T4R3P2N1M0K9',
    runId: 'run_0001-hls-0001_5b1e0c2f9a37',
    step: 'index',
  },
  body: {
    status: 'succeeded',
    token: 'Jz8m1Q4yVw2nXc7pLr5tBk9sHd3fGa6eUo0iYqTxRvE',
    files: [{ key: 'shows/1-mp4-index/labels.json', sizeBytes: 18_230 }],
  },
  response: { accepted: true, state: 'succeeded' },
};

/** What a result makes of the try that it is for. */
const inputOf = (
  result: Result,
  of: { readonly step: string; readonly claimId: string; readonly at: string },
  { until, bucket }: { readonly until: string; readonly bucket: string },
): RunInput => {
  switch (result.status) {
    case 'running':
      return { type: 'underway', ...of, percent: result.percent, lookAt: until };
    case 'succeeded':
      return { type: 'succeeded', ...of, files: keptFiles(result.files, bucket) };
    case 'failed':
      return {
        type: 'failed',
        ...of,
        reason: stepReason('told-failed', result.message),
        final: !result.retry,
      };
  }
};

/** Answers of those who were handed a step over. */
export const stepResultRoutes = ({
  runs,
  changeRun,
  now,
}: Pick<Services, 'runs' | 'changeRun' | 'now'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/recordings/{recordId}/post-processing/{runId}/steps/{step}/result',
    operationId: 'reportStepResult',
    tag: 'Recordings',
    summary: 'Say how a step is that was handed over, with the token that came with it.',
    scope: 'public',
    params: z.strictObject({ recordId: idSchema, runId: idSchema, step: idSchema }),
    body: resultSchema,
    response: { status: 200, schema: answerSchema },
    problems: [401],
    example: EXAMPLE,
    async handle({ params: { recordId, runId, step: name }, body }) {
      const run = await runs.get(recordId, runId);
      const step = run?.steps.find((one) => one.step.name === name);
      const remote = step?.remote;
      // Nobody without the token learns whether there is such a step.
      if (
        run === undefined ||
        step === undefined ||
        remote?.tokenHashes.includes(hashSecret(body.token)) !== true
      ) {
        throw invalidResultToken();
      }
      const of = { step: name, claimId: claimIdOf(step.attempt), at: now().toISOString() };
      const { until } = remote;
      const input = inputOf(body, of, { until, bucket: step.destination.bucket.bucket });
      const result = await changeRun(run, input);
      const after = result?.run.steps.find((one) => one.step.name === name) ?? step;
      return { accepted: result?.changed === true, state: after.state };
    },
  }),
];
