/** How the samples of a picture are to be understood, in ffmpeg's words. */
export interface Look {
  readonly range: string;
  readonly space: string;
  readonly primaries: string;
  readonly transfer: string;
  /** Width of a sample by its height, such as `4/3`. */
  readonly aspect: string;
}

const UNKNOWN = 'unknown';
export const PLAIN_LOOK: Look = {
  ...{ range: UNKNOWN, space: UNKNOWN, primaries: UNKNOWN, transfer: UNKNOWN },
  aspect: '1/1',
};

// "  Stream #0:0: Video: h264 (High), yuv420p(tv, bt709, progressive), 1280x720 [SAR 1:1 DAR 16:9], 25 fps"
const VIDEO = /^\s*Stream #0:\d+.*?: Video: .*?, (\w+)(?:\(([^)]*)\))?, \d+x\d+(?: \[SAR (\d+):(\d+) )?/;
const RANGES = ['tv', 'pc'];
/** Of what stands beside them the order of fields and the place of chroma are no colours. */
const COLOURS = /^(?:[\w-]+\/[\w-]+\/[\w-]+|bt\w+|smpte\w+|fcc|film|ycgco|gbr|ebu\w+)$/;

/** How the picture looks that one line of ffmpeg's log tells of; undefined when it tells of none. */
export const lookOfLine = (line: string): Look | undefined => {
  const [found, pixels = '', inside = '', width = '0', height = '0'] = VIDEO.exec(line) ?? [];
  if (found === undefined) return undefined;
  const words = inside.split(', ');
  const colours = words.find((word) => COLOURS.test(word)) ?? UNKNOWN;
  const [space = UNKNOWN, primaries = space, transfer = space] = colours.split('/');
  // JPEG's range is all of it, which the recorded picture never has.
  const range = pixels.startsWith('yuvj') ? 'tv' : (words.find((word) => RANGES.includes(word)) ?? UNKNOWN);
  const aspect = Number(width) > 0 && Number(height) > 0 ? `${width}/${height}` : PLAIN_LOOK.aspect;
  return { range, space, primaries, transfer, aspect };
};

/** Filters that give a picture this look, whatever it says of itself. */
export const lookFilter = ({ range, space, primaries, transfer, aspect }: Look): string =>
  `setsar=sar=${aspect},setparams=range=${range}:colorspace=${space}:color_primaries=${primaries}:color_trc=${transfer}`;
