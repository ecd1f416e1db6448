import { ContainerError } from '../container.ts';
import { asNumber, beginsAt, isRandomAccessAt, PACKET_BYTES, payloadAt, pidAt } from './packet.ts';
import { readPesHeader, unfolded } from './pes.ts';
import { CodecSettings } from './settings.ts';
import { PAT_PID, pmtPidOf, type TsTrack, tracksOf } from './tables.ts';

/** An access unit of a capture's MPEG-TS. Times are in ticks and go on when 33-bit time stamps begin again. */
export interface TsUnit {
  readonly type: 'unit';
  readonly track: TsTrack;
  /** A segment may begin with it: a key frame, or any access unit of a stream without video. */
  readonly key: boolean;
  /** Of the stream whose times count: the video, where there is one. */
  readonly leads: boolean;
  readonly pts: number;
  readonly dts: number;
}

export type TsEvent =
  /** The next media bytes begin here. */
  | TsUnit
  /** Whole packets of the access unit; a view of the chunk that was pushed, but for packets that lay in two chunks. */
  | { readonly type: 'media'; readonly bytes: Buffer }
  /** The access unit that has begun last is the first one with other codec settings. */
  | { readonly type: 'changed' };

interface Track extends TsTrack {
  readonly leads: boolean;
  readonly settings: CodecSettings;
}

/**
 * MPEG-TS as ffmpeg's muxer writes it: all packets of an access unit in a row. Tables are taken out; whoever begins a
 * segment asks for new ones.
 */
export class TsReader {
  #rest: Buffer = Buffer.alloc(0);
  #pat: Buffer | undefined;
  #pmt: Buffer | undefined;
  #pmtPid: number | undefined;
  #tracks = new Map<number, Track>();
  #current: Track | undefined;
  #lastDts: number | undefined;
  #programChanged = false;
  #tablesWritten = 0;

  /**
   * Takes the next bytes. Events come lazily, in the order of the bytes, and must be consumed to the end before the
   * next push. Throws ContainerError when the bytes are not what they should be.
   */
  *push(chunk: Buffer): Generator<TsEvent> {
    let whole = chunk;
    if (this.#rest.length > 0) {
      const missing = PACKET_BYTES - this.#rest.length;
      const packet = Buffer.concat([this.#rest, chunk.subarray(0, missing)]);
      this.#rest = packet;
      if (packet.length < PACKET_BYTES) return;
      yield* this.#read(packet);
      whole = chunk.subarray(missing);
    }
    const end = whole.length - (whole.length % PACKET_BYTES);
    // A copy: a view of a few bytes would keep the whole chunk.
    this.#rest = Buffer.from(whole.subarray(end));
    yield* this.#read(whole.subarray(0, end));
  }

  /** PAT and PMT to begin a segment with, numbered on from those before. */
  tables(): Buffer {
    if (this.#pat === undefined || this.#pmt === undefined) throw new Error('There are no tables yet');
    const count = this.#tablesWritten;
    this.#tablesWritten += 1;
    return Buffer.concat([asNumber(this.#pat, count), asNumber(this.#pmt, count)]);
  }

  *#read(packets: Buffer): Generator<TsEvent> {
    let begin = 0;
    for (let at = 0; at < packets.length; at += PACKET_BYTES) {
      const pid = pidAt(packets, at);
      const track = this.#tracks.get(pid);
      const begins = beginsAt(packets, at);
      if (track !== undefined && !begins) {
        if (track.settings.isReading && track.settings.add(payloadAt(packets, at))) yield { type: 'changed' };
        continue;
      }
      if (at > begin) yield { type: 'media', bytes: packets.subarray(begin, at) };
      begin = at;
      if (track === undefined) {
        begin += PACKET_BYTES;
        if (begins) this.#readTable(pid, packets.subarray(at, begin));
      } else yield* this.#begin(track, packets, at);
    }
    if (packets.length > begin) yield { type: 'media', bytes: packets.subarray(begin) };
  }

  *#begin(track: Track, packets: Buffer, at: number): Generator<TsEvent> {
    if (this.#current?.settings.end()) yield { type: 'changed' };
    this.#current = track;
    const payload = payloadAt(packets, at);
    const header = readPesHeader(payload);
    const dts = unfolded(header.dts, this.#lastDts ?? header.dts);
    this.#lastDts = dts;
    const key = track.leads && (track.kind === 'audio' || isRandomAccessAt(packets, at));
    yield { type: 'unit', track, key, leads: track.leads, pts: unfolded(header.pts, dts), dts };
    if (this.#programChanged) yield { type: 'changed' };
    this.#programChanged = false;
    track.settings.begin(key);
    if (track.settings.add(payload.subarray(header.bytes))) yield { type: 'changed' };
  }

  #readTable(pid: number, packet: Buffer): void {
    if (pid === PAT_PID) {
      this.#pat = Buffer.from(packet);
      this.#pmtPid = pmtPidOf(payloadAt(packet, 0));
    }
    if (pid !== this.#pmtPid) return;
    const known = this.#pmt;
    if (known !== undefined && payloadAt(known, 0).equals(payloadAt(packet, 0))) return;
    const tracks = tracksOf(payloadAt(packet, 0));
    const leader = tracks.find(({ kind }) => kind === 'video') ?? tracks[0];
    if (leader === undefined) throw new ContainerError('MPEG-TS program without a stream');
    this.#pmt = Buffer.from(packet);
    this.#tracks = new Map(
      tracks.map((track) => [
        track.pid,
        { ...track, leads: track === leader, settings: new CodecSettings(track.codec) },
      ]),
    );
    this.#programChanged = known !== undefined;
  }
}
