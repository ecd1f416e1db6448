import { setTimeout as delay } from 'node:timers/promises';
import { isKeyFrame, isSequenceHeader, readFlv, SCRIPT, VIDEO } from '../support/flv-file.ts';
import { publish } from '../support/publisher.ts';
import { publishRtmp, type RtmpMessage } from '../support/rtmp-publisher.ts';
import type { Random } from './random.ts';

/** A stream that is being pushed. */
export interface Push {
  /** Resolves when nothing more is pushed. @throws when the server did not want it */
  readonly ended: Promise<unknown>;
  /** Stops or continues the publisher's process, if it has one. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  kill(): void;
}

/** What is pushed, and where to. */
export interface Pushed {
  /** An FLV. */
  readonly path: string;
  readonly rtmpUrl: string;
  readonly app: string;
  readonly stream: string;
  readonly random: Random;
}

export type Pushing = (pushed: Pushed) => Push;

export const asItIs: Pushing = ({ path, rtmpUrl, app, stream }) =>
  publish(path, `${rtmpUrl}/${app}/${stream}`);

/** What is sent by our own publisher has no process. */
const sending = (ended: Promise<unknown>): Push => {
  // Whoever waits for the end still sees it.
  ended.catch(() => undefined);
  return { ended, signal: () => undefined, kill: () => undefined };
};

/** Pictures and sound of an FLV, as they are sent. */
const messagesOf = async (path: string) => (await readFlv(path)).filter(({ type }) => type !== SCRIPT);

/** Sends messages that `change` makes of the source's. */
const sendAll = async (
  { path, rtmpUrl, app, stream }: Pushed,
  change: (messages: readonly RtmpMessage[]) => readonly RtmpMessage[],
): Promise<void> => {
  const publisher = await publishRtmp(rtmpUrl, app, stream);
  try {
    await publisher.send(change(await messagesOf(path)));
  } finally {
    await publisher.close();
  }
};

/** From a moment of the stream on, in seconds, its time stamps are as much later or earlier. */
export interface Jump {
  readonly at: number;
  readonly shiftSeconds: number;
}

/** Time stamps jump, at key frames; pictures come when they always come. */
export const withJumps =
  (jumps: readonly Jump[]): Pushing =>
  (pushed) =>
    sending(
      sendAll(pushed, (messages) => {
        const left = [...jumps];
        let shiftMs = 0;
        return messages.map((message) => {
          const [next] = left;
          const isDue = next !== undefined && message.timeMs >= next.at * 1000;
          if (isDue && isKeyFrame(message)) {
            shiftMs = next.shiftSeconds * 1000;
            left.shift();
          }
          return { ...message, timeMs: Math.max(0, message.timeMs + shiftMs), sentMs: message.timeMs };
        });
      }),
    );

const GARBAGE_BYTES = 3000;

/** What is before the coded bytes: a server looks at it, and would not hand on what makes no sense to it. */
const headBytes = ({ type }: RtmpMessage): number => (type === VIDEO ? 5 : 2);

/** For some seconds a message of random bytes comes before each of the stream's; they look like more of it. */
export const withGarbage =
  (from: number, seconds: number): Pushing =>
  (pushed) =>
    sending(
      sendAll(pushed, (messages) =>
        messages.flatMap((message) => {
          const isStruck = message.timeMs >= from * 1000 && message.timeMs < (from + seconds) * 1000;
          if (!isStruck) return [message];
          const size = 1 + Math.floor(pushed.random.next() * GARBAGE_BYTES);
          const data = Buffer.from(
            Array.from({ length: size }, () => Math.floor(pushed.random.next() * 256)),
          );
          const head = message.data.subarray(0, headBytes(message));
          return [{ ...message, data: Buffer.concat([head, data]) }, message];
        }),
      ),
    );

/** The publisher leaves before the first key frame after `at`, and pushes the rest `pauseMs` later, with times that begin anew. */
export const withDrop =
  (at: number, pauseMs: number): Pushing =>
  (pushed) => {
    const run = async (): Promise<void> => {
      const { rtmpUrl, app, stream } = pushed;
      const messages = await messagesOf(pushed.path);
      const cut = messages.findIndex((tag) => tag.timeMs >= at * 1000 && isKeyFrame(tag));
      const first = await publishRtmp(rtmpUrl, app, stream);
      await first.send(messages.slice(0, cut));
      await first.close();
      await delay(pauseMs);
      const cutMs = messages[cut]?.timeMs ?? 0;
      const second = await publishRtmp(rtmpUrl, app, stream);
      await second.send(messages.filter(isSequenceHeader).map((tag) => ({ ...tag, timeMs: 0 })));
      await second.send(
        messages.slice(cut).map((tag) => ({ ...tag, timeMs: Math.max(0, tag.timeMs - cutMs) })),
      );
      await second.close();
    };
    return sending(run());
  };
