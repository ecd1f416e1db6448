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

/** The same as MPEG-TS: it shows what stands in the stream itself, where FLV shows what stands beside it. */
export const TS_SETTINGS_PATH = 'settings.ts';

/** Where the sink gets the key frames that thumbnails are made of. */
export const THUMBNAILS_PATH = 'thumbnails';

/** Where the sink gets the whole stream as it is, for another ffmpeg to make something of it. */
export const FEED_PATH = 'feed';

/** Where that one writes its formats, instead of the first one. */
export const MADE_PREFIX = 'made/';

const KEY_FRAMES = "bsfs/v=noise=drop='not(key)'";

/**
 * In MPEG-TS ffmpeg goes on with the settings that a stream of RTMP began with, whatever it changes to, and what follows
 * cannot be decoded. MP4 and FLV have the new ones; where neither is recorded, an FLV of key frames tells of them.
 */
const needsSettings = ({ formats }: Plan): boolean =>
  formats.hls !== undefined && formats.mp4 === undefined && formats.flv === undefined;

/** One output of ffmpeg's. */
export interface Slave {
  /** A format, or another path of the sink. */
  readonly name: string;
  readonly target: string;
}

export const teeOf = (slaves: readonly Slave[]): string => slaves.map(({ target }) => target).join('|');

/** A format as its muxer writes it. @param streams those of the output that it holds, where those are not all it can hold */
export const formatSlave = (
  format: Format,
  sinkUrl: string,
  adts: boolean,
  streams?: readonly string[],
): Slave => {
  const options = muxerOptions(adts)[format];
  const selected = options.filter((option) => !option.startsWith('select='));
  return {
    name: format,
    target: slave(
      streams === undefined ? options : [...selected, `select=\\'${streams.join(',')}\\'`],
      `${sinkUrl}/${format}`,
    ),
  };
};

/** All streams as they are: NUT holds every codec and its time stamps. */
export const nutSlave = (name: string, sinkUrl: string): Slave => ({
  name,
  target: slave(['f=nut', 'flush_packets=1'], `${sinkUrl}/${name}`),
});

/** Thumbnails show the source's own pictures, also where others are made of them. */
const thumbnailsSlaves = ({ thumbnails, encoding }: Plan, sinkUrl: string): Slave[] =>
  thumbnails === undefined || encoding?.audioOnly === true
    ? []
    : [
        {
          name: THUMBNAILS_PATH,
          target: slave(['f=mpegts', 'select=v', KEY_FRAMES], `${sinkUrl}/${THUMBNAILS_PATH}`),
        },
      ];

/**
 * What the first ffmpeg of a capture writes, each to `{sinkUrl}/{name}`: the formats of the plan, or, when nothing of it is
 * copied, what another ffmpeg is fed with and what tells of other codec settings.
 * @param adts whether AAC may come with ADTS headers, as in MPEG-TS
 * @param feeds whether another ffmpeg may have to be fed
 */
export const teeSlaves = (plan: Plan, sinkUrl: string, adts: boolean, feeds = false): Slave[] => {
  if (plan.encoding !== undefined) {
    const settings = (name: string, options: readonly string[]): Slave => ({
      name,
      target: slave([...options, 'select=v', KEY_FRAMES], `${sinkUrl}/${name}`),
    });
    return [
      nutSlave(FEED_PATH, sinkUrl),
      settings(SETTINGS_PATH, muxerOptions(false).flv),
      settings(TS_SETTINGS_PATH, muxerOptions(false).hls),
      ...thumbnailsSlaves(plan, sinkUrl),
    ];
  }
  const slaves = teeFormats(plan).map((format) => formatSlave(format, sinkUrl, adts));
  if (needsSettings(plan))
    slaves.push({
      name: SETTINGS_PATH,
      target: slave([...muxerOptions(adts).flv, KEY_FRAMES], `${sinkUrl}/${SETTINGS_PATH}`),
    });
  slaves.push(...thumbnailsSlaves(plan, sinkUrl));
  return feeds ? [...slaves, nutSlave(FEED_PATH, sinkUrl)] : slaves;
};

/** `teeSlaves` as one target. */
export const teeOutputs = (...args: Parameters<typeof teeSlaves>): string => teeOf(teeSlaves(...args));

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
