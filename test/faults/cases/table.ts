import type { FaultCase } from '../fault-case.ts';
import type { TableFault } from '../table-proxy.ts';

const throughout = (name: string, fault: TableFault): FaultCase => ({
  name,
  seconds: 40,
  recorders: 2,
  promised: { lostFrames: 0 },
  inject: async ({ table, streamEnds, at }) => {
    await at(3);
    const injection = table.inject(fault);
    await streamEnds;
    // The end of the recording is struck too.
    await at(55);
    injection.stop();
    return injection.count();
  },
});

export const TABLE_CASES: readonly FaultCase[] = [
  throughout('table-throttled-20%', { throttled: 0.2 }),
  throughout('table-failing-20%', { failed: 0.1, unanswered: 0.1 }),
  throughout('table-slow', { mostLatencyMs: 800 }),
];
