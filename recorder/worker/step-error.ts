import { type StepCode, stepReason } from '../../shared/post-processing/reasons.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import { StorageError } from '../../shared/storage/object-store.ts';

/** A step cannot be done, for a reason that its owner can understand. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly reason: Reason;
  /** Another try would be no use. */
  readonly final: boolean;

  constructor(code: StepCode, detail?: string, { final = false }: { readonly final?: boolean } = {}) {
    const reason = stepReason(code, detail);
    super(reason.text);
    this.reason = reason;
    this.final = final;
  }
}

/** What went wrong, in words for its owner, and whether another try is no use. */
export const failureOf = (error: unknown): { readonly reason: Reason; readonly final: boolean } => {
  if (error instanceof StepError) return { reason: error.reason, final: error.final };
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof StorageError)) return { reason: stepReason('step-failed', message), final: false };
  const code = error.kind === 'denied' ? 'storage-denied' : 'storage-failed';
  return { reason: stepReason(code, message), final: false };
};
