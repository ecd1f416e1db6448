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

/** What `setparams` knows; streams may name more, such as `reserved`. */
const SPACES = [
  ...[
    'gbr',
    'bt709',
    'fcc',
    'bt470bg',
    'smpte170m',
    'smpte240m',
    'ycgco',
    'bt2020nc',
    'bt2020c',
    'smpte2085',
  ],
  ...['chroma-derived-nc', 'chroma-derived-c', 'ictcp'],
];
const PRIMARIES = [
  ...[
    'bt709',
    'bt470m',
    'bt470bg',
    'smpte170m',
    'smpte240m',
    'film',
    'bt2020',
    'smpte428',
    'smpte431',
    'smpte432',
  ],
  'ebu3213',
];
const TRANSFERS = [
  ...['bt709', 'bt470m', 'bt470bg', 'smpte170m', 'smpte240m', 'linear', 'log100', 'log316', 'iec61966-2-4'],
  ...['bt1361e', 'iec61966-2-1', 'bt2020-10', 'bt2020-12', 'smpte2084', 'smpte428', 'arib-std-b67'],
];

const knownIn = (names: readonly string[], name: string): string => (names.includes(name) ? name : UNKNOWN);

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
  return {
    ...{ range, aspect, space: knownIn(SPACES, space) },
    primaries: knownIn(PRIMARIES, primaries),
    transfer: knownIn(TRANSFERS, transfer),
  };
};

/** Filters that give a picture this look, whatever it says of itself. */
export const lookFilter = ({ range, space, primaries, transfer, aspect }: Look): string =>
  `setsar=sar=${aspect},setparams=range=${range}:colorspace=${space}:color_primaries=${primaries}:color_trc=${transfer}`;
