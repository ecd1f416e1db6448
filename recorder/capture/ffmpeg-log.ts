import type { Media } from '../../shared/schemas/recording.ts';

// "  Stream #0:0(und): Video: h264 (High), yuv420p(progressive), 1280x720 [SAR 1:1 DAR 16:9], 30 fps"
const STREAM = /^\s*Stream #0:\d+.*?: (Video|Audio): (\w+)(.*)$/;
const SIZE = /, (\d{2,5})x(\d{2,5})\b/;
const FRAME_RATE = /, (\d+(?:\.\d+)?)(k?) fps\b/;
// "  Stream #0:1: Audio: aac (LC), 44100 Hz, stereo, fltp, 128 kb/s"
const SAMPLING = /, (\d+) Hz, ([^,]+)/;

// Layouts are named, unless there is no name for them.
const CHANNELS: Readonly<Record<string, number>> = { mono: 1, stereo: 2, downmix: 2, quad: 4 };
const LAYOUT = /^(\d+)\.(\d+)(?:\.(\d+))?/;

const channelsOf = (layout: string): number | undefined => {
  const [, count] = /^(\d+) channels/.exec(layout) ?? [];
  if (count !== undefined) return Number(count);
  const [name = ''] = layout.split('(');
  const [, main, low, high = '0'] = LAYOUT.exec(name) ?? [];
  return main === undefined ? CHANNELS[name] : Number(main) + Number(low) + Number(high);
};

const videoOf = (videoCodec: string, rest: string): Media => {
  const [, width, height] = SIZE.exec(rest) ?? [];
  const [, rate, kilo] = FRAME_RATE.exec(rest) ?? [];
  return {
    videoCodec,
    ...(width === undefined || height === undefined ? {} : { width: Number(width), height: Number(height) }),
    ...(rate === undefined ? {} : { framesPerSecond: Number(rate) * (kilo === 'k' ? 1000 : 1) }),
  };
};

const audioOf = (audioCodec: string, rest: string): Media => {
  const [, rate, layout = ''] = SAMPLING.exec(rest) ?? [];
  const channels = channelsOf(layout);
  return {
    audioCodec,
    ...(rate === undefined ? {} : { audioSampleRate: Number(rate) }),
    ...(channels === undefined ? {} : { audioChannels: channels }),
  };
};

/** What one line of ffmpeg's log tells of the source; undefined when it tells nothing. */
export const mediaOfLine = (line: string): Media | undefined => {
  const [, kind, codec, rest = ''] = STREAM.exec(line) ?? [];
  if (kind === undefined || codec === undefined) return undefined;
  return kind === 'Video' ? videoOf(codec, rest) : audioOf(codec, rest);
};

/** The input is fully described when the outputs begin. */
export const endsInput = (line: string): boolean =>
  line.startsWith('Output #0') || line.startsWith('Stream mapping');

/** What ffmpeg says when it cannot read the stream's codecs or container. */
const UNSUPPORTED =
  /Video codec \(\w+\) is not implemented|Unsupported (?:video|audio) codec|Invalid data found when processing input|could not find codec parameters|does not contain any stream|Unknown (?:video|audio) codec/i;

export const saysUnsupported = (line: string): boolean => UNSUPPORTED.test(line);

// "[tee @ 0x55] Slave muxer #2 failed: Invalid argument, continuing with 3/4 slaves."
const SLAVE_FAILED = /Slave muxer #(\d+) failed: (.*), continuing with/;

/** An output that `tee` has given up, by its number, and why. */
export const failedSlave = (line: string): { index: number; why: string } | undefined => {
  const [, index, why] = SLAVE_FAILED.exec(line) ?? [];
  return index === undefined || why === undefined ? undefined : { index: Number(index), why };
};

// "Input #0, flv, from 'tcp://127.0.0.1:40001':"
const INPUT = /^Input #0, ([\w,]+),/;

/** Time stamps per second of the format that a line names: milliseconds of FLV and its like, else at most 90 kHz. */
export const ticksOfLine = (line: string): number | undefined => {
  const [, format] = INPUT.exec(line) ?? [];
  if (format === undefined) return undefined;
  return /flv|matroska/.test(format) ? 1000 : 90_000;
};

const BACKWARDS =
  /Non-monotonous DTS in output stream \d+:\d+; previous: (-?\d+), current: (-?\d+); changing/;
/** Less is jitter. */
const LEAST_JUMP_SECONDS = 1;

/** Time stamps that jumped back, in milliseconds: ffmpeg writes on as if they had not, a moment for each frame. */
export const jumpBack = (
  line: string,
  ticksPerSecond: number,
): { fromMs: number; toMs: number } | undefined => {
  const [, from, to] = BACKWARDS.exec(line) ?? [];
  if (from === undefined || to === undefined) return undefined;
  if (Number(from) - Number(to) < LEAST_JUMP_SECONDS * ticksPerSecond) return undefined;
  const ms = (ticks: string): number => (Number(ticks) * 1000) / ticksPerSecond;
  return { fromMs: ms(from), toMs: ms(to) };
};

const URL_IN_TEXT = /\b[a-z]+:\/\/\S+/gi;

/** A log line that may be shown and stored: URLs can hold credentials. */
export const withoutUrls = (line: string): string => line.replaceAll(URL_IN_TEXT, '(url)');
