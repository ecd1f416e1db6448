import { type FaultCase, frames, type Promised } from '../fault-case.ts';
import { type Jump, withDrop, withGarbage, withJumps } from '../pushes.ts';
import { freezePublisher, type Inject } from './injecting.ts';
import { TAKEN_OVER } from './processes.ts';

/** Sources that misbehave; what they push themselves strikes once. */
const once: Inject = async ({ streamEnds }) => {
  await streamEnds;
  return 1;
};

const STREAM_SECONDS = 40;

const frozen = (seconds: number, promised: Promised): FaultCase => ({
  name: `publisher-frozen-${seconds}s`,
  seconds: STREAM_SECONDS,
  promised,
  inject: freezePublisher(12, seconds),
});

const jumping = (name: string, jumps: readonly Jump[]): FaultCase => ({
  name: `times-${name}`,
  seconds: STREAM_SECONDS,
  // Each jump begins a next file, with the group of pictures that it was noticed in.
  promised: { lostFrames: frames(2 * jumps.length), extraFiles: jumps.length },
  pushing: withJumps(jumps),
  inject: once,
});

const dropping = (pauseMs: number): FaultCase => ({
  name: `publisher-drops-${pauseMs}ms`,
  seconds: STREAM_SECONDS,
  promised: { lostFrames: 0, extraFiles: 1 },
  pushing: withDrop(16, pauseMs),
  inject: once,
});

const PAUSE_SECONDS = 8;
const resumed: Pick<FaultCase, 'seconds' | 'hls' | 'pushing'> = {
  seconds: STREAM_SECONDS,
  hls: { resumptionTimeout: 20 },
  pushing: withDrop(16, PAUSE_SECONDS * 1000),
};

export const SOURCE_CASES: readonly FaultCase[] = [
  frozen(5, { lostFrames: 0 }),
  // A stall, after which the recorder connects again.
  frozen(12, { lostFrames: frames(2), extraFiles: 1 }),
  jumping('jump-back', [{ at: 14, shiftSeconds: -5 }]),
  jumping('begin-anew', [{ at: 14, shiftSeconds: -14 }]),
  jumping('jump-by-hours', [{ at: 14, shiftSeconds: 7200 }]),
  jumping('jump-by-hours-and-back', [
    { at: 12, shiftSeconds: 7200 },
    { at: 26, shiftSeconds: 0 },
  ]),
  {
    name: 'garbage-3s',
    seconds: STREAM_SECONDS,
    promised: {
      lostFrames: frames(10),
      doubledFrames: frames(4),
      damagedFrames: frames(10),
      extraFiles: 4,
      reasons: ['session-ended', 'source-invalid'],
    },
    pushing: withGarbage(14, 3),
    inject: once,
  },
  ...[100, 300, 500].map(dropping),
  { ...resumed, name: 'resumption', promised: { lostFrames: 0, extraFiles: 1 }, inject: once },
  {
    ...resumed,
    name: 'resumption-recorder-killed-in-the-pause',
    recorders: 2,
    promised: { ...TAKEN_OVER, lostFrames: frames(2), lostFramesOfHls: frames(2) },
    inject: async ({ run: { recorders }, at }) => {
      await at(16 + PAUSE_SECONDS / 2);
      for (const recorder of recorders) recorder.kill('SIGKILL');
      return recorders.length;
    },
  },
];
