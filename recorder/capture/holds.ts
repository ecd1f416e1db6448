import type { Format } from '../../shared/schemas/names.ts';
import type { Media } from '../../shared/schemas/recording.ts';

/** FLV has no other rates for MP3. */
const FLV_MP3_RATES = [11_025, 22_050, 44_100];
const TELEPHONE_RATE = 8000;

/**
 * What ffmpeg would write into MPEG-TS beyond this, it would as private data that nobody can play. MP4 refuses by itself what
 * it cannot hold.
 */
const TS_VIDEO = ['h264', 'hevc', 'mpeg1video', 'mpeg2video', 'mpeg4', 'vc1', 'dirac'];
const FLV_VIDEO = ['h264', 'flv1', 'vp6', 'vp6f', 'vp6a', 'flashsv', 'flashsv2'];
const VIDEO: Readonly<Partial<Record<Format, readonly string[]>>> = { hls: TS_VIDEO, flv: FLV_VIDEO };
/** Of what is encoded here: H.264 goes everywhere. */
const ENCODED_VIDEO: Readonly<Record<Format, readonly string[]>> = {
  hls: TS_VIDEO,
  mp4: ['h264', 'hevc', 'av1'],
  flv: ['h264'],
  aac: [],
};

const AUDIO: Readonly<Record<Exclude<Format, 'flv'>, readonly string[]>> = {
  hls: ['aac', 'aac_latm', 'mp3', 'mp2', 'ac3', 'eac3', 'opus', 'dts'],
  mp4: ['aac', 'mp3', 'ac3', 'eac3', 'opus', 'alac', 'flac'],
  aac: ['aac'],
};
const FLV_AUDIO = ['aac', 'speex', 'nellymoser', 'adpcm_swf'];

type Sound = Pick<Media, 'audioCodec' | 'audioSampleRate' | 'audioChannels'>;

/** Whether a format can hold this sound as it is. Pure. */
export const holdsAudio = (
  format: Format,
  { audioCodec = '', audioSampleRate, audioChannels }: Sound,
): boolean => {
  if (format !== 'flv') return AUDIO[format].includes(audioCodec);
  if (audioCodec === 'mp3') return FLV_MP3_RATES.includes(audioSampleRate ?? 0);
  if (audioCodec === 'pcm_alaw' || audioCodec === 'pcm_mulaw')
    return audioSampleRate === TELEPHONE_RATE && audioChannels === 1;
  return FLV_AUDIO.includes(audioCodec);
};

/** Whether a format can hold this video, as it comes. Pure. */
export const holdsVideo = (format: Format, videoCodec: string): boolean =>
  VIDEO[format]?.includes(videoCodec) ?? true;

/** Whether a format can hold what is encoded as this. Pure. */
export const holdsEncoded = (format: Format, videoCodec: string): boolean =>
  format === 'aac' || ENCODED_VIDEO[format].includes(videoCodec);
