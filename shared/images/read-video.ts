import { MOST_VIDEO_BYTES, MOST_VIDEO_SECONDS } from '../schemas/standby.ts';
import { MOST_IMAGE_PIXELS } from '../schemas/watermark.ts';
import { ImageError } from './picture.ts';

/** A short video that may be shown to a decoder. */
export interface Video {
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  readonly hasSound: boolean;
}

interface Box {
  readonly type: string;
  readonly body: Buffer;
}

const HEADER = 8;
const LARGE_HEADER = 16;
/** Of a sample description: what comes before its first entry, and before the fields of a picture's. */
const BEFORE_ENTRIES = 8;
const WIDTH_AT = 24;
const HEIGHT_AT = 26;

export const isMp4 = (bytes: Buffer): boolean => bytes.toString('latin1', 4, 8) === 'ftyp';

const damaged = (): ImageError => new ImageError('is an MP4 that is damaged');

const boxesIn = (bytes: Buffer): Box[] => {
  const boxes: Box[] = [];
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    if (short === 1 && at + LARGE_HEADER > bytes.length) throw damaged();
    const header = short === 1 ? LARGE_HEADER : HEADER;
    // 0: up to the end.
    const size =
      short === 0 ? bytes.length - at : short === 1 ? Number(bytes.readBigUInt64BE(at + HEADER)) : short;
    if (size < header || at + size > bytes.length) throw damaged();
    const type = bytes.toString('latin1', at + 4, at + HEADER);
    boxes.push({ type, body: bytes.subarray(at + header, at + size) });
    at += size;
  }
  return boxes;
};

const within = (boxes: readonly Box[], type: string): Buffer | undefined =>
  boxes.find((box) => box.type === type)?.body;

const at = (bytes: Buffer, ...path: readonly string[]): Buffer => {
  const found = path.reduce<Buffer | undefined>(
    (inside, type) => (inside === undefined ? undefined : within(boxesIn(inside), type)),
    bytes,
  );
  if (found === undefined) throw damaged();
  return found;
};

/** Of a media header, in seconds. */
const durationOf = (header: Buffer): number => {
  const isLong = header[0] === 1;
  if (header.length < (isLong ? 32 : 20)) throw damaged();
  const scale = header.readUInt32BE(isLong ? 20 : 12);
  const duration = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  if (scale === 0) throw damaged();
  return duration / scale;
};

const trackOf = (track: Buffer) => {
  const media = at(track, 'mdia');
  const description = at(media, 'minf', 'stbl', 'stsd').subarray(BEFORE_ENTRIES);
  const [entry] = boxesIn(description);
  if (entry === undefined) throw damaged();
  return {
    kind: at(media, 'hdlr').toString('latin1', 8, 12),
    seconds: durationOf(at(media, 'mdhd')),
    codec: entry.type,
    body: entry.body,
  };
};

/**
 * What a video is, by its own header: nothing is decoded here.
 * @throws ImageError saying what is wrong with it
 */
export const readVideo = (bytes: Buffer): Video => {
  if (bytes.length > MOST_VIDEO_BYTES)
    throw new ImageError(`is ${bytes.length} bytes large; at most ${MOST_VIDEO_BYTES} are allowed`);
  const top = boxesIn(bytes);
  const head = within(top, 'moov');
  if (head === undefined || within(top, 'mdat') === undefined) throw damaged();
  const parts = boxesIn(head);
  if (within(parts, 'mvex') !== undefined) throw new ImageError('is a fragmented MP4; send an ordinary one');
  const tracks = parts.filter(({ type }) => type === 'trak').map(({ body }) => trackOf(body));
  const pictures = tracks.filter(({ kind }) => kind === 'vide');
  const sounds = tracks.filter(({ kind }) => kind === 'soun');
  const [picture] = pictures;
  if (picture === undefined || pictures.length > 1 || sounds.length > 1)
    throw new ImageError('must hold one picture, and at most one sound');
  if (!['avc1', 'avc3'].includes(picture.codec) || sounds.some(({ codec }) => codec !== 'mp4a'))
    throw new ImageError('must be H.264, with AAC if there is sound');
  if (picture.body.length < HEIGHT_AT + 2) throw damaged();
  const [width, height] = [picture.body.readUInt16BE(WIDTH_AT), picture.body.readUInt16BE(HEIGHT_AT)];
  if (width < 1 || height < 1 || width > MOST_IMAGE_PIXELS || height > MOST_IMAGE_PIXELS)
    throw new ImageError(
      `is ${width}×${height} pixels large; 1×1 to ${MOST_IMAGE_PIXELS}×${MOST_IMAGE_PIXELS} are allowed`,
    );
  const durationSeconds = Math.round(picture.seconds * 1000) / 1000;
  if (durationSeconds <= 0 || durationSeconds > MOST_VIDEO_SECONDS)
    throw new ImageError(`lasts ${durationSeconds} s; up to ${MOST_VIDEO_SECONDS} s are allowed`);
  return { width, height, durationSeconds, hasSound: sounds.length > 0 };
};
