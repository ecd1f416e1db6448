import type { SQSClient } from '@aws-sdk/client-sqs';
import type { LocalRun } from '../../local/index.ts';
import type { QueueProxy } from './queues.ts';
import type { Random } from './random.ts';
import type { S3Proxy } from './s3-proxy.ts';
import type { TableProxy } from './table-proxy.ts';

/** Of HLS in every case. */
export const SEGMENT_SECONDS = 4;

/** What a case works on: a whole Streamkeep that records one stream, with proxies before its services. */
export interface World {
  readonly run: LocalRun;
  readonly s3: S3Proxy;
  readonly queues: QueueProxy;
  readonly table: TableProxy;
  /** Of the queues themselves. */
  readonly sqs: SQSClient;
  readonly random: Random;
  /** Resolves when the stream has run for so many seconds. */
  at(seconds: number): Promise<void>;
  /** Resolves when nothing more is pushed. */
  readonly streamEnds: Promise<unknown>;
}

/** What is promised when the fault has passed; frames of each format. */
export interface Promised {
  readonly lostFrames: number;
  /** When HLS may lose more than the other formats: a segment is stored when it is complete. */
  readonly lostFramesOfHls?: number;
  /** Frames that two files may share. */
  readonly doubledFrames?: number;
  /** Beyond one of each format. */
  readonly extraFiles?: number;
  /** Why it may end; by default only because the stream did. */
  readonly reasons?: readonly string[];
}

export const NOTHING_LOST: Promised = { lostFrames: 0 };

export interface FaultCase {
  readonly name: string;
  /** Length of the stream. */
  readonly seconds: number;
  readonly recorders?: number;
  readonly promised: Promised;
  /** Injects the fault; begins before the stream does. @returns how often it struck */
  readonly inject: (world: World) => Promise<number>;
}
