import { ContainerError } from '../container.ts';
import { checksumOf, unsigned } from './numbers.ts';
import { FLAGS, type NutFrame, type NutHead, SYNCPOINT } from './reader.ts';

/** ffmpeg takes what is further behind a syncpoint for damaged; not more of them than that needs, for it remembers each. */
const SYNCPOINT_BYTES = 24_000;

const CODED = FLAGS.codedPts | FLAGS.streamId | FLAGS.sizeFactor | FLAGS.checksum | FLAGS.elided;

const withChecksum = (bytes: Buffer): Buffer => Buffer.concat([bytes, checksumOf(bytes)]);

/** Writes NUT under the head of another one. */
export class NutWriter {
  readonly #head: NutHead;
  readonly #code: number;
  #sinceSyncpoint = Number.POSITIVE_INFINITY;

  /** @throws ContainerError when its head allows no frames with everything written out */
  constructor(head: NutHead) {
    this.#head = head;
    this.#code = head.main.codes.findIndex(
      (code) => code?.flags === FLAGS.coded && code.sizeFactor === 1 && code.sizeRest === 0,
    );
    if (this.#code < 0) throw new ContainerError('a NUT without plain frames');
  }

  /** What comes first. */
  begin(): Buffer {
    return this.#head.bytes;
  }

  /** `data` excepted, which comes behind. */
  lead({ stream: id, pts, key, data }: NutFrame): Buffer {
    const stream = this.#head.streams[id];
    if (stream === undefined) throw new ContainerError('a frame of no stream');
    const lead = withChecksum(
      Buffer.from([
        this.#code,
        ...unsigned(CODED | (key ? FLAGS.key : 0)),
        ...unsigned(id),
        ...unsigned(pts + 2 ** stream.shortPtsBits),
        ...unsigned(data.length),
        ...unsigned(0),
      ]),
    );
    const isDue = this.#sinceSyncpoint >= SYNCPOINT_BYTES;
    this.#sinceSyncpoint = (isDue ? 0 : this.#sinceSyncpoint) + lead.length + data.length;
    return isDue ? Buffer.concat([this.#syncpoint(pts, stream.base), lead]) : lead;
  }

  #syncpoint(pts: number, base: number): Buffer {
    const coded = pts * this.#head.main.timeBases.length + base;
    const body = withChecksum(Buffer.from([...unsigned(coded), ...unsigned(0)]));
    return Buffer.concat([SYNCPOINT, Buffer.from(unsigned(body.length)), body]);
  }
}
