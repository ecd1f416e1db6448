/** Milliseconds that table and queue may take together: ingest servers give up after some seconds, and the publisher waits. */
export const PATIENCE_MS = 2500;

/** What `promise` brings, unless the deadline comes first. The work itself is not ended by that. */
export const within = async <Value>(deadline: AbortSignal, promise: Promise<Value>): Promise<Value> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new Error('It took too long.'));
  deadline.addEventListener('abort', onAbort, { once: true });
  if (deadline.aborted) onAbort();
  try {
    return await Promise.race([promise, late]);
  } finally {
    deadline.removeEventListener('abort', onAbort);
  }
};
