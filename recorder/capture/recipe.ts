import type { Format } from '../../shared/schemas/names.ts';
import type { Media, Plan } from '../../shared/schemas/recording.ts';
import type { AudioEncoding, Encoding, Overlay, VideoEncoding } from '../../shared/schemas/transcode.ts';
import { type Effort, spare } from './effort.ts';
import { teeFormats } from './ffmpeg-args.ts';
import { FALLBACK_FRAME_RATE } from './frame-rate.ts';
import { holdsAudio, holdsEncoded, holdsVideo } from './holds.ts';
import type { Look } from './look.ts';

/** A picture that is encoded here: of this size, which is even, and with these images on it. */
export interface EncodedVideo extends VideoEncoding {
  readonly width: number;
  readonly height: number;
  /** Of the source, as far as it says so. */
  readonly sourceFramesPerSecond: number | undefined;
  readonly overlays: readonly Overlay[];
  /** Of every picture; absent: as it comes. Then the settings of the codec depend on nothing but this. */
  readonly look?: Look;
}

/** A sound: as it comes, or encoded here. */
export type Sound =
  | 'copy'
  | (AudioEncoding & {
      readonly channels: number | undefined;
      /** In Hz; absent: as it comes. */
      readonly sampleRate?: number;
    });

/** What the second ffmpeg of a capture makes of what the first one has read. */
export interface Recipe {
  /** Absent: there is no picture. */
  readonly video?: 'copy' | EncodedVideo;
  readonly sounds: readonly Sound[];
  /** In the order of `tee`'s slaves; each with the number of its sound, if it has any. */
  readonly outputs: readonly { readonly format: Format; readonly sound: number | undefined }[];
}

/** What is recorded of a stream, and by whom. */
export interface Portions {
  /** What the recorded files hold, in so far as it differs from the source in kind. */
  readonly recorded: Media;
  /** What the first ffmpeg copies. */
  readonly copied: readonly Format[];
  /** Absent: nothing needs another one. */
  readonly recipe?: Recipe;
  /** Formats that cannot hold the stream, and why. */
  readonly leftOut: readonly { readonly format: Format; readonly why: string }[];
}

const KBPS_PER_CHANNEL = 64;

const even = (size: number): number => Math.max(2, Math.floor(size / 2) * 2);

/** The size that a picture gets: never a greater one than it has. Pure. */
export const pictureSize = (
  { width, height }: { width: number; height: number },
  mostHeight: number | undefined,
): { width: number; height: number } => {
  const scale = Math.min(1, (mostHeight ?? height) / height);
  return scale === 1
    ? { width: even(width), height: even(height) }
    : { width: even(Math.round(width * scale)), height: even(height * scale) };
};

/** The picture that is encoded, no greater than it comes; undefined when it is copied, or there is none. Pure. */
export const encodedVideo = (
  encoding: Encoding | undefined,
  media: Media,
  effort: Effort,
): EncodedVideo | undefined => {
  const isCopied = encoding?.overlays.length === 0 && encoding.video === undefined;
  const { width, height, videoCodec } = media;
  if (encoding === undefined || isCopied || width === undefined || height === undefined) return undefined;
  const video: VideoEncoding = encoding.video ?? {
    codec: videoCodec === 'hevc' ? 'hevc' : 'h264',
    gopSeconds: 2,
  };
  const spared = spare({ ...video, height: Math.min(video.height ?? height, height) }, media, effort);
  return {
    ...spared,
    ...pictureSize({ width, height }, spared.height),
    sourceFramesPerSecond: media.framesPerSecond,
    overlays: encoding.overlays,
  };
};

const plainAac = ({ audioChannels: channels }: Media): Sound => ({
  codec: 'aac',
  bitrateKbps: (channels === 1 ? 1 : 2) * KBPS_PER_CHANNEL,
  channels,
});

/**
 * Only what has to be made again is, and each thing once for all formats that want it. Pure.
 * @param media of the source
 * @param adts whether the first ffmpeg takes all sound for AAC that may come with ADTS headers
 */
export const portionsOf = (
  plan: Plan,
  media: Media,
  { adts = false, effort = 'usual' }: { adts?: boolean; effort?: Effort } = {},
): Portions => {
  const { formats } = plan;
  // With no effort left the stream is recorded as it comes.
  const encoding = effort === 'none' ? undefined : plan.encoding;
  const hasVideo = media.videoCodec !== undefined && encoding?.audioOnly !== true;
  const hasAudio = media.audioCodec !== undefined;
  const video = hasVideo ? (encodedVideo(encoding, media, effort) ?? 'copy') : undefined;
  const sound: Sound =
    encoding?.audio === undefined ? 'copy' : { ...encoding.audio, channels: media.audioChannels };
  const codec = video === undefined || video === 'copy' ? media.videoCodec : video.codec;
  const heard: Media = sound === 'copy' ? media : { audioCodec: sound.codec };

  const isHeld = (format: Format): boolean => {
    if (!hasVideo || codec === undefined || format === 'aac') return true;
    return video === 'copy' ? holdsVideo(format, codec) : holdsEncoded(format, codec);
  };
  const wanted = teeFormats(plan).filter(
    (format) => format !== 'aac' || (hasAudio && (formats.aac?.when === 'always' || !hasVideo)),
  );
  const held = wanted.filter(isHeld);
  const needsAac = (format: Format): boolean => hasAudio && !holdsAudio(format, heard);
  // Taking headers off another codec's sound, it fails.
  const isStripped = (format: Format): boolean =>
    adts && hasAudio && media.audioCodec !== 'aac' && (format === 'mp4' || format === 'flv');
  const uncopied =
    plan.encoding === undefined ? held.filter((format) => needsAac(format) || isStripped(format)) : held;
  // Where copies are asked for, sound that nobody can encode must not end them again and again.
  const isGivenUp = plan.encoding === undefined && effort === 'none';
  const made = isGivenUp ? [] : uncopied;
  const sounds = hasAudio ? [sound, ...(held.some(needsAac) ? [plainAac(media)] : [])] : [];
  const recorded = { ...media, ...(codec === undefined ? {} : { videoCodec: codec }) };
  if (!hasVideo) delete recorded.videoCodec;
  return {
    recorded,
    copied: held.filter((format) => !uncopied.includes(format)),
    ...(made.length === 0 || (video === undefined && sounds.length === 0)
      ? {}
      : {
          recipe: {
            ...(video === undefined ? {} : { video }),
            sounds,
            outputs: made.map((format) => ({
              format,
              sound: hasAudio ? (needsAac(format) ? sounds.length - 1 : 0) : undefined,
            })),
          },
        }),
    leftOut: [
      ...wanted
        .filter((format) => !isHeld(format))
        .map((format) => ({ format, why: `it cannot hold ${codec}` })),
      ...(isGivenUp ? uncopied : []).map((format) => ({
        format,
        why: `its sound, ${media.audioCodec}, cannot be encoded`,
      })),
    ],
  };
};

/** What AAC can have, in Hz. */
const AAC_RATES = [
  ...[96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350],
];
const USUAL_RATE = 48_000;
const MOST_CHANNELS = 2;

/**
 * The recipe with nothing left in it that the encoders would take from their input, so that whatever is encoded by it has the
 * same settings. Pure.
 * @param media of the stream that it is for
 */
export const steadied = (recipe: Recipe, look: Look, media: Media): Recipe => {
  const { audioSampleRate: rate = USUAL_RATE, audioChannels = MOST_CHANNELS } = media;
  const steadySound = (sound: Sound): Sound => {
    if (sound === 'copy') return sound;
    const sampleRate = sound.codec === 'aac' && AAC_RATES.includes(rate) ? rate : USUAL_RATE;
    return { ...sound, sampleRate, channels: Math.min(audioChannels, MOST_CHANNELS) };
  };
  const { video } = recipe;
  return {
    ...recipe,
    ...(video === undefined || video === 'copy' ? {} : { video: { ...video, look } }),
    sounds: recipe.sounds.map(steadySound),
  };
};

/** How many pictures a second are made, at most. Pure. */
export const frameRateOf = ({ video }: Pick<Recipe, 'video'>): number => {
  if (video === undefined || video === 'copy') return FALLBACK_FRAME_RATE;
  const source = video.sourceFramesPerSecond ?? FALLBACK_FRAME_RATE;
  return Math.min(source, video.framesPerSecond ?? source);
};
