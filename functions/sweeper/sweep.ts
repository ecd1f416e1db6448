import type { WorkQueues } from '../../shared/recordings/queues.ts';
import { type ReclaimPorts, reclaim } from '../../shared/recordings/reclaim.ts';
import { finish, transition } from '../../shared/recordings/transition.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import { isSessionLive } from '../../shared/streams/session-live.ts';
import type { Files } from '../../shared/table/files.ts';
import type { Recorders } from '../../shared/table/recorders.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Streams } from '../../shared/table/streams.ts';
import type { Telemetry } from '../common/telemetry.ts';
import { type AwayPorts, queueAway } from './away.ts';
import { type DueTaskPorts, setTaskTimers } from './due-tasks.ts';
import { forEach } from './for-each.ts';
import { type OverdueDeletionPorts, queueOverdueDeletions } from './overdue-deletions.ts';
import { type OverdueDeliveryPorts, queueOverdueDeliveries } from './overdue-deliveries.ts';
import { type ReconcilePorts, reconcile } from './reconcile.ts';
import { expireRetained } from './retention.ts';

export interface SweepPorts
  extends ReclaimPorts,
    AwayPorts,
    DueTaskPorts,
    OverdueDeletionPorts,
    OverdueDeliveryPorts,
    ReconcilePorts {
  readonly files: Files;
  readonly queues: WorkQueues;
  readonly recorders: Recorders;
  readonly streams: Streams;
  readonly recordings: Recordings;
  readonly telemetry: Telemetry;
}

/** Seconds that the ordinary way is given before the sweeper takes it for lost. */
const JOB_SECONDS = 15;
const CLAIM_SECONDS = 30;
const COMPLETING_SECONDS = 30;
const NOTICE_SECONDS = 60;
/** Of one sweep: when nobody could publish for hours, the other duties must still get their turn. */
const MOST_NOTICES = 5000;

const before = (now: Date, seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();

const takeFromLostRecorders = async (ports: SweepPorts): Promise<unknown[]> => {
  for (const [recorderId, recordings] of await reclaim(ports)) {
    ports.telemetry.count('LeasesExpired');
    ports.telemetry.log.warn('A recorder was lost; its recordings are queued again', {
      recorderId,
      recordings,
    });
  }
  return [];
};

/** Offers a recording that nobody has claimed again, together with what its last owner left open. */
const offerAgain = async (ports: SweepPorts, recording: Recording): Promise<void> => {
  const { recordId, epoch } = recording;
  await ports.queues.recordJob({ recordId, epoch });
  const left = (await ports.files.list(recordId)).filter(
    (file) => file.state === 'recording' && file.format !== 'hls' && file.epoch < epoch,
  );
  for (const { fileId } of left) await ports.queues.uploadRetry({ recordId, fileId });
};

const offerUnowned = async (ports: SweepPorts): Promise<unknown[]> => {
  const now = ports.now();
  const unowned = await ports.recordings.inWork('UNOWNED', before(now, JOB_SECONDS));
  return forEach(unowned, async (recording) => {
    if (await isSessionLive(ports.streams, recording)) return offerAgain(ports, recording);
    const { domain, app, stream: name, recordId } = recording;
    const stream = await ports.streams.get({ domain, app, stream: name });
    const endedAt = stream?.sessionId === recording.sessionId ? stream.endedAt : undefined;
    if (endedAt !== undefined && endedAt > before(now, CLAIM_SECONDS)) return;
    await transition(ports, recordId, async (current) => ({
      type: 'unclaimed',
      at: now.toISOString(),
      sessionLive: await isSessionLive(ports.streams, current),
    }));
  });
};

const endPaused = async (ports: SweepPorts): Promise<unknown[]> => {
  const at = ports.now().toISOString();
  const paused = await ports.recordings.inWork('PAUSED', at);
  return forEach(paused, ({ recordId }) => transition(ports, recordId, { type: 'resumption.expired', at }));
};

const finishCompleting = async (ports: SweepPorts): Promise<unknown[]> => {
  const completing = await ports.recordings.inWork('COMPLETING', before(ports.now(), COMPLETING_SECONDS));
  return forEach(completing, ({ recordId }) => finish(ports, recordId));
};

const publishOverdue = async (ports: SweepPorts): Promise<unknown[]> => {
  const overdue = await ports.notices.overdue(new Date(before(ports.now(), NOTICE_SECONDS)), MOST_NOTICES);
  return forEach(overdue, ({ recordId, noticeId }) => ports.queues.completion({ recordId, noticeId }));
};

// What begins to complete in this sweep has its files queued by that; only the next one looks whether they were forgotten.
const DUTIES = {
  setTaskTimers,
  finishCompleting,
  takeFromLostRecorders,
  offerUnowned,
  endPaused,
  publishOverdue,
  queueAway,
  queueOverdueDeliveries,
  queueOverdueDeletions,
  expireRetained,
  // The last one: it waits for servers that are not ours.
  reconcile,
};

/**
 * Finds what has been forgotten and has it done: a lost message costs a minute, never a recording.
 * @throws AggregateError of all that failed, after everything was tried
 */
export const sweep = async (ports: SweepPorts): Promise<void> => {
  const failures: unknown[] = [];
  for (const [duty, run] of Object.entries(DUTIES)) {
    const failed = await run(ports).catch((error: unknown) => [error]);
    for (const error of failed) ports.telemetry.log.error('A part of the sweep failed', { duty, error });
    failures.push(...failed);
  }
  if (failures.length === 0) return;
  ports.telemetry.count('SweepsFailed');
  throw new AggregateError(failures, `${failures.length} parts of the sweep failed`);
};
