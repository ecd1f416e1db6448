import { join } from 'node:path';
import type { Supervised } from './child.ts';
import { startRecorder } from './recorder-process.ts';
import type { ContainerService } from './stack/containers.ts';
import type { Stopper } from './stopper.ts';

type Variables = Readonly<Record<string, string>>;
type StartOptions = Parameters<typeof startRecorder>[1];

export interface ContainerProcesses {
  readonly recorders: readonly Supervised[];
  /** Of post-processing. */
  readonly workers: readonly Supervised[];
}

export interface ContainerOptions {
  /** Where the image's files are. */
  readonly image: string;
  readonly env: Variables;
  /** Variables in place of the services' own. */
  readonly more: Variables;
  /** As `more`, of one recorder, which are counted from 1. */
  readonly recorderEnv?: ((number: number) => Variables) | undefined;
  /** Absent: as many as the template's service wants. */
  readonly recorders?: number | undefined;
  readonly scratchOf: (name: string) => string;
  readonly logOf: (name: string) => StartOptions['log'];
  readonly onTrouble: (line: string) => void;
}

/** Recorders close their files in this time. */
const GRACE_MS = 20_000;

const startedIn = (stopper: Stopper): Supervised[] => {
  const processes: Supervised[] = [];
  stopper.add(async () => {
    await Promise.all(processes.map((process) => process.stop(GRACE_MS)));
  });
  stopper.addKill(() => {
    for (const process of processes) process.abandon();
  });
  return processes;
};

/** Starts what the templates' container services run: recorders and workers. The stopper ends them, also when one fails to start. */
export const startContainers = async (
  services: readonly ContainerService[],
  options: ContainerOptions,
  stopper: Stopper,
): Promise<ContainerProcesses> => {
  const [recorders, workers] = [startedIn(stopper), startedIn(stopper)];
  for (const { entry = 'recorder.mjs', ...service } of services) {
    const isRecorder = entry === 'recorder.mjs';
    const started = isRecorder ? recorders : workers;
    const count = (isRecorder ? options.recorders : undefined) ?? service.desiredCount;
    for (let number = 1; number <= count; number += 1) {
      const name = `${entry.replace(/\.mjs$/, '')}-${started.length + 1}`;
      const own = isRecorder ? options.recorderEnv?.(started.length + 1) : {};
      started.push(
        await startRecorder(service, {
          entry: join(options.image, entry),
          env: options.env,
          more: { ...options.more, ...own },
          scratch: options.scratchOf(name),
          log: options.logOf(name),
          onDeath: (how, delay) =>
            options.onTrouble(
              `${name} died (${how}); starting it again${delay > 0 ? ` in ${delay} ms` : ''}`,
            ),
        }),
      );
    }
  }
  return { recorders, workers };
};
