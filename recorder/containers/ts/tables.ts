import { ContainerError } from '../container.ts';

/** What the tables say of one stream. */
export interface TsTrack {
  readonly pid: number;
  readonly kind: 'video' | 'audio';
  readonly codec: 'h264' | 'hevc' | 'aac' | 'other';
}

export const PAT_PID = 0;
const PAT_TABLE = 0;
const PMT_TABLE = 2;
const CRC_BYTES = 4;
const VIDEO_TYPES = new Set([0x01, 0x02, 0x10, 0x1b, 0x24, 0x33, 0xd1, 0xea]);
const CODECS = new Map<number, TsTrack['codec']>([
  [0x0f, 'aac'],
  [0x1b, 'h264'],
  [0x24, 'hevc'],
]);

/** The body of a section, from behind its section numbers up to its checksum. */
const sectionOf = (payload: Buffer, table: number): Buffer => {
  const start = 1 + payload.readUInt8(0);
  const end = start + 3 + (payload.readUInt16BE(start + 1) & 0xfff);
  // Two streams, which is all that a capture has, never need more than one packet.
  if (payload[start] !== table || end > payload.length)
    throw new ContainerError('MPEG-TS table that cannot be read');
  return payload.subarray(start + 8, end - CRC_BYTES);
};

/** Which stream has the program's own table. @param payload of a packet in which the table begins */
export const pmtPidOf = (payload: Buffer): number => {
  const programs = sectionOf(payload, PAT_TABLE);
  for (let at = 0; at + 4 <= programs.length; at += 4) {
    // Program 0 is the network's.
    if (programs.readUInt16BE(at) !== 0) return programs.readUInt16BE(at + 2) & 0x1fff;
  }
  throw new ContainerError('MPEG-TS without a program');
};

/** The streams of the program. @param payload of a packet in which the table begins */
export const tracksOf = (payload: Buffer): TsTrack[] => {
  const section = sectionOf(payload, PMT_TABLE);
  const tracks: TsTrack[] = [];
  for (let at = 4 + (section.readUInt16BE(2) & 0xfff); at + 5 <= section.length; ) {
    const type = section.readUInt8(at);
    tracks.push({
      pid: section.readUInt16BE(at + 1) & 0x1fff,
      kind: VIDEO_TYPES.has(type) ? 'video' : 'audio',
      codec: CODECS.get(type) ?? 'other',
    });
    at += 5 + (section.readUInt16BE(at + 3) & 0xfff);
  }
  return tracks;
};
