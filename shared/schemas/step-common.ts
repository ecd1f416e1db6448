import * as z from 'zod';
import { pathProblem } from '../path/placeholders.ts';
import { SOURCE } from '../post-processing/graph.ts';
import { refersTo } from './template.ts';

const destinationSchema = z
  .strictObject({
    storageId: refersTo.optional().describe('Absent: the storage that the original is in.'),
    path: z
      .string()
      .min(1)
      .max(512)
      .superRefine((path, context) => {
        const problem = pathProblem(path);
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
      })
      .optional()
      .describe(
        'With the placeholders of a template’s path; absent: beside the original. The name of the step is added to it.',
      ),
  })
  .meta({ id: 'StepDestination' });
export type StepDestination = z.infer<typeof destinationSchema>;

/** What a step of any kind has. */
export const commonToSteps = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1–32 small letters, digits or -, not - first')
    .describe('Unique in its orchestration; the names of objects that it makes end with it.'),
  input: z
    .string()
    .max(32)
    .default(SOURCE)
    .describe('What it takes: `source` is what was recorded; otherwise the name of another step.'),
  maxAttempts: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(3)
    .describe('How often it is tried until it counts as failed.'),
  output: destinationSchema.optional().describe('Where what it makes goes.'),
};
