import type { ServerResponse } from 'node:http';
import { setTimeout as until } from 'node:timers/promises';
import type { FlvTag } from './flv-file.ts';

const FLV_HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]);

/** A tag as it stands in an FLV. */
export const tagBytes = ({ type, timeMs, data }: Pick<FlvTag, 'type' | 'timeMs' | 'data'>): Buffer => {
  const header = Buffer.alloc(11);
  header.writeUInt8(type, 0);
  header.writeUIntBE(data.length, 1, 3);
  header.writeUIntBE(timeMs & 0xffffff, 4, 3);
  header.writeUInt8((timeMs >>> 24) & 0xff, 7);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE(header.length + data.length);
  return Buffer.concat([header, data, trailer]);
};

/** One tag, and when it is sent, in milliseconds from the beginning. */
export interface Paced {
  readonly atMs: number;
  readonly bytes: Buffer;
}

/** Tags in their own time, with time stamps that may be others. */
export const paced = (tags: readonly FlvTag[], timeOf: (timeMs: number) => number = (ms) => ms): Paced[] =>
  tags.map((tag) => ({ atMs: tag.timeMs, bytes: tagBytes({ ...tag, timeMs: timeOf(tag.timeMs) }) }));

/**
 * Sends an FLV as a live one comes: each tag when its time has come, and at once what was due before `joinMs`.
 * @returns when all is sent, or nobody reads it any more
 */
export const sendLive = async (
  response: ServerResponse,
  sent: readonly Paced[],
  joinMs = 0,
): Promise<void> => {
  const startedAt = performance.now() - joinMs;
  response.write(FLV_HEADER);
  for (const { atMs, bytes } of sent) {
    const early = startedAt + atMs - performance.now();
    if (early > 0) await until(early);
    if (response.closed) return;
    response.write(bytes);
  }
};
