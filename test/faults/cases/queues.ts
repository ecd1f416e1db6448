import { type FaultCase, frames, NOTHING_LOST, type Promised } from '../fault-case.ts';
import { lasting, signalRecorder, strike, together } from './injecting.ts';
import { TAKEN_OVER } from './processes.ts';

const STREAM_SECONDS = 40;

const purged: FaultCase = {
  name: 'queues-emptied',
  seconds: STREAM_SECONDS,
  promised: NOTHING_LOST,
  inject: async ({ queues, sqs, random, at }) => {
    let times = 0;
    for (let second = 8; second < STREAM_SECONDS + 10; second += random.between(0.3, 2)) {
      await at(second);
      await queues.purge(sqs);
      times += 1;
    }
    return times;
  },
};

/** Taken and never delivered: what a purge does to messages that are on their way, only surer. */
const lost: FaultCase = {
  name: 'queues-lose-all',
  seconds: STREAM_SECONDS,
  // Nobody says that the stream has ended: it shows when nothing comes any more.
  promised: { lostFrames: 0, reasons: ['session-ended', 'source-silent'] },
  inject: lasting([8, STREAM_SECONDS + 5], ({ queues }) => queues.distort({ lost: 1 })),
};

export const DOUBLED: FaultCase = {
  name: 'queues-twice-and-shuffled',
  seconds: STREAM_SECONDS,
  promised: NOTHING_LOST,
  inject: lasting([0, STREAM_SECONDS + 10], ({ queues }) => queues.distort({ copies: 2, mostDelayMs: 1500 })),
};

const LOSS_SECONDS = 20;

const losing = (queue: RegExp, from: number) =>
  lasting([from, from + LOSS_SECONDS], ({ queues }) => queues.distort({ lost: 1, queues: queue }));

/** The sweeper finds what was never begun, and it is recorded from then on. */
const FOUND_LATE: Promised = { lostFrames: 0, lateFrames: frames(60) };

const lostAtFirst = (name: string, queue: RegExp): FaultCase => ({
  name: `queue-${name}-lost-at-first`,
  seconds: 90,
  promised: FOUND_LATE,
  inject: losing(queue, 0),
});

const lostAtTheEnd = (name: string, queue: RegExp, reasons: readonly string[] = []): FaultCase => ({
  name: `queue-${name}-lost-at-the-end`,
  seconds: STREAM_SECONDS,
  promised: { lostFrames: 0, reasons: ['session-ended', ...reasons] },
  inject: losing(queue, STREAM_SECONDS - 3),
});

const QUEUES = {
  streamEvents: /-stream-events\./,
  recordJobs: /-record-jobs$/,
  recordingEvents: /-recording-events\./,
  completion: /-completion$/,
  uploadRetry: /-upload-retry$/,
};

export const QUEUE_CASES: readonly FaultCase[] = [
  purged,
  lost,
  DOUBLED,
  lostAtFirst('stream-events', QUEUES.streamEvents),
  lostAtFirst('record-jobs', QUEUES.recordJobs),
  { ...lostAtFirst('recording-events', QUEUES.recordingEvents), promised: NOTHING_LOST, seconds: 40 },
  lostAtTheEnd('stream-events', QUEUES.streamEvents, ['source-silent']),
  lostAtTheEnd('recording-events', QUEUES.recordingEvents),
  lostAtTheEnd('completion', QUEUES.completion),
  {
    // Its files are closed by others, who are told by this queue.
    name: 'queue-upload-retry-lost-recorder-killed',
    seconds: 60,
    recorders: 2,
    promised: TAKEN_OVER,
    inject: together(
      strike([10, 12], signalRecorder('SIGKILL')),
      lasting([10, 10 + 2 * LOSS_SECONDS], ({ queues }) =>
        queues.distort({ lost: 1, queues: QUEUES.uploadRetry }),
      ),
    ),
  },
];
