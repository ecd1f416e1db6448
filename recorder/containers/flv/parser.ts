import { ByteQueue } from '../byte-queue.ts';
import {
  ContainerError,
  type ContainerEvent,
  type ContainerParser,
  type HeadBuilder,
  requireFile,
} from '../container.ts';
import { type Amf0Value, decodeAmf0 } from './amf0.ts';
import { FlvHead } from './head.ts';
import { classifyTag, TAG_HEADER, TAG_PEEK, TAG_TRAILER, type TagContent } from './tags.ts';

/** Header (9 bytes) and the size of the tag before the first one, which is 0. */
const FILE_HEADER = 13;
const VIDEO_FLAG = 1;
/** Time between two frames that is told of as a jump. */
const LEAST_JUMP_MS = 1000;
const MAX_SEQUENCE_HEADER = 1024 * 1024;

interface Tag {
  readonly content: TagContent;
  readonly timestamp: number;
  /** With the size field after it. */
  readonly size: number;
}

/** FLV tags. A tag is handed out when all of it has arrived, so the media never end inside one. */
export class FlvParser implements ContainerParser {
  readonly #queue = new ByteQueue();
  #flags: number | undefined;
  #metadata: ReadonlyMap<string, Amf0Value> = new Map();
  readonly #sequenceHeaders = new Map<'video' | 'audio', Buffer>();
  #hasVideo = false;
  /** False until the first media tag. */
  #started = false;
  /** Of the last unit, and of the one that the current file began with. */
  #unitTimestamp = 0;
  #fileTimestamp = 0;
  /** Of the last frame. */
  #frameTimestamp: number | undefined;
  #file: FlvHead | undefined;
  #filePosition = 0;
  /** Media tags at the front of the queue that are not handed out yet, in bytes. */
  #run = 0;

  // Only whole tags are handed out.
  readonly isWhole = true;

  *push(chunk: Buffer): Generator<ContainerEvent> {
    this.#queue.append(chunk);
    if (this.#flags === undefined && !this.#readFileHeader()) return;
    let unitInChunk = false;
    for (let tag = this.#nextTag(); tag !== undefined; tag = this.#nextTag()) {
      const { content } = tag;
      if (!this.#started && content.type === 'script') {
        this.#readMetadata(tag.size);
        continue;
      }
      if (content.type === 'sequence-header') {
        const known = this.#sequenceHeaders.get(content.kind);
        const data = this.#data(tag.size);
        this.#sequenceHeaders.set(content.kind, data);
        if (!this.#started) {
          this.#queue.take(tag.size);
          continue;
        }
        if (known !== undefined && !known.equals(data)) yield { type: 'changed', what: content.kind };
      }
      if (!this.#started) yield { type: 'init', bytes: this.#newHead().initialHead() };
      if (content.type === 'frame') {
        const fromMs = this.#frameTimestamp ?? tag.timestamp;
        this.#frameTimestamp = tag.timestamp;
        // 32-bit difference, as below.
        const gapMs = (tag.timestamp - fromMs) | 0;
        if (gapMs > LEAST_JUMP_MS) {
          yield* this.#flush();
          yield { type: 'jumped', fromMs: fromMs >>> 0, toMs: (fromMs >>> 0) + gapMs };
        }
      }
      const key = this.#mayCut(content);
      // Without video every tag may begin a file; one a chunk is plenty.
      if (!this.#started || (key && (this.#hasVideo || !unitInChunk))) {
        yield* this.#flush();
        yield this.#unit(tag, key);
        unitInChunk = true;
      }
      this.#started = true;
      this.#add(tag);
    }
    yield* this.#flush();
  }

  startFile(): HeadBuilder {
    this.#file = this.#newHead();
    this.#filePosition = 0;
    this.#fileTimestamp = this.#unitTimestamp;
    return this.#file;
  }

  end(): number {
    const dropped = this.#queue.length;
    this.#queue.take(dropped);
    return dropped;
  }

  #newHead(): FlvHead {
    return new FlvHead({
      flags: this.#flags ?? 0,
      metadata: this.#metadata,
      sequenceHeaders: this.#sequenceHeaders,
    });
  }

  #readFileHeader(): boolean {
    if (this.#queue.length < FILE_HEADER) return false;
    const header = this.#queue.peek(0, FILE_HEADER);
    const expected = header.toString('latin1', 0, 3) === 'FLV' && header[3] === 1;
    if (!expected || header.readUInt32BE(5) !== 9) throw new ContainerError('no FLV header');
    this.#flags = header.readUInt8(4);
    this.#hasVideo = (this.#flags & VIDEO_FLAG) !== 0;
    this.#queue.take(FILE_HEADER);
    return true;
  }

  /** The tag after the run, once all of it has arrived. */
  #nextTag(): Tag | undefined {
    if (this.#queue.length < this.#run + TAG_HEADER) return undefined;
    const header = this.#queue.peek(this.#run, TAG_HEADER);
    const dataSize = header.readUIntBE(1, 3);
    if (header.readUIntBE(8, 3) !== 0) throw new ContainerError('FLV tag with a stream id');
    const size = TAG_HEADER + dataSize + TAG_TRAILER;
    if (this.#queue.length < this.#run + size) return undefined;
    const trailer = this.#queue.peek(this.#run + size - TAG_TRAILER, TAG_TRAILER).readUInt32BE();
    if (trailer !== TAG_HEADER + dataSize) throw new ContainerError('FLV tag whose sizes differ');
    const data = this.#queue.peek(this.#run + TAG_HEADER, Math.min(dataSize, TAG_PEEK));
    const content = classifyTag(header.readUInt8(0), data);
    if (content === undefined) throw new ContainerError(`FLV tag of type ${header[0]}`);
    // The upper eight bits stand after the lower 24.
    const timestamp = header.readUIntBE(4, 3) | (header.readUInt8(7) << 24);
    return { content, timestamp, size };
  }

  #mayCut(content: TagContent): boolean {
    if (content.type !== 'frame') return false;
    return content.kind === 'video' ? content.key : !this.#hasVideo;
  }

  #unit(tag: Tag, key: boolean): ContainerEvent {
    this.#unitTimestamp = tag.timestamp;
    const compositionMs = tag.content.type === 'frame' ? tag.content.compositionMs : 0;
    return { type: 'unit', key, timeMs: (tag.timestamp >>> 0) + compositionMs };
  }

  #add({ content, timestamp, size }: Tag): void {
    const file = requireFile(this.#file);
    // 32-bit difference, so that a timestamp that wraps around after 49 days does no harm.
    const timeMs = Math.max(0, (timestamp - this.#fileTimestamp) | 0);
    if (this.#fileTimestamp !== 0) this.#writeTimestamp(timeMs);
    if (content.type === 'frame') file.add(content, timeMs, this.#filePosition, size);
    this.#filePosition += size;
    this.#run += size;
  }

  #writeTimestamp(timeMs: number): void {
    const bytes = [timeMs >>> 16, timeMs >>> 8, timeMs, timeMs >>> 24];
    for (const [index, byte] of bytes.entries()) this.#queue.write(this.#run + 4 + index, byte & 0xff);
  }

  #readMetadata(size: number): void {
    const [name, value] = decodeAmf0(this.#data(size));
    this.#queue.take(size);
    if (name !== 'onMetaData' || typeof value !== 'object' || value === null || !('kind' in value)) return;
    this.#metadata = value.members;
  }

  /** A copy of the data of the tag after the run, which is to be kept. */
  #data(size: number): Buffer {
    if (size > MAX_SEQUENCE_HEADER)
      throw new ContainerError(`FLV sequence header or metadata of ${size} bytes`);
    return Buffer.from(this.#queue.peek(this.#run + TAG_HEADER, size - TAG_HEADER - TAG_TRAILER));
  }

  *#flush(): Generator<ContainerEvent> {
    const run = this.#run;
    this.#run = 0;
    for (const bytes of this.#queue.take(run)) yield { type: 'media', bytes };
  }
}
