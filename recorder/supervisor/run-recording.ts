import { setTimeout as wait } from 'node:timers/promises';
import type { AddressPolicy } from '../../shared/net/address-policy.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { SendRecordingEvent } from '../../shared/recordings/event-queue.ts';
import type { Media, Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import type { Files } from '../../shared/table/files.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Streams } from '../../shared/table/streams.ts';
import type { Arrival } from '../capture/arrival.ts';
import { FENCED, runCapture } from '../capture/capture.ts';
import { createLedger } from '../files/ledger.ts';
import { createNamer } from '../files/namer.ts';
import { steadily } from '../files/steadily.ts';
import type { HlsMemory } from '../gate/hls/choose.ts';
import type { Log } from '../log.ts';
import type { Sink } from '../sink/sink.ts';
import type { Overflow } from '../storage/overflow.ts';
import { afterCapture, reasonOfStop } from './after-capture.ts';
import type { Fence } from './fence.ts';
import { type Meter, secondsIn } from './meter.ts';
import { openLadder } from './open-ladder.ts';
import type { Words } from './words.ts';

export interface RunPorts {
  readonly recorderId: string;
  readonly recordings: Recordings;
  readonly files: Files;
  readonly streams: Streams;
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
  /** Where media wait for storages that are slow or away. */
  openOverflow(): Overflow;
  randomId(): string;
}

/** Aborted with a `Reason` to end the recording cleanly, with `FENCED` to drop it. */
export type Stop = AbortController;

/** How a recording goes from one recorder to the next while both record it. */
export interface Passage {
  /** Aborted when the next recorder has begun. */
  readonly cut: AbortSignal;
  /** The recorder before this one still records it. */
  readonly arrival: Arrival | undefined;
}

/** Records one recording that this recorder has claimed, capture after capture, until it ends here. */
export const runRecording = async (
  ports: RunPorts,
  recording: Recording,
  stop: Stop,
  meter: Meter,
  { cut, arrival }: Passage,
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
  const onTable = <Result>(operation: () => Promise<Result>): Promise<Result> =>
    steadily(operation, {
      signal: fenced.signal,
      onRetry: (cause) => ports.log.warn('The table is asked again', { recordId, cause }),
    });
  const ladder = openLadder(ports, recording, fenced.signal, meter);
  const overflow = ports.openOverflow();
  const filesBefore = await onTable(() => ports.files.list(recordId));
  const taken = new Set(filesBefore.map(({ key }) => key));
  meter.begin(secondsIn(filesBefore));
  const now = () => new Date();

  const sessionEnded = async (): Promise<boolean> => {
    const stream = await ports.streams.get(recording);
    return stream === undefined || !stream.live || stream.sessionId !== recording.sessionId;
  };
  const started = (capture: number, media: Media): void => {
    const event = { recordId, epoch, capture, recorderId: ports.recorderId, media, at: now().toISOString() };
    void ports.say({ type: 'capture.started', ...event });
  };

  let isAwaited = plan.announceConnected === true && recording.connectedAt === undefined;
  const connected = (): void => {
    isAwaited = false;
    ports.recordings.setConnected(recordId, epoch, now().toISOString()).catch((cause: unknown) => {
      // Whoever waits for it goes on in a second without it.
      ports.log.warn('The connection to a source could not be noted', { recordId, cause });
    });
  };

  const hlsMemories = new Map<string, HlsMemory>();
  let capture = recording.captures;
  let failures = 0;
  let lastMediaAt = performance.now();
  let reason: Reason | undefined;
  while (reason === undefined) {
    if (fenced.signal.aborted || stop.signal.reason === FENCED) return;
    if (stop.signal.aborted) {
      reason = stop.signal.reason as Reason;
      break;
    }
    const next = await onTable(() => ports.recordings.nextCapture(recordId, epoch));
    if (next === undefined) return;
    capture = next;
    const ledger = createLedger(recording, capture, { ...ports, now, onFenced, onTable });
    const outcome = await runCapture({
      ...ports,
      recording,
      capture,
      hlsMemories,
      namer: createNamer(recording, capture, taken, ports.randomId),
      ports: { ladder, overflow, ledger, now, monotonicNow: () => performance.now() },
      stop: stop.signal,
      sessionEnded,
      ...{ arrival, cut },
      onHlsLeft: async (fingerprint) => {
        await ports.recordings.setOver(recordId, epoch, fingerprint);
      },
      ...(isAwaited ? { onConnected: connected } : {}),
      onOpened: meter.capture,
      onStarted: (media) => started(capture, media),
    });
    if (fenced.signal.aborted) return;
    if (outcome.receivedMedia) {
      lastMediaAt = performance.now();
      failures = 0;
    } else failures += 1;
    const after = stop.signal.aborted
      ? ({ type: 'end', reason: reasonOfStop(outcome, stop.signal.reason) } as const)
      : afterCapture(outcome, { failures, secondsWithoutMedia: (performance.now() - lastMediaAt) / 1000 });
    if (after.type === 'end') reason = after.reason;
    else if (ports.draining.aborted) reason = endReason('recorder-drained');
    // The end does not wait for the next try; what ends it is looked at there.
    else await wait(after.pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  await ports.say({ type: 'capture.ended', recordId, epoch, capture, reason, at: now().toISOString() });
};
