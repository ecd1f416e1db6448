import { createHash } from 'node:crypto';
import { isPicture, nalUnits } from './nal.ts';
import { PACKET_BYTES, payloadAt, pidAt } from './packet.ts';
import { readPesHeader } from './pes.ts';
import type { TsTrack } from './tables.ts';

/** Bytes of an ADTS header: the first and the last may carry a checksum or not. */
const adtsHeaderBytes = (frame: Buffer): number => ((frame.readUInt8(1) & 1) === 0 ? 9 : 7);

const firstAacFrame = (unit: Buffer): Buffer => {
  if (unit.length < 7) return unit;
  const size = (unit.readUInt32BE(3) >>> 13) & 0x1fff;
  return unit.subarray(adtsHeaderBytes(unit), size);
};

const essence = (unit: Buffer, codec: TsTrack['codec']): Buffer[] => {
  if (codec === 'aac') return [firstAacFrame(unit)];
  if (codec === 'other') return [unit];
  return [...nalUnits(unit)].filter((nal) => isPicture(nal, codec));
};

/**
 * Tells one access unit from the others of its stream: a digest over the picture (H.264, HEVC) or the first frame (AAC)
 * alone. So whoever reads the same stream gets the same one, whatever the muxer puts around the picture.
 */
export class Fingerprint {
  readonly #track: TsTrack;
  readonly #payloads: Buffer[] = [];

  constructor(track: TsTrack) {
    this.#track = track;
  }

  /** The next whole packets, the first of them that in which the access unit begins. */
  add(packets: Buffer): void {
    for (let at = 0; at < packets.length; at += PACKET_BYTES)
      if (pidAt(packets, at) === this.#track.pid) this.#payloads.push(payloadAt(packets, at));
  }

  /** To be asked when the access unit is whole. */
  digest(): string {
    const pes = Buffer.concat(this.#payloads);
    const unit = pes.subarray(readPesHeader(pes).bytes);
    const hash = createHash('sha256');
    for (const bytes of essence(unit, this.#track.codec)) hash.update(bytes);
    return hash.digest('base64url');
  }
}
