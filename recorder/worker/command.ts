import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import type { Media } from '../../shared/schemas/recording.ts';
import { withQuality } from '../../shared/schemas/transcode.ts';
import { soundArgs, videoArgs } from '../capture/encoder-args.ts';
import { PICTURE, pictureFilter } from '../capture/picture-filter.ts';
import { encodedVideo } from '../capture/recipe.ts';

/** What one ffmpeg reads. */
export interface CommandInput {
  readonly url: string;
  /** `concat`: a list of files that follow one another. */
  readonly demuxer: (typeof DEMUXERS)[keyof typeof DEMUXERS] | 'concat';
}

/** What is known of it. */
export interface ProbedInput extends CommandInput {
  readonly media: Media;
  /** Its sound is AAC with a header on each frame. */
  readonly adts: boolean;
  /** Where it may begin to read, and how much it is to take from there. */
  readonly seekSeconds?: number;
  readonly takeSeconds?: number;
}

const FRAGMENT_MICROSECONDS = 2_000_000;
/** By the extension under which it is offered. ffmpeg is to find out nothing by itself: a text in a bucket may name URLs. */
export const DEMUXERS = { ts: 'mpegts', mp4: 'mov', flv: 'flv', aac: 'aac' } as const;

const transcodeArgs = (step: Extract<WorkerStep, { kind: 'transcode' }>, media: Media): string[] => {
  const video =
    step.video &&
    encodedVideo({ overlays: [], video: withQuality(step.video), audioOnly: false }, media, 'usual');
  const sound = { ...step.audio, channels: media.audioChannels };
  return [
    ...(video === undefined
      ? []
      : // Always scaled: the picture may change its size on its way.
        ['-filter_complex', pictureFilter(video, {}), '-map', `[${PICTURE}]`, ...videoArgs(video, 'usual')]),
    // What players of Apple's want it to be called.
    ...(video?.codec === 'hevc' && step.format === 'mp4' ? ['-tag:v', 'hvc1'] : []),
    ...(media.audioCodec === undefined ? [] : ['-map', '0:a:0', ...soundArgs(sound, 0)]),
  ];
};

const codecArgs = (step: WorkerStep, { adts, media }: ProbedInput): string[] => {
  switch (step.kind) {
    case 'thumbnails':
      return [];
    case 'transcode':
      return transcodeArgs(step, media);
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

/** How ffmpeg reads it. Pure. */
export const inputArgs = ({ url, demuxer }: CommandInput): string[] => [
  ...['-protocol_whitelist', 'http,tcp', '-multiple_requests', '0'],
  ...(demuxer === 'concat' ? ['-safe', '0'] : []),
  ...['-format_whitelist', demuxer, '-f', demuxer, '-i', url],
];

/** The command line of one step: reads from the feed, and writes to its standard output. Pure. */
export const commandOf = (step: WorkerStep, input: ProbedInput): string[] => {
  const { seekSeconds, takeSeconds } = input;
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info'],
    ...(step.kind === 'thumbnails' ? ['-skip_frame', 'nokey'] : []),
    // Of a copy the key frame before it is the first one; a cut inside a group could not be decoded.
    ...(seekSeconds === undefined || seekSeconds === 0 ? [] : ['-ss', String(seekSeconds)]),
    ...inputArgs(input),
    ...codecArgs(step, input),
    ...(takeSeconds === undefined ? [] : ['-t', String(takeSeconds)]),
    ...['-avoid_negative_ts', 'make_zero', '-max_muxing_queue_size', '4096'],
    ...muxerArgs(step),
    'pipe:1',
  ];
};
