import { FORMATS, type Format } from '../../shared/schemas/names.ts';
import type { Plan } from '../../shared/schemas/recording.ts';
import type { Source } from '../gate/source.ts';

/** Longest MP4 fragment, in microseconds: what a long group of pictures may keep waiting inside ffmpeg. */
const FRAGMENT_MICROSECONDS = 2_000_000;

/** One continuous stream each. Playlists and scripts, which make ffmpeg open more, are none of them. */
const HTTP_FORMATS = 'flv,live_flv,mpegts,aac,mp3,matroska,webm,ogg';

/** What a playlist of HLS may lead to: itself, and segments. */
const HLS_FORMATS = 'hls,mpegts,mov,aac,mp3,ac3,eac3';

const slave = (options: readonly string[], url: string): string =>
  // One output that fails must not end the others.
  `[${['onfail=ignore', ...options].join(':')}]${url}`;

const muxerOptions = (adts: boolean): Record<Format, readonly string[]> => {
  // From MPEG-TS, AAC comes with a header on each frame, which MP4 and FLV must not have.
  const plainAac = adts ? ['bsfs/a=aac_adtstoasc'] : [];
  return {
    mp4: [
      'f=mp4',
      // The head waits for the first fragment: written at once it would lose the offset between audio and video.
      'movflags=+frag_keyframe+delay_moov+default_base_moof+skip_trailer',
      'movie_timescale=90000',
      `frag_duration=${FRAGMENT_MICROSECONDS}`,
      ...plainAac,
    ],
    flv: ['f=flv', 'flvflags=no_duration_filesize', ...plainAac],
    aac: ['f=adts', 'select=a'],
    hls: ['f=mpegts'],
  };
};

/** The formats of a plan, in the order of `tee`'s slaves: ffmpeg's log numbers them. */
export const teeFormats = ({ formats }: Plan): Format[] =>
  FORMATS.filter((format) => formats[format] !== undefined);

/** Where the sink gets the key frames from which it sees that the codec settings change. */
export const SETTINGS_PATH = 'settings';

/** Where the sink gets the key frames that thumbnails are made of. */
export const THUMBNAILS_PATH = 'thumbnails';

const KEY_FRAMES_ONLY = "bsfs/v=noise=drop='not(key)'";

/**
 * In MPEG-TS ffmpeg goes on with the settings that a stream of RTMP began with, whatever it changes to, and what follows
 * cannot be decoded. MP4 and FLV have the new ones; where neither is recorded, an FLV of key frames tells of them.
 */
const needsSettings = ({ formats }: Plan): boolean =>
  formats.hls !== undefined && formats.mp4 === undefined && formats.flv === undefined;

/**
 * The outputs of a plan, as one `tee` target that writes each to `{sinkUrl}/{format}`.
 * @param adts whether AAC may come with ADTS headers, as in MPEG-TS
 */
export const teeOutputs = (plan: Plan, sinkUrl: string, adts: boolean): string => {
  const options = muxerOptions(adts);
  const slaves = teeFormats(plan).map((format) => slave(options[format], `${sinkUrl}/${format}`));
  if (needsSettings(plan))
    slaves.push(slave([...options.flv, KEY_FRAMES_ONLY], `${sinkUrl}/${SETTINGS_PATH}`));
  if (plan.thumbnails !== undefined)
    slaves.push(slave(['f=mpegts', 'select=v', KEY_FRAMES_ONLY], `${sinkUrl}/${THUMBNAILS_PATH}`));
  return slaves.join('|');
};

/** Whether a source may be MPEG-TS. */
export const mayBeMpegTs = ({ kind }: Source): boolean => kind === 'http' || kind === 'hls' || kind === 'srt';

/**
 * How ffmpeg reads a source through the gate at `port`. Of HLS the gate is the server, at the source's URL; SRT (UDP)
 * ffmpeg reads itself, from a vetted address.
 */
export const inputArgs = (source: Source, port: number): string[] => {
  const local = `127.0.0.1:${port}`;
  switch (source.kind) {
    case 'rtmp':
      return [
        ...[
          '-protocol_whitelist',
          'rtmp,tcp',
          '-format_whitelist',
          'flv',
          '-rtmp_live',
          'live',
          '-rtmp_tcurl',
          source.tcUrl,
        ],
        // The frame rate is of no use to a copy, and to measure it ffmpeg would hold the first 1.5 s back. It still waits
        // for the second track, 5 s at most: one that comes late is not to be lost.
        ...['-fpsprobesize', '0'],
        // The commands that open a stream would wait for one another's acknowledgements, for 0.15 s in all.
        ...['-tcp_nodelay', '1'],
        ...['-rtmp_app', source.app, '-rtmp_playpath', source.playpath, '-i', `rtmp://${local}/live`],
      ];
    case 'rtsp':
      return [
        ...['-protocol_whitelist', 'rtsp,tcp', '-rtsp_transport', 'tcp'],
        ...['-i', `rtsp://${source.userinfo}${local}${source.pathAndQuery}`],
      ];
    case 'http':
      return ['-protocol_whitelist', 'tcp', '-format_whitelist', HTTP_FORMATS, '-i', `tcp://${local}`];
    case 'hls':
      return [
        ...['-protocol_whitelist', 'http,tcp,crypto', '-format_whitelist', HLS_FORMATS],
        // The gate's playlist begins where the recording does.
        ...['-live_start_index', '0'],
        // Each thing by a connection of its own, one after the other, whole.
        ...['-http_persistent', '0', '-http_multiple', '0', '-http_seekable', '0'],
        ...['-i', source.url.href],
      ];
    case 'srt':
      return [
        '-protocol_whitelist',
        'srt',
        '-format_whitelist',
        'mpegts',
        '-i',
        `srt://${source.host}:${source.port}${source.query}`,
      ];
  }
};

/** The whole command line of one capture: stream copy of the first video and the first audio stream. */
export const ffmpegArgs = (input: readonly string[], outputs: string): string[] => [
  ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info'],
  // To say that it is at work, as long as there is anything to do.
  ...['-progress', 'pipe:1', '-stats_period', '0.5'],
  // Codec tags are the container's own: those of MPEG-TS would make the other formats refuse the stream.
  ...['-tag:v', '0', '-tag:a', '0'],
  ...input,
  // `tee` would round time stamps to the frame rate unless it takes over the source's time base.
  ...['-map', '0:v:0?', '-map', '0:a:0?', '-c', 'copy', '-copytb', '1', '-f', 'tee', outputs],
];
