import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import type { Source } from './sources.ts';

/** How long what a step makes is, as far as is known without reading anything. Pure. */
export const secondsOf = (step: WorkerStep, sources: readonly Pick<Source, 'seconds'>[]): number => {
  const all = sources.reduce((sum, { seconds }) => sum + seconds, 0);
  return step.kind === 'clip' ? Math.min(step.toSeconds, all) - step.fromSeconds : all;
};
