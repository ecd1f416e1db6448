import type { StreamEvent } from '../../shared/events/stream-events.ts';
import { createLeaseWatch } from '../../shared/recordings/lease-watch.ts';
import type { WorkQueues } from '../../shared/recordings/queues.ts';
import { type ReclaimPorts, reclaim, reclaimUnleased } from '../../shared/recordings/reclaim.ts';
import { finish, tellWhatIsOwed, transition } from '../../shared/recordings/transition.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import { isSessionLive } from '../../shared/streams/session-live.ts';
import type { Files } from '../../shared/table/files.ts';
import { LEASE_SECONDS, type Recorders } from '../../shared/table/recorders.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Streams } from '../../shared/table/streams.ts';
import type { Telemetry } from '../common/telemetry.ts';
import { type AwayPorts, queueAway } from './away.ts';
import { type DueTaskPorts, setTaskTimers } from './due-tasks.ts';
import { forEach } from './for-each.ts';
import { type LooseImagePorts, queueLooseImages } from './loose-images.ts';
import { type OverdueDeletionPorts, queueOverdueDeletions } from './overdue-deletions.ts';
import { type OverdueDeliveryPorts, queueOverdueDeliveries } from './overdue-deliveries.ts';
import { type OverdueManifestPorts, queueOverdueManifests } from './overdue-manifests.ts';
import { lookAfterRuns, type OverdueRunPorts } from './overdue-runs.ts';
import { type OwedEventPorts, queueOwedEvents } from './owed-events.ts';
import { type ReconcilePorts, reconcile } from './reconcile.ts';
import { expireRetained } from './retention.ts';
import { tellOfUntoldFiles, type UntoldFilePorts } from './untold-files.ts';

export interface SweepPorts
  extends Omit<ReclaimPorts, 'leaseWatch' | 'patienceMs'>,
    AwayPorts,
    DueTaskPorts,
    LooseImagePorts,
    OverdueDeletionPorts,
    OverdueDeliveryPorts,
    OverdueManifestPorts,
    OverdueRunPorts,
    UntoldFilePorts,
    OwedEventPorts,
    ReconcilePorts {
  readonly queues: WorkQueues;
  readonly recorders: Recorders;
  readonly streams: Streams;
  readonly recordings: Recordings;
  readonly files: Files;
  queueStreamEvent(event: StreamEvent): Promise<void>;
  readonly telemetry: Telemetry;
  /** Milliseconds that rise evenly. */
  monotonicNow(): number;
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
  // A sweep knows nothing of the one before: when a lease looks old, it waits for as long as a lease is, and looks again.
  const leaseWatch = createLeaseWatch(ports.monotonicNow);
  const patienceMs = LEASE_SECONDS * 1000;
  for (const [recorderId, recordings] of await reclaim({ ...ports, leaseWatch, patienceMs })) {
    ports.telemetry.count('LeasesExpired');
    ports.telemetry.log.warn('A recorder was lost; its recordings are queued again', {
      recorderId,
      recordings,
    });
  }
  return [];
};

const takeFromUnleased = async (ports: SweepPorts): Promise<unknown[]> => {
  const recordings = await reclaimUnleased(ports);
  if (recordings > 0) {
    ports.telemetry.log.warn('Recordings of recorders that are gone are queued again', { recordings });
  }
  return [];
};

/** Offers a recording that nobody has claimed again, together with what its last owner left open. */
const offerAgain = async (ports: SweepPorts, recording: Recording): Promise<void> => {
  const { recordId, epoch, untold } = recording;
  if (untold) await tellWhatIsOwed(ports, recordId);
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
  return forEach(completing, async (recording) => {
    const { recordId, handover } = recording;
    if (recording.untold) return tellWhatIsOwed(ports, recordId);
    const isAwaited = handover !== undefined && handover.left !== true;
    const lease = isAwaited ? await ports.recorders.get(handover.owner) : undefined;
    const isGone = isAwaited && (lease === undefined || lease.lost === true);
    // Nobody else waits for the last word of a recorder that was leaving.
    const at = ports.now().toISOString();
    if (isGone) await transition(ports, recordId, { type: 'handover.ended', epoch: handover.epoch, at });
    else await finish(ports, recordId);
  });
};

const publishOverdue = async (ports: SweepPorts): Promise<unknown[]> => {
  const overdue = await ports.notices.overdue(new Date(before(ports.now(), NOTICE_SECONDS)), MOST_NOTICES);
  return forEach(overdue, ({ recordId, noticeId }) => ports.queues.completion({ recordId, noticeId }));
};

// What begins to complete or is offered in this sweep has its work queued by that; only the next one looks whether that
// was forgotten.
const DUTIES = {
  queueOwedEvents,
  setTaskTimers,
  finishCompleting,
  offerUnowned,
  takeFromLostRecorders,
  takeFromUnleased,
  endPaused,
  tellOfUntoldFiles,
  publishOverdue,
  queueAway,
  queueOverdueDeliveries,
  queueOverdueDeletions,
  queueOverdueManifests,
  lookAfterRuns,
  expireRetained,
  queueLooseImages,
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
