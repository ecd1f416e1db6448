/** Longer than some renewals in a row may fail. */
export const LEASE_SECONDS = 30;
const RENEW_MS = 5000;

export interface StepLease {
  /** Aborted once the step may be somebody else's. */
  readonly lost: AbortSignal;
  letGo(): void;
}

export interface LeaseOptions {
  /** False: it is somebody else's now, or nobody's. */
  renew(): Promise<boolean>;
  onFailure(cause: unknown): void;
  /** @default 5 s */
  readonly renewMs?: number | undefined;
}

/**
 * Renews a lease until it is let go. It is lost when somebody else has it, and when no renewal has got through for as long
 * as it lasts, whether they fail or hang: from a connection that is dead no answer comes, not even an error.
 */
export const holdLease = ({ renew, onFailure, renewMs = RENEW_MS }: LeaseOptions): StepLease => {
  const lost = new AbortController();
  let renewedAt = performance.now();
  const tryToRenew = async (begunAt: number): Promise<void> => {
    try {
      if (await renew()) renewedAt = Math.max(renewedAt, begunAt);
      else lost.abort();
    } catch (cause) {
      onFailure(cause);
    }
  };
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - renewedAt >= LEASE_SECONDS * 1000) lost.abort();
    else void tryToRenew(now);
  }, renewMs);
  const letGo = (): void => clearInterval(timer);
  lost.signal.addEventListener('abort', letGo);
  return { lost: lost.signal, letGo };
};
