import type { FaultCase } from '../fault-case.ts';
import type { Outcome } from '../outcome.ts';
import { runCase } from '../run-case.ts';
import type { Setting } from '../setting.ts';
import { PROCESS_CASES } from './processes.ts';
import { QUEUE_CASES } from './queues.ts';
import { SCHEDULE } from './schedule.ts';
import { NO_FAULT, STORAGE_CASES } from './storage.ts';
import { TABLE_CASES } from './table.ts';
import { WHOLE_RUN_KILLED } from './whole-run.ts';

/** A fault as it is played. */
export interface Case {
  readonly name: string;
  readonly run: (setting: Setting) => Promise<Outcome>;
}

const played = (it: FaultCase): Case => ({ name: it.name, run: (setting) => runCase(setting, it) });

export const CASES: readonly Case[] = [
  ...[NO_FAULT, ...STORAGE_CASES, ...PROCESS_CASES, ...QUEUE_CASES, ...TABLE_CASES].map(played),
  WHOLE_RUN_KILLED,
  SCHEDULE,
];
