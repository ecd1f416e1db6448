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
  'timed-out': { cause: 'ours', text: 'No answer came in the time that it had.' },
  'not-allowed': { cause: 'user', text: 'The deployment does not allow it.' },
  'not-there': { cause: 'user', text: 'This installation has no such service.' },
  'not-taken': { cause: 'ours', text: 'It could not be handed over.' },
  'result-invalid': { cause: 'user', text: 'What was given as its result is not one.' },
  'told-failed': { cause: 'user', text: 'Those who were to do it say that it failed.' },
  'stopped-elsewhere': { cause: 'user', text: 'It was stopped where it was being done.' },
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
export const TIMED_OUT = stepReason('timed-out');
