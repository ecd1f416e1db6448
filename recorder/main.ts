import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ulid } from 'ulid';
import { ENV } from '../shared/constants.ts';
import { readCidrs } from '../shared/env.ts';
import { createAddressPolicy } from '../shared/net/address-policy.ts';
import { ANSWERED_SOON } from '../shared/net/answered-soon.ts';
import { createRecordingEvents } from '../shared/recordings/event-queue.ts';
import { createLeaseWatch } from '../shared/recordings/lease-watch.ts';
import { createWorkQueues } from '../shared/recordings/queues.ts';
import { reclaim } from '../shared/recordings/reclaim.ts';
import { transition } from '../shared/recordings/transition.ts';
import { createStores } from '../shared/storage/stores.ts';
import { createFiles } from '../shared/table/files.ts';
import { createNotices } from '../shared/table/notices.ts';
import { createOwedEvents } from '../shared/table/owed-events.ts';
import { createRecorders } from '../shared/table/recorders.ts';
import { createRecordings } from '../shared/table/recordings.ts';
import { createStreams } from '../shared/table/streams.ts';
import { openTable } from '../shared/table/table.ts';
import { createLog } from './log.ts';
import { publishSlots } from './metrics.ts';
import { readSettings } from './settings.ts';
import { startSink } from './sink/sink.ts';
import { Clips } from './splice/clips.ts';
import { createImages } from './storage/images.ts';
import { createOverflow } from './storage/overflow.ts';
import { startSupervisor } from './supervisor/supervisor.ts';
import { createTaskProtection } from './supervisor/task-protection.ts';
import { createPictures } from './thumbnails/pictures.ts';

const settings = readSettings();
const log = createLog();
const recorderId = `rcd_${ulid().toLowerCase()}`;
const table = openTable(settings[ENV.tableName]);
const sqs = new SQSClient({ requestHandler: ANSWERED_SOON });
const sink = await startSink();
const protect = createTaskProtection(settings.ECS_AGENT_URI, log);
const [recordings, files, streams] = [createRecordings(table), createFiles(table), createStreams(table)];
const recorders = createRecorders(table);
const queues = createWorkQueues(sqs, {
  recordJobsQueueUrl: settings[ENV.recordJobsQueueUrl],
  completionQueueUrl: settings[ENV.completionQueueUrl],
  uploadRetryQueueUrl: settings[ENV.uploadRetryQueueUrl],
});

const stores = createStores(createAddressPolicy(readCidrs('storageAllowedCidrs')));
const { [ENV.spoolBucket]: spool, AWS_REGION: region } = settings;
const openOverflow = await createOverflow({
  folder: join(settings[ENV.scratchFolder], 'overflow'),
  memoryBytes: settings[ENV.overflowMemoryBytes],
  diskBytes: settings[ENV.overflowBytes],
  log,
});

/** A lease that runs out before the next look but one heartbeat is waited for. */
const RECLAIM_PATIENCE_MS = 2000;
const monotonicNow = (): number => performance.now();
/** It looks with every second heartbeat, each 4 s. */
const MOST_GAP_MS = 6000;
const leaseWatch = createLeaseWatch(monotonicNow, MOST_GAP_MS);

const transitionPorts = {
  ...{ recordings, files, queues },
  notices: createNotices(table),
  now: () => new Date(),
};

const images = createImages({
  folder: join(settings[ENV.scratchFolder], 'images'),
  store: spool === undefined || region === undefined ? undefined : stores.of({ bucket: spool, region }),
});

let busy = 0;
let hasRefused = false;
const supervisor = await startSupervisor({
  recorderId,
  slots: settings[ENV.recorderSlots],
  sqs,
  queueUrl: settings[ENV.recordJobsQueueUrl],
  ...{ recordings, files, streams, recorders, sink, log },
  owedEvents: createOwedEvents(table),
  send: createRecordingEvents(sqs, settings[ENV.recordingEventsQueueUrl]),
  policy: createAddressPolicy(settings[ENV.sourceAllowedCidrs]),
  storeOf: stores.of,
  spool: spool === undefined || region === undefined ? undefined : { bucket: spool, region },
  failoverMs: settings[ENV.failoverSeconds] * 1000,
  openOverflow,
  images,
  clips: new Clips(images),
  pictures: createPictures(),
  uploadRetry: queues.uploadRetry,
  randomId: () => ulid().toLowerCase(),
  decide: (recordId, input) => transition(transitionPorts, recordId, input),
  reclaim: async () => {
    const lost = await reclaim({
      ...transitionPorts,
      ...{ streams, recorders },
      patienceMs: RECLAIM_PATIENCE_MS,
      ...{ leaseWatch, wait },
    });
    for (const [lostRecorder, count] of lost) {
      log.warn('Recordings of a lost recorder are queued again', { lostRecorder, count });
    }
  },
  onBusy: (count) => {
    busy = count;
    protect(count);
  },
  onRefused: () => {
    hasRefused = true;
  },
  onLost: () => {
    log.error('This recorder was taken for dead; its recordings belong to others now', { recorderId });
    // Whatever it still held in memory is fenced off. A new process begins clean.
    process.exit(1);
  },
});
publishSlots(() => {
  const slots = { all: settings[ENV.recorderSlots], busy, hasRefused };
  hasRefused = false;
  return slots;
});
log.info('The recorder takes jobs', { recorderId });

let ending = false;
const end = async (signal: string): Promise<void> => {
  if (ending) return;
  ending = true;
  log.info('The recorder drains', { recorderId, signal });
  await supervisor.drain();
  await sink.close();
  process.exit(0);
};
process.on('SIGTERM', end);
process.on('SIGINT', end);
// The local run that started this recorder has died, and with it the services that it would hand over to.
process.on('disconnect', () => process.exit(1));
