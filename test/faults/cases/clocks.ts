import { type FaultCase, frames } from '../fault-case.ts';
import { withDrop } from '../pushes.ts';
import { signalRecorder, strike } from './injecting.ts';
import { DRAINED, TAKEN_OVER } from './processes.ts';

/** Two recorders whose clocks are two minutes apart, one early and one late. */
const SKEWED = { recorders: 2, skewSeconds: [60, -60] } as const;

export const CLOCK_CASES: readonly FaultCase[] = [
  {
    ...SKEWED,
    name: 'clocks-wrong-recorder-killed',
    seconds: 60,
    promised: TAKEN_OVER,
    inject: strike([8, 30], signalRecorder('SIGKILL')),
  },
  {
    ...SKEWED,
    name: 'clocks-wrong-recorder-terminated',
    seconds: 45,
    promised: DRAINED,
    inject: strike([8, 25], signalRecorder('SIGTERM')),
  },
  {
    ...SKEWED,
    name: 'clocks-wrong-resumption',
    seconds: 40,
    hls: { resumptionTimeout: 20 },
    // Of the group of pictures that the pause cuts off.
    promised: { lostFrames: frames(2), extraFiles: 1 },
    pushing: withDrop(16, 6000),
    inject: async ({ streamEnds }) => {
      await streamEnds;
      return 1;
    },
  },
];
