import type { SQSClient } from '@aws-sdk/client-sqs';
import type { LocalRun } from '../../local/index.ts';
import type { FormatOptions } from '../support/configure.ts';
import { FRAMES_PER_SECOND } from '../support/media.ts';
import type { Places } from './places.ts';
import type { Push, Pushing } from './pushes.ts';
import type { QueueProxy } from './queues.ts';
import type { Random } from './random.ts';
import type { S3Proxy } from './s3-proxy.ts';
import type { TableProxy } from './table-proxy.ts';

/** Of HLS in every case. */
export const SEGMENT_SECONDS = 4;

export const frames = (seconds: number): number => seconds * FRAMES_PER_SECOND;

/** What a case works on: a whole Streamkeep that records one stream, with proxies before its services. */
export interface World {
  readonly run: LocalRun;
  /** Before every bucket but the backup's. */
  readonly s3: S3Proxy;
  /** Where media may be. */
  readonly places: Places;
  readonly queues: QueueProxy;
  readonly table: TableProxy;
  /** Of the queues themselves. */
  readonly sqs: SQSClient;
  readonly random: Random;
  readonly push: Push;
  /** Resolves when the stream has run for so many seconds. */
  at(seconds: number): Promise<void>;
  /** Resolves when nothing more is pushed. */
  readonly streamEnds: Promise<unknown>;
  /** Resolves when the recording has ended, whether or not everything is stored. */
  recordingEnds(): Promise<unknown>;
}

/** What is promised when the fault has passed; frames of each format. */
export interface Promised {
  readonly lostFrames: number;
  /**
   * Frames that may have gone by when the recording begins. How soon it does is what `bench:start` measures; here it is
   * as soon as a machine gets round to it that plays several cases.
   */
  readonly lateFrames?: number;
  /** When HLS may lose more than the other formats: a segment is stored when it is complete. */
  readonly lostFramesOfHls?: number;
  /** Frames that two files may share. */
  readonly doubledFrames?: number;
  /** Beyond one of each format. */
  readonly extraFiles?: number;
  /** Pictures that the source does not have, because what was pushed was damaged; the decoder may complain of them. */
  readonly damagedFrames?: number;
  /** The recording may end with the source still there, after so many seconds of it; nothing before its end is lost. */
  readonly cutShortAfter?: number;
  /** Seconds after which everything is home at last. @default 300 */
  readonly homeWithinSeconds?: number;
  /** Why it may end; by default only because the stream did. */
  readonly reasons?: readonly string[];
  /** As `reasons`, whose fault it is. */
  readonly cause?: 'storage';
}

export const NOTHING_LOST: Promised = { lostFrames: 0 };

/** What two faults may cost together. Pure. */
export const bothOf = (one: Promised, other: Promised): Promised => {
  const sum = (of: (promised: Promised) => number | undefined): number => (of(one) ?? 0) + (of(other) ?? 0);
  const reasons = [...(one.reasons ?? []), ...(other.reasons ?? [])];
  return {
    lostFrames: sum(({ lostFrames }) => lostFrames),
    lostFramesOfHls: sum(({ lostFrames, lostFramesOfHls = lostFrames }) => lostFramesOfHls),
    doubledFrames: sum(({ doubledFrames }) => doubledFrames),
    extraFiles: sum(({ extraFiles }) => extraFiles),
    damagedFrames: sum(({ damagedFrames }) => damagedFrames),
    ...(reasons.length > 0 && { reasons: ['session-ended', ...reasons] }),
  };
};

/** How the Streamkeep of a case is set up. */
export interface Setup {
  readonly recorders?: number;
  /** Whether the template has a backup storage, on a server and in a region of its own. */
  readonly backup?: boolean;
  /** By how much the clocks of the recorders are wrong, the first one's first. */
  readonly skewSeconds?: readonly number[];
  /** Size of the file system that recorders have for what no storage takes; absent: that of this machine. */
  readonly diskMegabytes?: number;
  /** Of HLS, beyond the length of its segments. */
  readonly hls?: FormatOptions['hls'];
  /** Variables of recorders and functions. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface FaultCase extends Setup {
  readonly name: string;
  /** Length of the stream. */
  readonly seconds: number;
  readonly promised: Promised;
  /** How the stream is pushed. @default once, as it is */
  readonly pushing?: Pushing;
  /** Injects the fault; begins before the stream does. @returns how often it struck */
  readonly inject: (world: World) => Promise<number>;
}
