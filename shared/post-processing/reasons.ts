import type { Reason } from '../schemas/recording.ts';

/** Ways in which a step does not succeed. `cause` is whose doing it was. */
const REASONS = {
  cancelled: { cause: 'user', text: 'It was cancelled by request.' },
  'input-failed': { cause: 'ours', text: 'The step that it takes its input from did not succeed.' },
  'input-missing': { cause: 'user', text: 'What it was to be made of is not there any more.' },
  'input-unsuitable': { cause: 'source', text: 'This step can make nothing of what was recorded.' },
  'worker-lost': { cause: 'ours', text: 'The worker stopped answering.' },
  'output-taken': { cause: 'storage', text: 'Another object is where its output was to go.' },
  'storage-denied': { cause: 'storage', text: 'The storage denied access.' },
  'storage-failed': { cause: 'storage', text: 'The storage did not answer as it should.' },
  'step-failed': { cause: 'ours', text: 'The step failed.' },
} as const satisfies Record<string, { cause: Reason['cause']; text: string }>;

export type StepCode = keyof typeof REASONS;

/** The reason for a code; `detail` is appended in plain words and must hold no secret. */
export const stepReason = (code: StepCode, detail?: string): Reason => {
  const { cause, text } = REASONS[code];
  return { cause, code, text: detail === undefined ? text : `${text} ${detail}` };
};

export const CANCELLED = stepReason('cancelled');
export const INPUT_FAILED = stepReason('input-failed');
export const WORKER_LOST = stepReason('worker-lost');
