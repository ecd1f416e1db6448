import { type FaultCase, NOTHING_LOST, type Promised } from '../fault-case.ts';
import type { TableFault } from '../table-proxy.ts';
import { lasting, type Span } from './injecting.ts';

const STREAM_SECONDS = 40;
/** The end of the recording is struck too. */
const THROUGHOUT: Span = [3, STREAM_SECONDS + 15];

const struck = (
  name: string,
  fault: TableFault,
  span = THROUGHOUT,
  more: Partial<Promised> = {},
): FaultCase => ({
  name,
  seconds: STREAM_SECONDS,
  recorders: 2,
  promised: { ...NOTHING_LOST, ...more },
  inject: lasting(span, ({ table }) => table.inject(fault)),
});

export const FAILING = struck('table-failing-20%', { failed: 0.1, unanswered: 0.1 });

export const TABLE_CASES: readonly FaultCase[] = [
  struck('table-throttled-20%', { throttled: 0.2 }),
  struck('table-throttled-50%-10s', { throttled: 0.5 }, [10, 20]),
  FAILING,
  struck('table-away-15s', { away: 1 }, [10, 25]),
  // Nobody can be asked whether the session has ended, or told that it has.
  struck('table-away-at-the-end-15s', { away: 1 }, [STREAM_SECONDS - 5, STREAM_SECONDS + 10], {
    reasons: ['session-ended', 'source-silent'],
  }),
  struck('table-hangs-5%', { hung: 0.05 }),
  struck('table-slow', { mostLatencyMs: 800 }),
];
