/** Ends what was started, the last first. */
export interface Stopper {
  /** A step of an orderly stop. */
  add(step: () => Promise<void>): void;
  /** What must not outlive the run even when there is no time for an orderly stop. */
  addKill(step: () => void): void;
  /** Takes all steps once, each although an earlier one failed. @throws AggregateError of the failures */
  stop(): Promise<void>;
  kill(): void;
}

/** When the process is told to end, it first stops, in good order, what runs then. */
export const stopOnSignals = (running: () => Stopper | undefined): void => {
  const onSignal = async (): Promise<void> => {
    const stopper = running();
    await stopper?.stop().catch(() => stopper.kill());
    process.exit(130);
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
};

export const createStopper = (): Stopper => {
  const steps: (() => Promise<void>)[] = [];
  const kills: (() => void)[] = [];
  let stopped: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be stopped');
  };

  return {
    add: (step) => {
      steps.push(step);
    },
    addKill: (step) => {
      kills.push(step);
    },
    stop: () => {
      stopped ??= run();
      return stopped;
    },
    kill: () => {
      for (const kill of kills) kill();
    },
  };
};
