import type { Log } from '../log.ts';

// Longer than any recording between two renewals would be wrong: a recorder that hangs must not stay for ever.
const PROTECTION_MINUTES = 60;
const RENEW_MS = 20 * 60_000;

/**
 * Keeps ECS from scaling a busy recorder in, through the agent's endpoint inside the task. Does nothing elsewhere.
 * @returns takes the number of recordings that run now
 */
export const createTaskProtection = (agentUri: string | undefined, log: Log): ((busy: number) => void) => {
  if (agentUri === undefined) return () => undefined;
  let isProtected = false;
  let timer: NodeJS.Timeout | undefined;

  const put = (ProtectionEnabled: boolean): void => {
    const body = ProtectionEnabled
      ? { ProtectionEnabled, ExpiresInMinutes: PROTECTION_MINUTES }
      : { ProtectionEnabled };
    fetch(`${agentUri}/task-protection/v1/state`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
      .then((response) => {
        if (!response.ok)
          log.warn('The task could not be protected from scale-in', { status: response.status });
      })
      .catch((cause: unknown) => log.warn('The task could not be protected from scale-in', { cause }));
  };

  return (busy) => {
    if (busy > 0 === isProtected) return;
    isProtected = busy > 0;
    clearInterval(timer);
    put(isProtected);
    if (isProtected) timer = setInterval(() => put(true), RENEW_MS);
  };
};
