import { ContainerError } from '../container.ts';

export const PACKET_BYTES = 188;
const SYNC_BYTE = 0x47;
const HEADER_BYTES = 4;
const RANDOM_ACCESS = 0x40;

/** Which stream the packet at `offset` belongs to. */
export const pidAt = (bytes: Buffer, offset: number): number => {
  if (bytes[offset] !== SYNC_BYTE) throw new ContainerError('no MPEG-TS packet where one should begin');
  return bytes.readUInt16BE(offset + 1) & 0x1fff;
};

/** Whether a table or an access unit begins in the packet at `offset`. */
export const beginsAt = (bytes: Buffer, offset: number): boolean =>
  (bytes.readUInt8(offset + 1) & 0x40) !== 0;

const hasAdaptation = (bytes: Buffer, offset: number): boolean => (bytes.readUInt8(offset + 3) & 0x20) !== 0;

/** Whether decoding may begin with the access unit that begins in the packet at `offset`. */
export const isRandomAccessAt = (bytes: Buffer, offset: number): boolean =>
  hasAdaptation(bytes, offset) &&
  bytes.readUInt8(offset + HEADER_BYTES) > 0 &&
  (bytes.readUInt8(offset + HEADER_BYTES + 1) & RANDOM_ACCESS) !== 0;

/** What the packet at `offset` carries: a view, empty when it is only there for its clock. */
export const payloadAt = (bytes: Buffer, offset: number): Buffer => {
  const end = offset + PACKET_BYTES;
  if ((bytes.readUInt8(offset + 3) & 0x10) === 0) return bytes.subarray(end, end);
  const adaptation = hasAdaptation(bytes, offset) ? 1 + bytes.readUInt8(offset + HEADER_BYTES) : 0;
  return bytes.subarray(Math.min(offset + HEADER_BYTES + adaptation, end), end);
};

/** A copy of a whole packet that is the `count`th of its stream. */
export const asNumber = (packet: Buffer, count: number): Buffer => {
  const copy = Buffer.from(packet);
  copy.writeUInt8((copy.readUInt8(3) & 0xf0) | (count & 0x0f), 3);
  return copy;
};
