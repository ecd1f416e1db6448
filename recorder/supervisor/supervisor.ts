import { type RecordJob, recordJobSchema } from '../../shared/events/record-jobs.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { BRIEF_GAP_MS, type RecordingInput } from '../../shared/recordings/machine.ts';
import type { Media, Recording } from '../../shared/schemas/recording.ts';
import type { AddressedCommand, Recorders } from '../../shared/table/recorders.ts';
import { FENCED } from '../capture/capture.ts';
import { awaitPredecessor } from './arriving.ts';
import { endOnTime } from './end-on-time.ts';
import { type JobsOptions, takeJobs } from './jobs.ts';
import { holdLease } from './lease.ts';
import { type LeavingRun, leaveAll } from './leaving.ts';
import { createMeter, type Meter } from './meter.ts';
import { type RunPorts, runRecording } from './run-recording.ts';
import { createSessionLook } from './session.ts';
import { createSessionNews, type SessionNews } from './session-news.ts';
import { weightOf } from './weight.ts';
import { createWords, type Word } from './words.ts';

export interface SupervisorPorts
  extends Omit<RunPorts, 'fence' | 'say' | 'draining'>,
    Pick<JobsOptions<RecordJob>, 'sqs' | 'queueUrl'> {
  readonly recorders: Recorders;
  readonly slots: number;
  /** Applies an input to a recording. @returns the recording as it is now */
  decide(recordId: string, input: RecordingInput): Promise<Recording | undefined>;
  /** Takes over what recorders left behind whose lease has expired. */
  reclaim(): Promise<void>;
  /** The number of slots that are in use has changed. */
  onBusy(busy: number): void;
  /** A job took more slots than are free here. */
  onRefused(): void;
  /** Another recorder has been given our recordings; this process must not go on. */
  onLost(): void;
}

export interface Supervisor {
  /** Takes no more jobs, hands every recording over, and gives the lease up. */
  drain(): Promise<void>;
}

// A lease is eight seconds, and a takeover is due within fifteen: look often, but not with every heartbeat.
// Reports of progress are writes, and nobody watches them more closely than that.
const BEATS_PER_LOOK = 2;

/** How long a recorder that ends waits for its last words to be heard. */
const MOST_HEARING_MS = 5000;

/** What breaks off with an error goes on elsewhere, unless it did so within this time: it would go round and round. */
const LEAST_MS = 60_000;

interface Run extends LeavingRun {
  readonly recording: Recording;
  readonly meter: Meter;
  readonly news: SessionNews;
  weight: number;
}

/** Takes jobs while there are free slots, and runs each recording until it ends. */
export const startSupervisor = async (ports: SupervisorPorts): Promise<Supervisor> => {
  const runs = new Map<string, Run>();
  /** Jobs that are being claimed, each with the commands that came before the claim's answer. */
  const claims = new Map<string, AddressedCommand[]>();
  const words = createWords(ports);
  const draining = new AbortController();
  let wakeUp = (): void => undefined;
  let beats = 0;

  /** Slots of recordings that are being claimed. */
  let reserved = 0;

  const busy = (): number => [...runs.values()].reduce((sum, { weight }) => sum + weight, 0);
  /** A recorder that is otherwise idle takes whatever there is. */
  const weigh = (plan: Recording['plan'], media: Media | undefined): number =>
    Math.min(ports.slots, weightOf(plan, media));

  const changed = (): void => {
    ports.onBusy(busy());
    wakeUp();
  };

  /** What a recording takes is known for certain when its stream is. */
  const say = (word: Word): Promise<void> => {
    const found = runs.get(word.recordId);
    if (found !== undefined && word.type === 'capture.started') {
      found.weight = weigh(found.recording.plan, word.media);
      changed();
    }
    return words.say(word);
  };

  const run = (recording: Recording): void => {
    const { recordId, handover } = recording;
    const [stop, cut, over] = [new AbortController(), new AbortController(), new AbortController()];
    const [meter, news] = [createMeter(), createSessionNews()];
    const forgetLimits = endOnTime(recording, stop);
    const since = performance.now();
    const arrival =
      handover === undefined || handover.left
        ? undefined
        : awaitPredecessor(ports, recording, handover, over.signal, () => stop.abort(FENCED));
    const runPorts = { ...ports, fence: lease.fence, say, draining: draining.signal };
    const done = runRecording(runPorts, recording, stop, meter, { cut: cut.signal, arrival, news })
      .catch((cause: unknown) => {
        // Its lease goes on without it; the sweeper must find it, so the recording gives itself up.
        ports.log.error('A recording ended with an error', { recordId, cause });
        const why = cause instanceof Error ? cause.message : String(cause);
        const goesOn = performance.now() - since >= LEAST_MS;
        return words.say({
          type: 'capture.ended',
          recordId,
          epoch: recording.epoch,
          capture: recording.captures,
          reason: goesOn ? endReason('recorder-drained') : endReason('ffmpeg-failed', why),
          at: new Date().toISOString(),
        });
      })
      .finally(() => {
        forgetLimits();
        over.abort();
        // Its end was told before: the recording may have come back to this recorder already.
        if (runs.get(recordId)?.stop === stop) runs.delete(recordId);
        changed();
      });
    const weight = weigh(recording.plan, recording.media);
    runs.set(recordId, { recording, stop, cut, meter, news, done, weight });
    changed();
  };

  /** Whether this session of a recording is over, and its publisher is not back. */
  const isOver = async (recording: Recording, sessionId: string): Promise<boolean> => {
    try {
      return (await createSessionLook(ports, { ...recording, sessionId }).look()) === 'ended';
    } catch (cause) {
      // Then whoever says so is taken at his word.
      const { recordId } = recording;
      ports.log.warn('The session of a recording could not be looked up', { recordId, cause });
      return true;
    }
  };

  /** Ends a recording whose session is over, unless its publisher is back by then. */
  const endSession = async (found: Run, sessionId: string | undefined): Promise<void> => {
    const { recording } = found;
    // Most have noticed it themselves meanwhile.
    if (runs.get(recording.recordId) !== found) return;
    // A command for a session that this recording has left behind is void.
    if (sessionId !== undefined && !(await isOver(recording, sessionId))) return;
    // With standby content the recording waits here for the stream to come back.
    if (recording.plan.standby === undefined) found.stop.abort(endReason('session-ended'));
    else found.news.emit('ended');
  };

  const obey = (command: AddressedCommand): void => {
    const { recordId, sessionId, stop, resumed } = command;
    claims.get(recordId)?.push(command);
    const found = runs.get(recordId);
    if (found === undefined) return;
    if (stop === 'session-ended') {
      found.news.emit('heard');
      if (resumed) return;
      setTimeout(() => void endSession(found, sessionId), BRIEF_GAP_MS);
    } else found.stop.abort(endReason(stop));
  };

  const take = async ({ recordId, epoch }: RecordJob): Promise<'taken' | 'refused'> => {
    const early: AddressedCommand[] = [];
    let own = 0;
    let isRefused = false;
    const fits = ({ plan, media }: Recording): boolean => {
      const weight = weigh(plan, media);
      isRefused = busy() + reserved + weight > ports.slots;
      if (isRefused) return false;
      own = weight;
      reserved += own;
      return true;
    };
    claims.set(recordId, early);
    try {
      // Nobody looks after what a recorder claims that was taken for dead meanwhile.
      await lease.fence.held();
      const recording = await ports.recordings.claim(recordId, epoch, ports.recorderId, fits);
      if (recording !== undefined) run(recording);
    } finally {
      reserved -= own;
      claims.delete(recordId);
    }
    for (const command of early) obey(command);
    if (!isRefused) return 'taken';
    ports.onRefused();
    return 'refused';
  };

  const report = async (): Promise<void> => {
    if (runs.size === 0) return;
    const now = new Date();
    const progress = [...runs].map(([recordId, { meter }]) => [recordId, meter.read(now.getTime())] as const);
    await ports.recorders.report(ports.recorderId, new Map(progress), now);
  };

  const freeSlots = async (): Promise<number> => {
    while (busy() >= ports.slots && !draining.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wakeUp = resolve;
      await promise;
    }
    return ports.slots - busy();
  };

  const lease = await holdLease({
    recorderId: ports.recorderId,
    slots: ports.slots,
    recorders: ports.recorders,
    log: ports.log,
    busy,
    // Nobody else listens for it.
    isAwaiting: () => [...runs.values()].some(({ news }) => news.listenerCount('heard') > 0),
    onCommand: obey,
    onLost: () => {
      for (const { stop } of runs.values()) stop.abort(FENCED);
      ports.onLost();
    },
    onBeat: async () => {
      beats += 1;
      if (beats % BEATS_PER_LOOK === 0) await Promise.all([report(), ports.reclaim()]);
    },
  });
  /** Whether nothing is left here that others would have to find by the lease. */
  const isDone = async (): Promise<boolean> => {
    if (!(await words.allHeard(MOST_HEARING_MS))) return false;
    const found = await ports.recordings.ownedBy(ports.recorderId);
    // The index lags behind the table.
    const now = await Promise.all(found.map(({ recordId }) => ports.recordings.get(recordId)));
    return now.every((recording) => recording?.owner !== ports.recorderId);
  };

  const jobs = takeJobs({ ...ports, schema: recordJobSchema, signal: draining.signal, freeSlots, take });

  return {
    drain: async () => {
      draining.abort();
      wakeUp();
      await jobs;
      await leaveAll(ports, [...runs.values()]);
      const isClean = await isDone().catch((cause: unknown) => {
        ports.log.error('What is left could not be looked up', { recorderId: ports.recorderId, cause });
        return false;
      });
      await (isClean ? lease.release() : lease.lapse());
    },
  };
};
