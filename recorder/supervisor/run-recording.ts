import { setTimeout as wait } from 'node:timers/promises';
import type { AddressPolicy } from '../../shared/net/address-policy.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { SendRecordingEvent } from '../../shared/recordings/event-queue.ts';
import { hlsStaysOpen, resumptionSeconds } from '../../shared/recordings/machine.ts';
import type { Media, Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import type { Files } from '../../shared/table/files.ts';
import type { OwedEvents } from '../../shared/table/owed-events.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Streams } from '../../shared/table/streams.ts';
import type { Arrival } from '../capture/arrival.ts';
import { type CaptureOutcome, FENCED, runCapture } from '../capture/capture.ts';
import { carriesNothing, closeAllLeft } from '../capture/carried.ts';
import type { LoadImages, Making } from '../capture/making.ts';
import { createLedger } from '../files/ledger.ts';
import { createNamer } from '../files/namer.ts';
import { steadily } from '../files/steadily.ts';
import type { HlsMemory } from '../gate/hls/choose.ts';
import type { Log } from '../log.ts';
import type { Sink } from '../sink/sink.ts';
import type { Clips } from '../splice/clips.ts';
import type { Overflow } from '../storage/overflow.ts';
import type { Pictures } from '../thumbnails/pictures.ts';
import { type AfterCapture, createTries, isTrouble, reasonOfStop, repairAfterMs } from './after-capture.ts';
import { awaitReturn } from './await-return.ts';
import { createConnection } from './connection.ts';
import type { Fence } from './fence.ts';
import { closeLeftFiles, type LeftFilesPorts } from './left-files.ts';
import { type Meter, secondsIn } from './meter.ts';
import { openLadder } from './open-ladder.ts';
import { openSplicing } from './open-splicing.ts';
import { openThumbnails } from './open-thumbnails.ts';
import type { SessionNews } from './session-news.ts';
import { createTroubles } from './troubles.ts';
import { putDownWithheld } from './withheld.ts';
import type { Words } from './words.ts';

/** How long media must flow again until a trouble of the source is over. */
const RECOVERY_MS = 3000;

export interface RunPorts extends Pick<LeftFilesPorts, 'uploadRetry'> {
  readonly recorderId: string;
  readonly recordings: Recordings;
  readonly files: Files;
  readonly streams: Streams;
  readonly owedEvents: Pick<OwedEvents, 'ofStream'>;
  readonly send: SendRecordingEvent;
  readonly sink: Sink;
  readonly policy: AddressPolicy;
  readonly log: Log;
  readonly fence: Fence;
  /** Says what must not be lost. */
  readonly say: Words['say'];
  /** Aborted when this recorder leaves: no further capture is begun. */
  readonly draining: AbortSignal;
  /** This installation's own bucket. */
  readonly spool: Bucket | undefined;
  /** How long a storage is tried before the next one is. */
  readonly failoverMs: number;
  storeOf(bucket: Bucket): ObjectStore;
  /** The images of watermarks. */
  readonly images: LoadImages;
  /** Standby content as recordings here have it. */
  readonly clips: Pick<Clips, 'get'>;
  /** Where media wait for storages that are slow or away. */
  openOverflow(): Overflow;
  /** Makes thumbnails; absent: there are none. */
  readonly pictures?: Pictures;
  randomId(): string;
}

/** Aborted with a `Reason` to end the recording cleanly, with `FENCED` to drop it. */
export type Stop = AbortController;

/** How a recording goes from one recorder to the next while both record it, and what is heard of its session. */
export interface Passage {
  readonly news: SessionNews;
  /** Aborted when the next recorder has begun. */
  readonly cut: AbortSignal;
  /** The recorder before this one still records it. */
  readonly arrival: Arrival | undefined;
}

/** How long the end of a recording waits for its last thumbnails. */
const THUMBNAILS_PATIENCE_MS = 3000;

/** Records one recording that this recorder has claimed, capture after capture, until it ends here. */
export const runRecording = async (
  ports: RunPorts,
  recording: Recording,
  stop: Stop,
  meter: Meter,
  passage: Passage,
): Promise<void> => {
  const run = new AbortController();
  try {
    await record(ports, recording, stop, meter, passage, run);
  } finally {
    // Also when it ends with an error: what is still open then is for others.
    run.abort();
  }
};

/** @param run aborted when nothing more is done for it here */
const record = async (
  ports: RunPorts,
  recording: Recording,
  stop: Stop,
  meter: Meter,
  { cut, arrival, news }: Passage,
  run: AbortController,
): Promise<void> => {
  const { recordId, epoch, plan } = recording;
  // A clean end leaves files to close, with all patience; only what belongs to others is dropped at once.
  const fenced = new AbortController();
  const onFenced = (): void => {
    fenced.abort();
    stop.abort(FENCED);
  };
  stop.signal.addEventListener('abort', () => {
    if (stop.signal.reason === FENCED) fenced.abort();
  });
  fenced.signal.addEventListener('abort', () => run.abort());
  const onTable = <Result>(operation: () => Promise<Result>): Promise<Result> =>
    steadily(operation, {
      signal: fenced.signal,
      onRetry: (cause) => ports.log.warn('The table is asked again', { recordId, cause }),
    });
  const overflow = ports.openOverflow();
  const filesBefore = await onTable(() => ports.files.list(recordId));
  void closeLeftFiles(ports, recording, filesBefore, run.signal);
  const taken = new Set(filesBefore.map(({ key }) => key));
  meter.begin(secondsIn(filesBefore));
  const now = () => new Date();

  const started = (capture: number, media: Media): void => {
    const event = { recordId, epoch, capture, recorderId: ports.recorderId, media, at: now().toISOString() };
    void ports.say({ type: 'capture.started', ...event });
  };

  const { connected, session, sessionId } = createConnection({ ...ports, now }, recording);

  const write = (trouble: Reason | undefined) => ports.recordings.setTrouble(recordId, epoch, trouble);
  const troubles = createTroubles(recordId, write, ports.log);
  let recovery: NodeJS.Timeout | undefined;
  const ladder = openLadder(ports, recording, fenced.signal, ({ location }, trouble) => {
    meter.writesTo(location);
    troubles.set('storage', trouble);
  });
  const carried = carriesNothing();
  const thumbnails = openThumbnails(ports, recording);
  const closing: Promise<void>[] = [];
  const close = (closed: Promise<void>): void => {
    const logged = closed.catch((cause: unknown) =>
      ports.log.error('What a capture has left could not be put down', { recordId, cause }),
    );
    closing.push(logged);
  };
  const hlsMemories = new Map<string, HlsMemory>();
  const splicing = openSplicing(ports, recording, (trouble) => troubles.set('ours', trouble));
  const closeLeft = (): void => close(closeAllLeft(carried));
  // No capture goes on behind it. Nothing is written that belongs to others.
  stop.signal.addEventListener('abort', closeLeft);
  run.signal.addEventListener('abort', () => {
    splicing?.abandon();
    closeLeft();
  });
  const making: Making = { feeds: false, effort: 'usual' };
  let tries = createTries(() => performance.now());
  let hasMedia = filesBefore.length > 0;
  let capture = recording.captures;
  let repairs = 0;
  let reason: Reason | undefined;

  const follows = (outcome: CaptureOutcome): AfterCapture =>
    stop.signal.aborted
      ? { type: 'end', reason: reasonOfStop(outcome, stop.signal.reason) }
      : tries.after(outcome);

  /** Seconds for which the stream is waited for here, with the tape open; 0: it is not. */
  const awaitedSeconds = (outcome: CaptureOutcome): number => {
    if (splicing === undefined || stop.signal.aborted || ports.draining.aborted) return 0;
    const after = follows(outcome);
    return after.type === 'end' ? resumptionSeconds(plan, after.reason.code) : 0;
  };
  /** When the stream left that was waited for in vain. */
  let leftAt: Date | undefined;

  while (reason === undefined) {
    if (fenced.signal.aborted || stop.signal.reason === FENCED) return;
    if (stop.signal.aborted) {
      reason = stop.signal.reason as Reason;
      break;
    }
    const next = await onTable(() => ports.recordings.nextCapture(recordId, epoch));
    if (next === undefined) {
      // What earlier captures have left is still ours to store.
      closeLeft();
      await Promise.all(closing);
      return;
    }
    capture = next;
    tries.begin();
    const ledger = createLedger(recording, capture, { ...ports, now, onFenced, onTable });
    const interrupted = new AbortController();
    const onSessionEnded = (): void => {
      interrupted.abort(endReason('session-ended'));
      closeLeft();
    };
    news.once('ended', onSessionEnded);
    const outcome = await runCapture({
      ...ports,
      recording,
      capture,
      hasMedia,
      repairAfterMs: repairAfterMs(repairs),
      hlsMemories,
      ...{ making, splicing },
      onTrouble: (trouble) => troubles.set('ours', trouble),
      files: { list: (id) => onTable(() => ports.files.list(id)) },
      namer: createNamer(recording, capture, taken, ports.randomId),
      carried,
      thumbnails: thumbnails?.capture(capture, meter.read(Date.now()).durationSeconds),
      ports: { ladder, overflow, ledger, now, monotonicNow: () => performance.now() },
      stop: AbortSignal.any([stop.signal, interrupted.signal]),
      session,
      ...{ arrival, cut },
      onHlsLeft: async (fingerprint) => {
        await onTable(() => ports.recordings.setOver(recordId, epoch, fingerprint));
      },
      ...(plan.announceConnected === true ? { onConnected: connected } : {}),
      onOpened: (gauge) => meter.capture(gauge, now().getTime()),
      onStarted: (media) => {
        started(capture, media);
        recovery = setTimeout(() => troubles.set('source', undefined), RECOVERY_MS);
      },
      goesOn: (ending) => follows(ending).type === 'again',
      waits: (ending) => awaitedSeconds(ending) > 0,
      onClosing: close,
    });
    clearTimeout(recovery);
    news.off('ended', onSessionEnded);
    if (fenced.signal.aborted) return;
    // Whatever comes after this, the server has nothing of it any more.
    if (outcome.reason.code === 'source-unreachable') closeLeft();
    hasMedia ||= outcome.receivedMedia;
    repairs = outcome.reason.code === 'source-invalid' ? repairs + 1 : 0;
    const after = follows(outcome);
    tries.end(outcome);
    const outgrown = splicing?.outgrown;
    const seconds = outgrown?.aborted === false ? awaitedSeconds(outcome) : 0;
    if (outgrown !== undefined && seconds > 0) {
      const since = now();
      troubles.set('source', endReason('stream-awaited'));
      const signal = AbortSignal.any([stop.signal, ports.draining, outgrown]);
      const isLive = outcome.reason.code !== 'session-ended';
      const came = await awaitReturn({ ...ports, ...{ recordId, seconds, isLive, news, signal, session } });
      if (came === 'back') {
        tries = createTries(() => performance.now());
        continue;
      }
      if (came === 'over') leftAt = since;
      troubles.set('source', undefined);
      if (stop.signal.aborted) continue;
    }
    if (after.type === 'end') {
      reason = after.reason;
      break;
    }
    if (ports.draining.aborted) {
      reason = endReason('recorder-drained');
      break;
    }
    if (isTrouble(outcome.reason.code)) troubles.set('source', outcome.reason);
    // Whoever ends it, or leaves, does not wait for the next try.
    const signal = AbortSignal.any([stop.signal, ports.draining]);
    await wait(after.pauseMs, undefined, { signal }).catch(() => undefined);
    if (ports.draining.aborted && !stop.signal.aborted) reason = endReason('recorder-drained');
  }
  const tape = splicing?.end(carried);
  if (tape !== undefined) {
    const ending = leftAt === undefined && hlsStaysOpen(plan, reason.code) ? 'open' : 'ended';
    close(tape.close(reason.code === 'session-ended' ? undefined : reason, ending));
  }
  closeLeft();
  const pictured = thumbnails?.close();
  const handOver = (fingerprint: string) =>
    onTable(() => ports.recordings.setOver(recordId, epoch, fingerprint));
  // No other encoder makes the same key frame.
  const isSought = reason.code === 'recorder-drained' && recording.plan.encoding === undefined;
  await putDownWithheld(carried, isSought ? handOver : undefined);
  if (reason.code === 'overflow-full') troubles.set('storage', reason);
  await Promise.all(closing);
  // It goes on behind that, and nobody waits for it any more.
  await Promise.race([pictured, wait(THUMBNAILS_PATIENCE_MS, undefined, { ref: false })]);
  // Nobody waits for a storage that is away to say that it is over.
  const cleared = ladder.stop();
  run.abort();
  await troubles.settled();
  if (fenced.signal.aborted) return;
  await ports.say({
    type: 'capture.ended',
    ...{ recordId, epoch, capture, reason, sessionId: sessionId(), at: (leftAt ?? now()).toISOString() },
    ...(leftAt === undefined ? {} : { waited: true }),
  });
  await cleared;
};
