import { vi } from 'vitest';
import { placeOf } from '../shared/recordings/places.ts';
import type { Format } from '../shared/schemas/names.ts';
import {
  LOCATIONS,
  type Location,
  type Plan,
  type Recording,
  type RecordingFile,
} from '../shared/schemas/recording.ts';
import type { Formats } from '../shared/schemas/template.ts';
import { hlsSchema } from '../shared/schemas/template.ts';
import { CONTENT_TYPES, EXTENSIONS } from '../shared/storage/content-types.ts';
import { type MemoryObjectStore, storageFault } from '../shared/storage/memory-object-store.ts';
import type { ObjectStore, StorageErrorKind } from '../shared/storage/object-store.ts';
import { createMemoryFiles } from '../shared/table/files.fixture.ts';
import { createLedger, type FileLedger, type JournaledFile } from './files/ledger.ts';
import { MediaBuffer, type Taken } from './files/media-buffer.ts';
import type { Log } from './log.ts';
import { createLadder, type Ladder, type LadderOptions } from './storage/ladder.ts';
import type { Overflow } from './storage/overflow.ts';
import type { Rung } from './storage/rungs.ts';
import type { Fence } from './supervisor/fence.ts';

export const START = new Date('2026-11-22T10:00:00.000Z');

export const planOf = (formats: Formats, more: Partial<Plan> = {}): Plan => ({
  templateId: 'tpl_1',
  content: 'origin',
  timeZone: 'UTC',
  formats,
  path: '{StreamID}/{StartYear}-{StartMonth}-{StartDay}-{StartHour}-{StartMinute}-{StartSecond}',
  sourceUrl: 'rtmp://127.0.0.1/{app}/{stream}',
  storage: { bucket: 'media', region: 'us-east-1' },
  ...more,
});

export const HLS = hlsSchema.parse({});

export const recordingOf = (plan: Plan, more: Partial<Recording> = {}): Recording => ({
  recordId: 'rec_1',
  domain: 'push.example.com',
  app: 'live',
  stream: 'show',
  sessionId: 'ses_1',
  plan,
  state: 'recording',
  startedAt: START.toISOString(),
  epoch: 3,
  owner: 'rcd_1',
  captures: 1,
  revision: 1,
  ...more,
});

export const fileOf = (format: Format, more: Partial<RecordingFile> = {}): RecordingFile => ({
  recordId: 'rec_1',
  fileId: `0001-${format}-0001`,
  format,
  bucket: 'media',
  key: `show/one${EXTENSIONS[format]}`,
  state: 'recording',
  location: 'primary',
  sizeBytes: 0,
  durationSeconds: 0,
  startedAt: START.toISOString(),
  epoch: 3,
  ...more,
});

export const takenOf = (text: string): Taken => {
  const media = new MediaBuffer();
  media.append(Buffer.from(text));
  return media.take(media.length);
};

export const INITIAL_HEAD = Buffer.from('<initial>');

export const journaledFileOf = (
  format: Format = 'mp4',
  more: Partial<RecordingFile> = {},
): JournaledFile => ({
  ...fileOf(format, more),
  journal: { initialHead: INITIAL_HEAD.toString('base64'), heldKey: 'work/held', tailKey: 'work/tail' },
});

export const silentLog = () => {
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  return log satisfies Log;
};

/** A ledger over files in memory, and what it has told. */
export const ledgerOf = (recording: Recording, files = createMemoryFiles()) => {
  const sent: { type: string }[] = [];
  const onFenced = vi.fn();
  const log = silentLog();
  const send = async (event: { type: string }) => void sent.push(event);
  const ledger: FileLedger = createLedger(recording, 1, {
    ...{ files, send, log, onFenced },
    now: () => START,
    onTable: (operation) => operation(),
  });
  return { ledger, files, sent, onFenced, log };
};

/** Everything that waits stays in memory. */
export const IN_MEMORY: Overflow = {
  isFull: false,
  hold: (media) => ({ length: media.length, load: async () => media, release: () => media.release() }),
};

const BUCKETS = { primary: 'media', backup: 'second', spool: 'spool' } as const;

/** Nobody doubts that this recorder may write. */
export const HOLDS: Fence = { held: async () => undefined, doubt: () => new AbortController().signal };

/** A ladder of these stores, best first, which gives a storage up after a tenth of a second. */
export const ladderOf = (
  stores: Partial<Record<Location, ObjectStore>>,
  changes: Partial<LadderOptions> = {},
): Ladder => {
  const plan = { storage: { bucket: 'media', region: 'r-1' }, backup: { bucket: 'second', region: 'r-2' } };
  const spool = { bucket: 'spool', region: 'r-1' };
  const rungs = LOCATIONS.flatMap((location): Rung[] => {
    const store = stores[location];
    if (store === undefined) return [];
    const keyOf: Rung['keyOf'] = (file) =>
      placeOf({ plan } as Pick<Recording, 'plan'>, file, location, spool)?.key ?? file.key;
    return [{ location, bucket: BUCKETS[location], store, keyOf }];
  });
  return createLadder({
    rungs: rungs as [Rung, ...Rung[]],
    failoverMs: 100,
    signal: new AbortController().signal,
    probeKey: 'work/probe',
    fence: HOLDS,
    onRetry: () => undefined,
    onChange: () => undefined,
    ...changes,
  });
};

/** Throws `kind` as often as `times` says at operations of this name, and then lets them pass. */
export const failing = (name: string, times: number, kind: StorageErrorKind = 'unavailable') => {
  let left = times;
  return ({ operation }: { operation: string }): void => {
    if (operation !== name || left === 0) return;
    left -= 1;
    throw storageFault(kind, operation);
  };
};

/** The better storage is away until the other one has taken something, of which the answer is lost. */
export const awayUntilTaken = (better: MemoryObjectStore, other: MemoryObjectStore): void => {
  const lost = () => {
    throw storageFault('unavailable', 'PutObject');
  };
  better.before = lost;
  other.after = () => {
    better.before = undefined;
    lost();
  };
};

/** Lets everything that is ready to happen in memory happen. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export { CONTENT_TYPES };
