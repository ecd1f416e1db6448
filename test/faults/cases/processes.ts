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

type Inject = FaultCase['inject'];
type Run = Parameters<Inject>[0]['run'];
type Span = readonly [from: number, to: number];

/** Strikes once, at a random moment of the span, in seconds. @returns how many were struck */
const strike =
  (span: Span, hit: (run: Run) => Promise<number>): Inject =>
  async ({ run, random, at }) => {
    await at(random.between(...span));
    return hit(run);
  };

const signalRecorder =
  (name: NodeJS.Signals) =>
  async (run: Run): Promise<number> => {
    const { recorder } = await busyRecorder(run);
    recorder.kill(name);
    return 1;
  };

const signalFfmpegs =
  (name: NodeJS.Signals) =>
  async (run: Run): Promise<number> => {
    const { ffmpegs } = await busyRecorder(run);
    return ffmpegs.filter((pid) => signal(pid, name)).length;
  };

const freezeRecorder =
  (span: Span, seconds: number): Inject =>
  async ({ run, random, at }) => {
    const from = random.between(...span);
    await at(from);
    const { pid } = await busyRecorder(run);
    signal(pid, 'SIGSTOP');
    await at(from + seconds);
    signal(pid, 'SIGCONT');
    return 1;
  };

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
  inject: strike([8, 30], async ({ recorders }) => {
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
  // The next one begins with the group of pictures that the last one was in.
  promised: { lostFrames: frames(2), doubledFrames: frames(2), extraFiles: 2 },
  inject: strike([8, 25], signalFfmpegs('SIGKILL')),
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
  ffmpegHangs,
];
