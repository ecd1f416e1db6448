import { type FaultCase, NOTHING_LOST, type World } from '../fault-case.ts';
import { S3_FAULTS, type S3Fault, type Struck } from '../s3-proxy.ts';

/** Whole storage faults: everything about the stream's objects is struck for so long. */

/** From when on the fault may begin: files are open by then. */
const EARLIEST_SECONDS = 5;
const LATEST_SECONDS = 12;

const forSeconds =
  (fault: S3Fault, seconds: number, struck: Struck = {}) =>
  async ({ random, at, s3 }: World): Promise<number> => {
    const from = random.between(EARLIEST_SECONDS, LATEST_SECONDS);
    await at(from);
    const injection = s3.inject(fault, struck);
    await at(from + seconds);
    injection.stop();
    return injection.count();
  };

const lasting = (fault: S3Fault, seconds: number): FaultCase => ({
  name: `storage-${fault}-${seconds}s`,
  // Long enough that something comes after it.
  seconds: seconds + LATEST_SECONDS + 14,
  promised: NOTHING_LOST,
  inject: forSeconds(fault, seconds),
});

const WRITES = ['PutObject', 'UploadPart', 'CreateMultipartUpload', 'CompleteMultipartUpload'] as const;

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

/** Denied before the first byte, granted after half a minute. */
const deniedAtFirst: FaultCase = {
  name: 'storage-denied-at-first',
  seconds: 45,
  promised: NOTHING_LOST,
  inject: async ({ s3, at }) => {
    const injection = s3.inject('access-denied', { operations: WRITES });
    await at(30);
    injection.stop();
    return injection.count();
  },
};

/** At the end of the stream, when the files are closed. */
const atTheEnd = (fault: S3Fault, seconds: number): FaultCase => ({
  name: `storage-${fault}-at-the-end-${seconds}s`,
  seconds: 30,
  promised: NOTHING_LOST,
  inject: async ({ s3, at }) => {
    await at(28);
    const injection = s3.inject(fault);
    await at(28 + seconds);
    injection.stop();
    return injection.count();
  },
});

export const STORAGE_CASES: readonly FaultCase[] = [
  ...[10, 45].flatMap((seconds) => S3_FAULTS.map((fault) => lasting(fault, seconds))),
  ...(['lost-answer', 'corrupt', 'reset'] as const).map((fault) => atRandom(fault, 0.2)),
  deniedAtFirst,
  atTheEnd('slow-down', 20),
  // Longer than the recorder tries again.
  lasting('slow-down', 100),
  lasting('access-denied', 100),
];

/** Without any fault: what the bench itself loses. */
export const NO_FAULT: FaultCase = {
  name: 'none',
  seconds: 20,
  promised: NOTHING_LOST,
  inject: async () => 0,
};
