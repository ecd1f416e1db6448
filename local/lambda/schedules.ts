import type { LocalFunction } from './pool.ts';

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Milliseconds of a schedule such as `rate(5 minutes)`.
 * @throws for expressions other than rates.
 */
export const rateMs = (expression: string): number => {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  const unit = match?.[2] as keyof typeof UNITS | undefined;
  if (match === null || unit === undefined)
    throw new Error(`Schedule ${expression} cannot be played locally`);
  return Number(match[1]) * UNITS[unit];
};

/** Invokes a function at a rate, the first time at once, never while it still runs. */
export const startSchedule = (target: LocalFunction, everyMs: number): { stop(): void } => {
  let running = false;
  const tick = async (): Promise<void> => {
    if (running) return;
    running = true;
    await target.invoke({
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      time: new Date().toISOString(),
      detail: {},
    });
    running = false;
  };
  void tick();
  const timer = setInterval(tick, everyMs);
  return { stop: () => clearInterval(timer) };
};
