import { ContainerError } from '../container.ts';

/** Ticks of MPEG-TS time in a second. */
export const TICKS_PER_SECOND = 90_000;
const WRAP = 2 ** 33;

export interface PesHeader {
  /** In ticks, below 2^33. */
  readonly pts: number;
  readonly dts: number;
  /** Where the access unit itself begins. */
  readonly bytes: number;
}

const timeAt = (payload: Buffer, at: number): number =>
  ((payload.readUInt8(at) >> 1) & 7) * 2 ** 30 +
  (payload.readUInt16BE(at + 1) >> 1) * 2 ** 15 +
  (payload.readUInt16BE(at + 3) >> 1);

/** Reads what stands before an access unit. @param payload of the packet in which it begins */
export const readPesHeader = (payload: Buffer): PesHeader => {
  if (payload.length < 9 || payload.readUIntBE(0, 3) !== 1)
    throw new ContainerError('no PES header where one should begin');
  const flags = payload.readUInt8(7);
  const bytes = 9 + payload.readUInt8(8);
  if ((flags & 0x80) === 0 || bytes > payload.length)
    throw new ContainerError('PES header without a time stamp');
  const pts = timeAt(payload, 9);
  return { pts, dts: (flags & 0x40) === 0 ? pts : timeAt(payload, 14), bytes };
};

/** The time nearest to `near` that a 33-bit time stamp may stand for: they begin again at 0 after 26.5 hours. */
export const unfolded = (stamp: number, near: number): number =>
  stamp + Math.round((near - stamp) / WRAP) * WRAP;
