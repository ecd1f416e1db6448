import { readFile } from 'node:fs/promises';
import { decodeAmf0 } from '../../recorder/containers/flv/amf0.ts';

export const AUDIO = 8;
export const VIDEO = 9;
export const SCRIPT = 18;

export interface FlvTag {
  readonly type: number;
  readonly timeMs: number;
  /** Of the tag's header in the file. */
  readonly offset: number;
  readonly data: Buffer;
}

const HEADER_BYTES = 13;

/** The tags of an FLV, in order. @throws when they do not fill the file exactly */
export const readFlv = async (path: string): Promise<FlvTag[]> => {
  const bytes = await readFile(path);
  const tags: FlvTag[] = [];
  let offset = HEADER_BYTES;
  while (offset < bytes.length) {
    const size = bytes.readUIntBE(offset + 1, 3);
    const timeMs = bytes.readUIntBE(offset + 4, 3) + bytes.readUInt8(offset + 7) * 2 ** 24;
    const data = bytes.subarray(offset + 11, offset + 11 + size);
    tags.push({ type: bytes.readUInt8(offset), timeMs, offset, data });
    if (bytes.readUInt32BE(offset + 11 + size) !== size + 11) throw new Error(`A tag at ${offset} is torn`);
    offset += size + 15;
  }
  return tags;
};

type Payload = Pick<FlvTag, 'type' | 'data'>;

export const isSequenceHeader = ({ type, data }: Payload): boolean =>
  (type === VIDEO || type === AUDIO) && data.length > 1 && data.readUInt8(1) === 0;

/** Marked as a key frame, as sequence headers and the end of a sequence are, too. */
const isMarkedKey = ({ type, data }: Payload): boolean => type === VIDEO && data.readUInt8(0) >> 4 === 1;

export const isKeyFrame = (tag: Payload): boolean => isMarkedKey(tag) && tag.data.readUInt8(1) === 1;

/** The members of the first tag's onMetaData. */
export const metadataOf = ([first]: readonly FlvTag[]): ReadonlyMap<string, unknown> => {
  if (first?.type !== SCRIPT) throw new Error('The file does not begin with a script tag');
  const [name, value] = decodeAmf0(first.data);
  if (name !== 'onMetaData' || typeof value !== 'object' || value === null || !('members' in value))
    throw new Error('The file does not begin with onMetaData');
  return value.members;
};
