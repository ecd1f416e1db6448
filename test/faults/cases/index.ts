import { cannotMount } from '../disk.ts';
import type { FaultCase } from '../fault-case.ts';
import type { Outcome } from '../outcome.ts';
import { runCase } from '../run-case.ts';
import type { Setting } from '../setting.ts';
import { ALL_SERVICES } from './all-services.ts';
import { AWAY_CASES } from './away.ts';
import { CLOCK_CASES } from './clocks.ts';
import { PROCESS_CASES } from './processes.ts';
import { QUEUE_CASES } from './queues.ts';
import { SCHEDULE } from './schedule.ts';
import { SOURCE_CASES } from './sources.ts';
import { NO_FAULT, STORAGE_CASES } from './storage.ts';
import { TABLE_CASES } from './table.ts';
import { WHOLE_RUN_KILLED } from './whole-run.ts';

/** A fault as it is played. */
export interface Case {
  readonly name: string;
  readonly run: (setting: Setting) => Promise<Outcome>;
  /** Why it cannot be played here; undefined when it can. */
  readonly hindrance?: () => Promise<string | undefined>;
}

const played = (it: FaultCase): Case => ({
  name: it.name,
  run: (setting) => runCase(setting, it),
  ...(it.diskMegabytes !== undefined && { hindrance: cannotMount }),
});

export const CASES: readonly Case[] = [
  ...[
    ...[NO_FAULT, ...STORAGE_CASES, ...AWAY_CASES, ...PROCESS_CASES, ...CLOCK_CASES],
    ...[...SOURCE_CASES, ...QUEUE_CASES, ...TABLE_CASES, ALL_SERVICES],
  ].map(played),
  WHOLE_RUN_KILLED,
  SCHEDULE,
];
