import { type Effort, presetOf } from './effort.ts';
import { type EncodedVideo, frameRateOf, type Sound } from './recipe.ts';

const ENCODERS = { h264: 'libx264', hevc: 'libx265', av1: 'libsvtav1' } as const;

/** Constant quality at which nobody sees a difference to the source at once. */
const USUAL_CRF = { h264: 20, hevc: 22, av1: 30 } as const;

/** Peaks above the average bitrate, and for how many seconds of it they may last. */
const PEAK = 1.5;
const BUFFER_SECONDS = 2;

// Key frames are forced by the clock; the encoder must not count frames for more of them.
const NEVER_BY_ITSELF = 100_000;

const quality = ({ codec, bitrateKbps, crf }: EncodedVideo): string[] => {
  if (bitrateKbps === undefined) return ['-crf:v', String(crf ?? USUAL_CRF[codec])];
  const peak = Math.round(bitrateKbps * PEAK);
  const rate = ['-b:v', `${bitrateKbps}k`];
  // SVT-AV1 knows a peak only for constant quality.
  if (codec === 'av1') return rate;
  return [...rate, '-maxrate:v', `${peak}k`, '-bufsize:v', `${bitrateKbps * BUFFER_SECONDS}k`];
};

const fraction = (rate: number): string => `${Math.round(rate * 1000)}/1000`;

const ownOptions = (video: EncodedVideo): string[] => {
  const { codec, gopSeconds, look } = video;
  const rate = frameRateOf({ video });
  switch (codec) {
    case 'h264':
      return [
        ...['-g', String(NEVER_BY_ITSELF), '-sc_threshold', '0', '-forced-idr', '1'],
        // The level follows from it, which every other encoding must have too.
        ...(look === undefined ? [] : ['-x264-params', `fps=${fraction(rate)}`]),
      ];
    case 'hevc':
      return [
        ...['-forced-idr', '1', '-x265-params'],
        // It takes the time base for the frame rate, and would give each frame next to no bits.
        `log-level=warning:open-gop=0:scenecut=0:keyint=-1:fps=${fraction(rate)}`,
      ];
    case 'av1':
      return [
        ...['-g', String(Math.max(1, Math.round(gopSeconds * rate)))],
        ...(look === undefined
          ? []
          : ['-svtav1-params', `fps-num=${Math.round(rate * 1000)}:fps-denom=1000`]),
      ];
  }
};

/** How ffmpeg encodes a picture. Pure. */
export const videoArgs = (video: EncodedVideo, effort: Effort): string[] => [
  ...['-c:v', ENCODERS[video.codec], '-preset:v', presetOf(video.codec, effort)],
  ...quality(video),
  ...ownOptions(video),
  ...['-force_key_frames:v', `expr:gte(t,n_forced*${video.gopSeconds})`],
  // Time stamps as they come, to the tick: neither a frame twice nor one moved to a grid.
  ...['-fps_mode:v', 'vfr', '-enc_time_base:v', '1/90000'],
  // No filter says where the chroma lies; where the picture does not either, this does.
  ...(video.look === undefined ? [] : ['-chroma_sample_location:v', 'left']),
];

const AUDIO_ENCODERS = { aac: 'aac', opus: 'libopus' } as const;

/** How ffmpeg encodes, or copies, the sound of this number. Pure. */
export const soundArgs = (sound: Sound, index: number): string[] =>
  sound === 'copy'
    ? [`-c:a:${index}`, 'copy']
    : [
        ...[`-c:a:${index}`, AUDIO_ENCODERS[sound.codec], `-b:a:${index}`, `${sound.bitrateKbps}k`],
        // Layouts of more channels than are usual are not known to every encoder.
        ...(sound.channels === undefined || sound.channels > 2 ? [`-ac:a:${index}`, '2'] : []),
        ...(sound.sampleRate === undefined
          ? []
          : [`-ar:a:${index}`, String(sound.sampleRate), `-ac:a:${index}`, String(sound.channels)]),
      ];
