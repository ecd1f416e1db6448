/** Header of a tag, and the size field that follows every tag. */
export const TAG_HEADER = 11;
export const TAG_TRAILER = 4;
/** How much of a tag's data tells what it is: flags, FourCC or packet type, composition time. */
export const TAG_PEEK = 8;

const AUDIO = 8;
const VIDEO = 9;
export const SCRIPT = 18;

const KEY_FRAME = 1;
const COMMAND_FRAME = 5;
const AVC = 7;
/** Not in the specification, but what many encoders use for HEVC in FLV. */
const HEVC = 12;
const AAC = 10;
const AUDIO_EX_HEADER = 9;
const VIDEO_EX_HEADER = 0x80;

/** What a tag is to a recording. */
export type TagContent =
  | { readonly type: 'script' }
  | { readonly type: 'sequence-header'; readonly kind: 'video' | 'audio' }
  | {
      readonly type: 'frame';
      readonly kind: 'video' | 'audio';
      readonly key: boolean;
      /** Presentation after the tag's timestamp, in ms. */
      readonly compositionMs: number;
    }
  /** End of sequence, commands and the like: belongs to the media, but no picture or sound. */
  | { readonly type: 'other' };

/** @param data the first TAG_PEEK bytes of the tag's data, or all of them. Undefined: no tag of FLV. */
export function classifyTag(tagType: number, data: Buffer): TagContent | undefined {
  if (tagType === SCRIPT) return { type: 'script' };
  if (tagType !== AUDIO && tagType !== VIDEO) return undefined;
  const flags = data[0];
  if (flags === undefined) return { type: 'other' };
  return tagType === VIDEO ? classifyVideo(flags, data) : classifyAudio(flags, data);
}

/** The tag type byte of a sequence header. */
export function tagTypeOf(kind: 'video' | 'audio'): number {
  return kind === 'video' ? VIDEO : AUDIO;
}

/** A tag at time 0, with the size field after it. */
export function writeTag(tagType: number, data: Buffer): Buffer {
  const tag = Buffer.alloc(TAG_HEADER + data.length + TAG_TRAILER);
  tag.writeUInt8(tagType);
  tag.writeUIntBE(data.length, 1, 3);
  data.copy(tag, TAG_HEADER);
  tag.writeUInt32BE(TAG_HEADER + data.length, TAG_HEADER + data.length);
  return tag;
}

function classifyVideo(flags: number, data: Buffer): TagContent {
  const frameType = (flags >> 4) & 7;
  const frame = (compositionMs: number): TagContent => {
    return { type: 'frame', kind: 'video', key: frameType === KEY_FRAME, compositionMs };
  };
  if (frameType === COMMAND_FRAME) return { type: 'other' };
  if (flags & VIDEO_EX_HEADER) {
    switch (flags & 0xf) {
      case 0:
      case 5:
        return { type: 'sequence-header', kind: 'video' };
      case 1:
        return frame(hasCompositionTime(data) ? compositionTime(data, 5) : 0);
      case 3:
        return frame(0);
      default:
        return { type: 'other' };
    }
  }
  const codec = flags & 0xf;
  if (codec !== AVC && codec !== HEVC) return frame(0);
  if (data[1] === 0) return { type: 'sequence-header', kind: 'video' };
  return data[1] === 1 ? frame(compositionTime(data, 2)) : { type: 'other' };
}

function classifyAudio(flags: number, data: Buffer): TagContent {
  const frame: TagContent = { type: 'frame', kind: 'audio', key: true, compositionMs: 0 };
  const format = flags >> 4;
  if (format === AUDIO_EX_HEADER) {
    const packetType = flags & 0xf;
    if (packetType === 0) return { type: 'sequence-header', kind: 'audio' };
    return packetType === 1 ? frame : { type: 'other' };
  }
  return format === AAC && data[1] === 0 ? { type: 'sequence-header', kind: 'audio' } : frame;
}

/** In the FourCC form only AVC and HEVC have a composition time. */
function hasCompositionTime(data: Buffer): boolean {
  return ['avc1', 'hvc1'].includes(data.toString('latin1', 1, 5));
}

function compositionTime(data: Buffer, position: number): number {
  return data.length < position + 3 ? 0 : data.readIntBE(position, 3);
}
