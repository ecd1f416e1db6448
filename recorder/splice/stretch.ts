import type { IncomingMessage } from 'node:http';
import { Feed } from '../capture/feed.ts';
import type { Absence } from './tape-writer.ts';

const MS_PER_SECOND = 1000;

/** What one capture adds to a tape. */
export interface Stretch {
  /** Something of the stream has come. */
  fed(): void;
  /** Takes what the encoder writes. */
  receive(request: IncomingMessage): Promise<void>;
  /** Whether what the encoder writes is not taken any more, so much of it waits. */
  isFull(): boolean;
  /**
   * Resolves when it has a place on the tape and hardly anything of it waits any more, with how long the tape is then. Does
   * not settle if that never is so.
   */
  readonly caughtUp: Promise<number>;
  /** Leaves out what is shown at `timeMs` of the stretch's own time stamps, or later. */
  stopBefore(timeMs: number): void;
  /** Taken so far. */
  bytes(): number;
}

/** A stretch as its tape reads it. */
export interface OpenStretch {
  readonly feed: Feed;
  /** How long the stream had been away when it began. */
  readonly absence: () => Absence;
  readonly isOut: (seconds: number) => boolean;
  readonly onCaughtUp: (seconds: number) => void;
}

export interface StretchOptions {
  /** Monotonic, in milliseconds. */
  monotonicNow(): number;
  /** When something of the stream came last; undefined: nothing has come yet. */
  lastFedAt(): number | undefined;
  noteFed(at: number): void;
  /** Puts it on the tape, behind those before it. */
  add(stretch: OpenStretch): void;
  /** Resolves when it is known whether anything is on the tape. */
  hasBegun(): Promise<void>;
}

export const openStretch = ({ monotonicNow, lastFedAt, noteFed, add, hasBegun }: StretchOptions): Stretch => {
  const feed = new Feed();
  const { promise: caughtUp, resolve: onCaughtUp } = Promise.withResolvers<number>();
  let absence: Absence = { seconds: 0, endedAt: monotonicNow() };
  let [stopBeforeSeconds, bytes] = [Number.POSITIVE_INFINITY, 0];
  let hasCome = false;
  return {
    caughtUp,
    isFull: () => feed.isFull,
    fed: () => {
      const endedAt = monotonicNow();
      if (!hasCome) absence = { seconds: (endedAt - (lastFedAt() ?? endedAt)) / MS_PER_SECOND, endedAt };
      hasCome = true;
      noteFed(endedAt);
    },
    receive: async (request) => {
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      add({
        feed,
        absence: () => absence,
        isOut: (seconds) => seconds >= stopBeforeSeconds,
        onCaughtUp,
      });
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      feed.takeFrom(request);
      // An abort is no error here: ffmpeg was killed, and what came before it counts.
      request.on('error', () => request.destroy());
      request.on('close', resolve);
      await closed;
      // Whether others can go on with it is asked as soon as all has come.
      await hasBegun();
    },
    stopBefore: (timeMs) => {
      stopBeforeSeconds = Math.min(stopBeforeSeconds, timeMs / MS_PER_SECOND);
    },
    bytes: () => bytes,
  };
};
