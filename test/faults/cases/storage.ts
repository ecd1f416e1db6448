import { type FaultCase, NOTHING_LOST, type Promised } from '../fault-case.ts';
import { S3_FAULTS, type S3Fault } from '../s3-proxy.ts';
import { type Inject, lasting as injecting } from './injecting.ts';

/** Faults of everything that is stored, spool included: of all requests, or of some. */

/** From when on the fault may begin: files are open by then. */
const EARLIEST_SECONDS = 5;
const LATEST_SECONDS = 12;

const forSeconds =
  (fault: S3Fault, seconds: number): Inject =>
  (world) => {
    const from = world.random.between(EARLIEST_SECONDS, LATEST_SECONDS);
    return injecting([from, from + seconds], ({ s3 }) => s3.inject(fault))(world);
  };

/** Storages are given up after so long: what answers first then takes what is next, and another file may begin there. */
const FAILOVER_SECONDS = 20;
const promisedFor = (seconds: number): Promised =>
  seconds > FAILOVER_SECONDS ? { ...NOTHING_LOST, extraFiles: 1 } : NOTHING_LOST;

const lasting = (fault: S3Fault, seconds: number): FaultCase => ({
  name: `storage-${fault}-${seconds}s`,
  // Long enough that something comes after it.
  seconds: seconds + LATEST_SECONDS + 14,
  promised: promisedFor(seconds),
  inject: forSeconds(fault, seconds),
});

export const WRITES = [
  'PutObject',
  'UploadPart',
  'CreateMultipartUpload',
  'CompleteMultipartUpload',
] as const;

const atRandom = (fault: S3Fault, probability: number): FaultCase => ({
  name: `storage-${fault}-${probability * 100}%`,
  seconds: 40,
  promised: NOTHING_LOST,
  inject: async ({ s3, streamEnds }) => {
    const injection = s3.inject(fault, { probability, operations: WRITES });
    await streamEnds;
    injection.stop();
    return injection.count();
  },
});

export const ANSWERS_LOST = atRandom('lost-answer', 0.2);

/** Denied before the first byte, granted after half a minute. */
const deniedAtFirst: FaultCase = {
  name: 'storage-denied-at-first',
  seconds: 45,
  promised: NOTHING_LOST,
  inject: injecting([0, 30], ({ s3 }) => s3.inject('access-denied', { operations: WRITES })),
};

/** At the end of the stream, when the files are closed. */
const atTheEnd = (fault: S3Fault, seconds: number): FaultCase => ({
  name: `storage-${fault}-at-the-end-${seconds}s`,
  seconds: 30,
  promised: NOTHING_LOST,
  inject: injecting([28, 28 + seconds], ({ s3 }) => s3.inject(fault)),
});

export const STORAGE_CASES: readonly FaultCase[] = [
  ...[10, 45].flatMap((seconds) => S3_FAULTS.map((fault) => lasting(fault, seconds))),
  ...(['refuse', 'hang'] as const).map((fault) => lasting(fault, 60)),
  ANSWERS_LOST,
  ...(['corrupt', 'reset'] as const).map((fault) => atRandom(fault, 0.2)),
  deniedAtFirst,
  atTheEnd('slow-down', 20),
  // Longer than anything but the disk takes.
  ...(['refuse', 'slow-down', 'access-denied'] as const).map((fault) => lasting(fault, 100)),
];

/** Without any fault: what the bench itself loses. */
export const NO_FAULT: FaultCase = {
  name: 'none',
  seconds: 20,
  promised: NOTHING_LOST,
  inject: async () => 0,
};
