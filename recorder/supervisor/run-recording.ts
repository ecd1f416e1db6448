import { setTimeout as wait } from 'node:timers/promises';
import type { Media, Reason, Recording } from '../../shared/schemas/recording.ts';
import type { ObjectStore, StorageError } from '../../shared/storage/object-store.ts';
import type { Files } from '../../shared/table/files.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Streams } from '../../shared/table/streams.ts';
import { FENCED, runCapture } from '../capture/capture.ts';
import { createLedger } from '../files/ledger.ts';
import { createNamer } from '../files/namer.ts';
import { persistently } from '../files/retry.ts';
import type { AddressPolicy } from '../gate/address-policy.ts';
import type { Log } from '../log.ts';
import type { Sink } from '../sink/sink.ts';
import { afterCapture } from './after-capture.ts';
import type { SendRecordingEvent } from './recording-events.ts';

/** How long a storage operation is tried again before its file is left to the upload-retry function. */
const STORAGE_PATIENCE_MS = 60_000;

export interface RunPorts {
  readonly recorderId: string;
  readonly recordings: Recordings;
  readonly files: Files;
  readonly streams: Streams;
  readonly send: SendRecordingEvent;
  readonly sink: Sink;
  readonly policy: AddressPolicy;
  readonly log: Log;
  storeFor(recording: Recording): ObjectStore;
  randomId(): string;
}

/** Aborted with a `Reason` to end the recording cleanly, with `FENCED` to drop it. */
export type Stop = AbortController;

/** Records one recording that this recorder has claimed, capture after capture, until it ends here. */
export const runRecording = async (ports: RunPorts, recording: Recording, stop: Stop): Promise<void> => {
  const { recordId, epoch, plan } = recording;
  const store = ports.storeFor(recording);
  const taken = new Set((await ports.files.list(recordId)).map(({ key }) => key));
  const now = () => new Date();
  const maxMs = (plan.maxDurationSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const remainingMs = () => maxMs - (Date.now() - Date.parse(recording.startedAt));

  const sessionEnded = async (): Promise<boolean> => {
    const stream = await ports.streams.get(recording);
    return stream === undefined || !stream.live || stream.sessionId !== recording.sessionId;
  };
  const onRetry = (error: StorageError): void => {
    ports.log.warn('A storage operation is tried again', {
      recordId,
      operation: error.operation,
      kind: error.kind,
    });
  };
  // A clean end leaves files to close, with all patience; only what belongs to others is dropped at once.
  const fenced = new AbortController();
  const onFenced = (): void => {
    fenced.abort();
    stop.abort(FENCED);
  };
  stop.signal.addEventListener('abort', () => {
    if (stop.signal.reason === FENCED) fenced.abort();
  });
  const started = (capture: number, media: Media): void => {
    const event = { recordId, epoch, capture, recorderId: ports.recorderId, media, at: now().toISOString() };
    ports.send({ type: 'capture.started', ...event }).catch((cause: unknown) => {
      ports.log.error('An event could not be sent', { recordId, cause });
    });
  };

  let capture = 0;
  let failures = 0;
  let lastMediaAt = performance.now();
  let reason: Reason | undefined;
  while (reason === undefined) {
    const next = await ports.recordings.nextCapture(recordId, epoch);
    if (next === undefined) return;
    capture = next;
    const ledger = createLedger(recording, capture, { ...ports, now, onFenced });
    const outcome = await runCapture({
      ...ports,
      recording,
      capture,
      maxDurationMs: remainingMs(),
      namer: createNamer(recording, capture, taken, ports.randomId),
      ports: {
        store,
        ledger,
        monotonicNow: () => performance.now(),
        persistently: (operation) =>
          persistently(operation, { patienceMs: STORAGE_PATIENCE_MS, signal: fenced.signal, onRetry }),
      },
      stop: stop.signal,
      sessionEnded,
      onStarted: (media) => started(capture, media),
    });
    if (fenced.signal.aborted) return;
    if (outcome.receivedMedia) {
      lastMediaAt = performance.now();
      failures = 0;
    } else failures += 1;
    const after = stop.signal.aborted
      ? ({ type: 'end', reason: outcome.reason } as const)
      : afterCapture(outcome, { failures, secondsWithoutMedia: (performance.now() - lastMediaAt) / 1000 });
    if (after.type === 'end') reason = after.reason;
    else await wait(after.pauseMs);
  }
  await ports.send({ type: 'capture.ended', recordId, epoch, capture, reason, at: now().toISOString() });
};
