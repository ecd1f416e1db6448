import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import type { AudioEncoding, VideoEncoding } from '../../shared/schemas/transcode.ts';

/** What one ffmpeg reads. */
export interface CommandInput {
  readonly url: string;
  /** It is a list of files that follow one another. */
  readonly isList: boolean;
  /** Its sound is AAC with a header on each frame. */
  readonly adts: boolean;
  /** Where it may begin to read, and how much it is to take from there. */
  readonly seekSeconds?: number;
  readonly takeSeconds?: number;
}

const FRAGMENT_MICROSECONDS = 2_000_000;
const DEFAULT_CRF = 23;

const VIDEO_ENCODERS = {
  h264: ['libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'],
  hevc: ['libx265', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-tag:v', 'hvc1'],
  av1: ['libsvtav1', '-preset', '9', '-pix_fmt', 'yuv420p'],
} as const satisfies Record<VideoEncoding['codec'], readonly string[]>;
const AUDIO_ENCODERS = { aac: 'aac', opus: 'libopus' } as const satisfies Record<
  AudioEncoding['codec'],
  string
>;

const videoArgs = (video: VideoEncoding): string[] => {
  const { codec, bitrateKbps, crf = DEFAULT_CRF, height, framesPerSecond, gopSeconds } = video;
  const rate = bitrateKbps === undefined ? ['-crf', String(crf)] : ['-b:v', `${bitrateKbps}k`];
  return [
    ...['-map', '0:v:0?', '-c:v', ...VIDEO_ENCODERS[codec], ...rate],
    // Never larger than the source, and even.
    ...(height === undefined ? [] : ['-vf', `scale=-2:'min(${height},trunc(ih/2)*2)'`]),
    // Without a limit every frame stays, when it was.
    ...(framesPerSecond === undefined ? ['-fps_mode', 'vfr'] : ['-fpsmax', String(framesPerSecond)]),
    ...['-force_key_frames', `expr:gte(t,n_forced*${gopSeconds})`],
  ];
};

const codecArgs = (step: WorkerStep, adts: boolean): string[] => {
  switch (step.kind) {
    case 'thumbnails':
      return [];
    case 'transcode': {
      const { codec, bitrateKbps } = step.audio;
      const audio = ['-map', '0:a:0?', '-c:a', AUDIO_ENCODERS[codec], '-b:a', `${bitrateKbps}k`];
      return [...(step.video === undefined ? [] : videoArgs(step.video)), ...audio];
    }
    default:
      return [
        ...(step.format === 'aac' ? [] : ['-map', '0:v:0?']),
        ...['-map', '0:a:0?', '-c', 'copy'],
        // From MPEG-TS, AAC comes with a header on each frame, which MP4 must not have.
        ...(adts && step.format === 'mp4' ? ['-bsf:a', 'aac_adtstoasc'] : []),
      ];
  }
};

const muxerArgs = (step: WorkerStep): string[] => {
  switch (step.kind === 'thumbnails' ? 'images' : step.format) {
    case 'images': {
      const { everySeconds, width } = step as Extract<WorkerStep, { kind: 'thumbnails' }>;
      const chosen = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${everySeconds})'`;
      const filters = `${chosen},scale=${width}:-2,showinfo`;
      return ['-map', '0:v:0', '-vf', filters, '-fps_mode', 'passthrough', '-q:v', '4', '-f', 'image2pipe'];
    }
    case 'hls':
      return ['-f', 'mpegts'];
    case 'aac':
      return ['-f', 'adts'];
    default:
      return [
        ...['-f', 'mp4', '-movflags', '+frag_keyframe+delay_moov+default_base_moof+skip_trailer'],
        ...['-movie_timescale', '90000', '-frag_duration', String(FRAGMENT_MICROSECONDS)],
      ];
  }
};

/** The command line of one step: reads from the feed, and writes to its standard output. Pure. */
export const commandOf = (
  step: WorkerStep,
  { url, isList, adts, seekSeconds, takeSeconds }: CommandInput,
): string[] => [
  ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info'],
  ...['-protocol_whitelist', 'http,tcp', '-multiple_requests', '0'],
  ...(isList ? ['-safe', '0', '-f', 'concat'] : []),
  ...(step.kind === 'thumbnails' ? ['-skip_frame', 'nokey'] : []),
  // Of a copy the key frame before it is the first one; a cut inside a group could not be decoded.
  ...(seekSeconds === undefined || seekSeconds === 0 ? [] : ['-ss', String(seekSeconds)]),
  ...['-i', url],
  ...codecArgs(step, adts),
  ...(takeSeconds === undefined ? [] : ['-t', String(takeSeconds)]),
  ...['-avoid_negative_ts', 'make_zero', '-max_muxing_queue_size', '4096'],
  ...muxerArgs(step),
  'pipe:1',
];
