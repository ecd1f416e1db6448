import * as z from 'zod';
import { timeSchema } from '../../shared/schemas/names.ts';
import { type Progress, progressSchema, type Recording } from '../../shared/schemas/recording.ts';
import type { Recorders } from '../../shared/table/recorders.ts';

const { receivedBytes, durationSeconds, bitsPerSecond, location } = progressSchema.shape;

export const progressView = z
  .object({
    at: timeSchema.describe('When its recorder said so, which it does every four seconds.'),
    receivedBytes: receivedBytes.describe(
      'From the source, since the recorder that has it now has taken it over.',
    ),
    durationSeconds: durationSeconds.describe('Media recorded so far.'),
    bitsPerSecond: bitsPerSecond.describe('From the source, over the last ten seconds.'),
    lastKeyFrameAgeSeconds: z
      .number()
      .nullable()
      .describe('How long before `at` a key frame came; null: none has come, or there is no video.'),
    location: location.describe('Which storage is being written to.'),
  })
  .meta({ id: 'Progress', description: 'How a recording that runs is getting on.' });
export type ProgressView = z.infer<typeof progressView>;

export const progressExample: ProgressView = {
  at: '2026-11-22T10:14:58.000Z',
  receivedBytes: 449_200_128,
  durationSeconds: 897.2,
  bitsPerSecond: 4_012_000,
  lastKeyFrameAgeSeconds: 0.84,
  location: 'primary',
};

const viewOf = ({ lastKeyFrameAt, ...progress }: Progress): ProgressView => ({
  ...progress,
  lastKeyFrameAgeSeconds:
    lastKeyFrameAt === undefined
      ? null
      : Math.max(0, Date.parse(progress.at) - Date.parse(lastKeyFrameAt)) / 1000,
});

/** @returns how each of these recordings gets on, by recordId; null of those that no recorder has */
export type ReadProgress = (
  recordings: readonly Recording[],
) => Promise<(recordId: string) => ProgressView | null>;

/** Reads the last reports of the recorders that have these recordings: one read for up to 100 recorders. */
export const createProgress =
  (recorders: Pick<Recorders, 'reports'>): ReadProgress =>
  async (recordings) => {
    const running = recordings.filter(({ state }) => state === 'recording');
    const reports = await recorders.reports(running.flatMap(({ owner }) => owner ?? []));
    const found = new Map(
      running.flatMap(({ recordId, owner }) => {
        const progress = reports.get(owner ?? '')?.get(recordId);
        return progress === undefined ? [] : [[recordId, viewOf(progress)] as const];
      }),
    );
    return (recordId) => found.get(recordId) ?? null;
  };
