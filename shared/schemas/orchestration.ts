import * as z from 'zod';
import { acceptedFormats, graphProblems } from '../post-processing/graph.ts';
import { formatSchema, timeSchema } from './names.ts';
import { lambdaStepSchema, mediaConvertStepSchema, stepFunctionsStepSchema } from './remote-steps.ts';
import { commonToSteps as common } from './step-common.ts';
import { audioEncodingSchema, videoEncodingSchema } from './transcode.ts';

/** Most steps of an orchestration, and what they may take as JSON: a run of it is one item of the table, of 400 kB at most. */
export const MOST_STEPS = 20;
export const MOST_STEPS_BYTES = 64 * 1024;

const nameSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, _ or -');

const segmentSeconds = z
  .number()
  .int()
  .min(2)
  .max(30)
  .default(10)
  .describe('Wanted length of a segment of HLS; each ends at the next key frame.');

const transcode = z
  .strictObject({
    kind: z.literal('transcode'),
    ...common,
    format: z.enum(['mp4', 'hls', 'aac']).default('mp4'),
    video: videoEncodingSchema.optional().describe('Absent: only the sound.'),
    audio: audioEncodingSchema.prefault({}),
    segmentSeconds,
  })
  .superRefine(({ format, video, audio }, context) => {
    const refuse = (path: string[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    if (format === 'aac' && video !== undefined) refuse(['video'], 'must not be given: aac holds sound only');
    if (format !== 'mp4' && audio.codec !== 'aac') refuse(['audio', 'codec'], `must be aac in ${format}`);
    if (format === 'hls' && video?.codec === 'av1') refuse(['video', 'codec'], 'must be h264 or hevc in hls');
  })
  .meta({ id: 'TranscodeStep', description: 'Encodes anew.' });

const remux = z
  .strictObject({
    kind: z.literal('remux'),
    ...common,
    format: z.enum(['mp4', 'hls', 'aac']).describe('`aac`: the sound alone.'),
    segmentSeconds,
  })
  .meta({ id: 'RemuxStep', description: 'Puts the same media into another format.' });

const concat = z
  .strictObject({ kind: z.literal('concat'), ...common, format: z.enum(['mp4', 'aac']).default('mp4') })
  .meta({
    id: 'ConcatStep',
    description: 'Joins all files of the recording into one, when the recording has ended.',
  });

/** To the millisecond: the table cannot keep a number that is next to nothing. */
const seconds = z
  .number()
  .min(0)
  .max(2_592_000)
  .overwrite((value) => Math.round(value * 1000) / 1000);

const clip = z
  .strictObject({
    kind: z.literal('clip'),
    ...common,
    format: z.enum(['mp4', 'aac']).default('mp4'),
    fromSeconds: seconds.describe('From the beginning of its input.'),
    toSeconds: seconds,
  })
  .refine(({ fromSeconds, toSeconds }) => toSeconds > fromSeconds, {
    path: ['toSeconds'],
    message: 'must be greater than fromSeconds',
  })
  .meta({ id: 'ClipStep', description: 'Cuts a part out, from the key frame before it, without encoding.' });

const thumbnails = z
  .strictObject({
    kind: z.literal('thumbnails'),
    ...common,
    everySeconds: z
      .number()
      .min(1)
      .max(3600)
      .default(10)
      .describe('Least time between two pictures; each is a key frame.'),
    width: z.number().int().min(16).max(3840).multipleOf(2, 'must be even').default(320),
  })
  .meta({ id: 'ThumbnailsStep', description: 'JPEGs of key frames, and a WebVTT file that lists them.' });

export const stepSchema = z
  .discriminatedUnion('kind', [
    transcode,
    remux,
    concat,
    clip,
    thumbnails,
    lambdaStepSchema,
    stepFunctionsStepSchema,
    mediaConvertStepSchema,
  ])
  .meta({ id: 'OrchestrationStep' });
export type Step = z.infer<typeof stepSchema>;
export type StepKind = Step['kind'];

const fields = z.strictObject({
  name: nameSchema,
  description: z.string().max(256).default(''),
  steps: z.array(stepSchema).min(1).max(MOST_STEPS),
});

export const orchestrationInputSchema = fields
  .superRefine(({ steps }, context) => {
    const bytes = Buffer.byteLength(JSON.stringify(steps));
    if (bytes > MOST_STEPS_BYTES) {
      const message = `must take ${MOST_STEPS_BYTES} bytes at most as JSON, and take ${bytes}`;
      context.addIssue({ code: 'custom', path: ['steps'], message });
    }
    for (const { path, message } of graphProblems(steps)) {
      context.addIssue({ code: 'custom', path: ['steps', ...path], message });
    }
  })
  .meta({ id: 'OrchestrationInput' });
export type OrchestrationInput = z.infer<typeof orchestrationInputSchema>;

export const orchestrationSchema = fields.extend({
  orchestrationId: z.string(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Orchestration = z.infer<typeof orchestrationSchema>;

/** As it is shown. */
export const orchestrationViewSchema = z
  .object({
    ...orchestrationSchema.shape,
    accepts: z.array(formatSchema).describe('Formats that it can be bound to.'),
  })
  .meta({ id: 'Orchestration' });
export type OrchestrationView = z.infer<typeof orchestrationViewSchema>;

export const showOrchestration = (orchestration: Orchestration): OrchestrationView => ({
  ...orchestration,
  accepts: acceptedFormats(orchestration.steps),
});
