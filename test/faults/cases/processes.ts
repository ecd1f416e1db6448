import { type FaultCase, frames, type Promised, SEGMENT_SECONDS } from '../fault-case.ts';
import { freezeRecorder, signalFfmpegs, signalRecorder, strike } from './injecting.ts';

export const TAKEOVER_SECONDS = 15;

/** HLS: the segment in progress; the others: what no part and no tail object holds yet; and the time to takeover. */
export const TAKEN_OVER: Promised = {
  lostFrames: frames(10 + TAKEOVER_SECONDS),
  lostFramesOfHls: frames(SEGMENT_SECONDS + TAKEOVER_SECONDS),
  extraFiles: 2,
};

/** Both may record for a moment; the playlist lists what they share once. */
export const DRAINED: Promised = { lostFrames: 0, doubledFrames: frames(10), extraFiles: 2 };

/** The next one begins with the group of pictures that the last one was in. */
export const FFMPEG_KILLED: Promised = { lostFrames: frames(2), doubledFrames: frames(2), extraFiles: 2 };

const STREAM_SECONDS = 60;

const killed: FaultCase = {
  name: 'recorder-killed',
  seconds: STREAM_SECONDS,
  recorders: 2,
  promised: TAKEN_OVER,
  inject: strike([8, 30], signalRecorder('SIGKILL')),
};

const allKilled: FaultCase = {
  name: 'all-recorders-killed',
  seconds: STREAM_SECONDS,
  recorders: 2,
  promised: TAKEN_OVER,
  inject: strike([8, 30], async ({ run: { recorders } }) => {
    for (const recorder of recorders) recorder.kill('SIGKILL');
    return recorders.length;
  }),
};

const frozen: FaultCase = {
  name: 'recorder-frozen-20s',
  seconds: STREAM_SECONDS,
  recorders: 2,
  promised: TAKEN_OVER,
  inject: freezeRecorder([8, 20], 20),
};

/** Shorter than the lease: nobody may take over, and nothing may be lost. */
const hesitating: FaultCase = {
  name: 'recorder-frozen-4s',
  seconds: 40,
  recorders: 2,
  promised: { lostFrames: 0 },
  inject: freezeRecorder([8, 20], 4),
};

const drained: FaultCase = {
  name: 'recorder-terminated',
  seconds: 45,
  recorders: 2,
  promised: DRAINED,
  inject: strike([8, 25], signalRecorder('SIGTERM')),
};

const ffmpegKilled: FaultCase = {
  name: 'ffmpeg-killed',
  seconds: 40,
  promised: FFMPEG_KILLED,
  inject: strike([8, 25], signalFfmpegs('SIGKILL')),
};

const TIMES_KILLED = 4;
const ffmpegKilledAgain: FaultCase = {
  name: 'ffmpeg-killed-again-and-again',
  seconds: 50,
  promised: {
    lostFrames: frames(2 * TIMES_KILLED),
    doubledFrames: frames(2 * TIMES_KILLED),
    extraFiles: TIMES_KILLED,
  },
  inject: async (world) => {
    let killedSoFar = 0;
    for (let time = 0; time < TIMES_KILLED; time += 1) {
      await world.at(8 + 7 * time + world.random.between(0, 4));
      killedSoFar += await signalFfmpegs('SIGKILL')(world);
    }
    return killedSoFar;
  },
};

const ffmpegHangs: FaultCase = {
  name: 'ffmpeg-frozen',
  seconds: 50,
  // Noticed within 10 s, and 2 s as when it is killed.
  promised: { lostFrames: frames(12), extraFiles: 2 },
  inject: strike([8, 20], signalFfmpegs('SIGSTOP')),
};

export const PROCESS_CASES: readonly FaultCase[] = [
  killed,
  allKilled,
  frozen,
  hesitating,
  drained,
  ffmpegKilled,
  ffmpegKilledAgain,
  ffmpegHangs,
];
