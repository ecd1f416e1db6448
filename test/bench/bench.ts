import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Client, createClient } from '../../client/index.ts';
import { table } from '../../local/demo/check.ts';
import { type LocalRun, startLocal } from '../../local/index.ts';
import { createStopper, stopOnSignals } from '../../local/stopper.ts';
import { bind, type FormatOptions, makeTemplate } from '../support/configure.ts';
import { type Loop, type LoopOptions, makeLoop } from './media.ts';

/** What a benchmark works with: a whole Streamkeep on free ports, and something to push. */
export interface Bench {
  readonly run: LocalRun;
  readonly api: Client;
  /** The data folder of the run. */
  readonly data: string;
  readonly loop: Loop;
  readonly recorderPids: readonly [number, ...number[]];
  /** Has every stream of the application `live` recorded in these formats. */
  record(formats: FormatOptions): Promise<void>;
  /** Prints rows as a table. */
  print(rows: readonly (readonly string[])[]): void;
  /** Notes a promise that is broken unless it holds. */
  promise(holds: boolean, broken: string): void;
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Numbers, none below 0, from the command line: `--name 3`. Ends the process when they are something else. */
export const numbers = <Name extends string>(
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> => {
  const names = Object.keys(defaults) as Name[];
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    const { values } = parseArgs({ options });
    const entries = names.map((name): [Name, number] => {
      const value = Number(values[name] ?? defaults[name]);
      if (!(value >= 0 && Number.isFinite(value))) throw new Error(`--${name} must be a number, not below 0`);
      return [name, value];
    });
    return Object.fromEntries(entries) as Record<Name, number>;
  } catch (error) {
    const usage = names.map((name) => `[--${name} ${defaults[name]}]`).join(' ');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nOptions: ${usage}\n`);
    process.exit(2);
  }
};

interface BenchOptions {
  readonly loop?: LoopOptions;
  readonly recorders?: number;
  /** Variables of all functions and recorders. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a benchmark on a Streamkeep of its own; ends the process with 1 when a promise is broken. */
export const bench = async (
  measure: (bench: Bench) => Promise<void>,
  { loop, recorders = 1, env = {} }: BenchOptions = {},
): Promise<never> => {
  const stopper = createStopper();
  const folder = await mkdtemp(join(tmpdir(), 'streamkeep-bench-'));
  stopper.add(() => rm(folder, { recursive: true, force: true }));
  stopOnSignals(() => stopper);

  const broken: string[] = [];
  try {
    const data = join(folder, 'data');
    const run = await startLocal(
      {
        ...{ data, host: '127.0.0.1', port: 0, rtmpPort: 0, s3Port: 0, recorders, env },
        onTrouble: (line) => broken.push(line),
      },
      stopper,
    );
    const api = createClient({ url: run.apiUrl, token: run.adminToken });
    const [first, ...others] = run.recorders.map(({ pid }) => pid).filter((pid) => pid !== undefined);
    if (first === undefined) throw new Error('There is no recorder');
    await measure({
      ...{ run, api, data, recorderPids: [first, ...others] },
      loop: await makeLoop(folder, loop),
      record: async (formats) => {
        const templateId = await makeTemplate(api, 'bench', formats);
        await bind(api, { domain: 'localhost', app: 'live', templateId });
      },
      print: (rows) => print(`${table(rows)}\n`),
      promise: (holds, text) => {
        if (!holds) broken.push(text);
      },
    });
  } catch (error) {
    broken.push(error instanceof Error ? error.message : String(error));
  }
  await stopper.stop().catch((error: unknown) => {
    stopper.kill();
    broken.push(String(error));
  });
  print(broken.length === 0 ? 'Every promise is kept.' : broken.map((line) => `BROKEN: ${line}`).join('\n'));
  process.exit(broken.length === 0 ? 0 : 1);
};
