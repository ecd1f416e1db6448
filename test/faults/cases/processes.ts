import { FRAMES_PER_SECOND } from '../../support/media.ts';
import { type FaultCase, type Promised, SEGMENT_SECONDS } from '../fault-case.ts';
import { busyRecorder, signal } from '../processes.ts';

const frames = (seconds: number): number => seconds * FRAMES_PER_SECOND;

const TAKEOVER_SECONDS = 15;

/** HLS: the segment in progress; the others: what no part and no tail object holds yet; and the time to takeover. */
export const TAKEN_OVER: Promised = {
  lostFrames: frames(10 + TAKEOVER_SECONDS),
  lostFramesOfHls: frames(SEGMENT_SECONDS + TAKEOVER_SECONDS),
  extraFiles: 2,
};

/** Both may record for a moment; the playlist lists what they share once. */
export const DRAINED: Promised = { lostFrames: 0, doubledFrames: frames(10), extraFiles: 2 };

const STREAM_SECONDS = 60;
const FROZEN_SECONDS = 20;

const killed: FaultCase = {
  name: 'recorder-killed',
  seconds: STREAM_SECONDS,
  recorders: 2,
  promised: TAKEN_OVER,
  inject: async ({ run, random, at }) => {
    await at(random.between(8, 30));
    const { recorder } = await busyRecorder(run);
    recorder.kill('SIGKILL');
    return 1;
  },
};

const allKilled: FaultCase = {
  name: 'all-recorders-killed',
  seconds: STREAM_SECONDS,
  recorders: 2,
  promised: TAKEN_OVER,
  inject: async ({ run, random, at }) => {
    await at(random.between(8, 30));
    for (const recorder of run.recorders) recorder.kill('SIGKILL');
    return run.recorders.length;
  },
};

const frozen: FaultCase = {
  name: 'recorder-frozen-20s',
  seconds: STREAM_SECONDS,
  recorders: 2,
  promised: TAKEN_OVER,
  inject: async ({ run, random, at }) => {
    const from = random.between(8, 20);
    await at(from);
    const { pid } = await busyRecorder(run);
    signal(pid, 'SIGSTOP');
    await at(from + FROZEN_SECONDS);
    signal(pid, 'SIGCONT');
    return 1;
  },
};

/** Shorter than the lease: nobody may take over, and nothing may be lost. */
const hesitating: FaultCase = {
  name: 'recorder-frozen-4s',
  seconds: 40,
  recorders: 2,
  promised: { lostFrames: 0 },
  inject: async ({ run, random, at }) => {
    const from = random.between(8, 20);
    await at(from);
    const { pid } = await busyRecorder(run);
    signal(pid, 'SIGSTOP');
    await at(from + 4);
    signal(pid, 'SIGCONT');
    return 1;
  },
};

const drained: FaultCase = {
  name: 'recorder-terminated',
  seconds: 45,
  recorders: 2,
  promised: DRAINED,
  inject: async ({ run, random, at }) => {
    await at(random.between(8, 25));
    const { recorder } = await busyRecorder(run);
    recorder.kill('SIGTERM');
    return 1;
  },
};

const ffmpegKilled: FaultCase = {
  name: 'ffmpeg-killed',
  seconds: 40,
  // The next one begins with the group of pictures that the last one was in.
  promised: { lostFrames: frames(2), doubledFrames: frames(2), extraFiles: 2 },
  inject: async ({ run, random, at }) => {
    await at(random.between(8, 25));
    const { ffmpegs } = await busyRecorder(run);
    return ffmpegs.filter((pid) => signal(pid, 'SIGKILL')).length;
  },
};

const ffmpegHangs: FaultCase = {
  name: 'ffmpeg-frozen',
  seconds: 50,
  // Noticed within 10 s, and 2 s as when it is killed.
  promised: { lostFrames: frames(12), extraFiles: 2 },
  inject: async ({ run, random, at }) => {
    await at(random.between(8, 20));
    const { ffmpegs } = await busyRecorder(run);
    return ffmpegs.filter((pid) => signal(pid, 'SIGSTOP')).length;
  },
};

export const PROCESS_CASES: readonly FaultCase[] = [
  killed,
  allKilled,
  frozen,
  hesitating,
  drained,
  ffmpegKilled,
  ffmpegHangs,
];
