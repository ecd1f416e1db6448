import { safeName, shortName } from './safe-name.ts';

/** Placeholders of an object path, and the most bytes each can become. */
const PLACEHOLDER_BYTES = {
  RecordSource: 32,
  Domain: 253,
  AppName: 256,
  StreamID: 256,
  RecordId: 32,
  RandomID: 32,
  StartYear: 4,
  StartMonth: 2,
  StartDay: 2,
  StartHour: 2,
  StartMinute: 2,
  StartSecond: 2,
  StartMillisecond: 3,
} as const;
type Placeholder = keyof typeof PLACEHOLDER_BYTES;

export const PLACEHOLDERS = Object.keys(PLACEHOLDER_BYTES) as readonly Placeholder[];

/** Down to the second: with fewer of them, two files of one stream could have the same name. */
const TIME_TO_THE_SECOND = [
  'StartYear',
  'StartMonth',
  'StartDay',
  'StartHour',
  'StartMinute',
  'StartSecond',
] as const satisfies readonly Placeholder[];

export const DEFAULT_PATH =
  '{RecordSource}/{Domain}/{AppName}/{StreamID}/{RecordId}/{StartYear}-{StartMonth}-{StartDay}-{StartHour}-{StartMinute}-{StartSecond}';

/** Longest rendered path in UTF-8: S3 takes keys of 1024 bytes, of which 64 are kept for extensions and segment names. */
export const MAX_PATH_BYTES = 1024 - 64;

const PATTERN = /\{([^{}]*)\}/g;

const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(PLACEHOLDER_BYTES, name);

const namesIn = (path: string): string[] => [...path.matchAll(PATTERN)].map(([, name]) => name ?? '');

const placeholderProblem = (path: string): string | undefined => {
  const names = namesIn(path);
  const allowed = `allowed: ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`;
  const end = names.find((name) => name.startsWith('End'));
  if (end !== undefined) {
    return `{${end}} cannot be used: an object's name is fixed when its upload starts, before the end is known; ${allowed}`;
  }
  const unknown = names.find((name) => !isPlaceholder(name));
  if (unknown !== undefined) return `{${unknown}} is unknown; ${allowed}`;
  if (/[{}]/.test(path.replaceAll(PATTERN, ''))) return `{ and } may only enclose a placeholder; ${allowed}`;
  const missing = TIME_TO_THE_SECOND.filter((name) => !names.includes(name)).map((name) => `{${name}}`);
  if (missing.length > 0 && !names.includes('RandomID')) {
    return `must hold a start time down to the second or {RandomID}, otherwise files could overwrite one another; add ${missing.join(', ')} or {RandomID}`;
  }
  return undefined;
};

const textProblem = (path: string): string | undefined => {
  if (!path.isWellFormed()) return 'must be well-formed Unicode';
  if (/[\p{Cc}\p{Zl}\p{Zp}\uFFFE\uFFFF\\]/u.test(path)) return 'must not hold control characters or \\';
  if (path.startsWith('/')) return 'must not begin with /';
  if (path.endsWith('/')) return 'must not end with /';
  const segments = path.split('/');
  if (segments.includes('')) return 'must not hold //';
  if (segments.includes('.') || segments.includes('..')) return 'must not hold the segments . or ..';
  if (path.startsWith('.')) return 'must not begin with a dot: Streamkeep keeps its working objects there';
  return undefined;
};

const lengthProblem = (path: string): string | undefined => {
  const literal = Buffer.byteLength(path.replaceAll(PATTERN, ''));
  const longest = namesIn(path)
    .filter(isPlaceholder)
    .reduce((total, name) => total + PLACEHOLDER_BYTES[name], literal);
  return longest > MAX_PATH_BYTES
    ? `can become ${longest} bytes long in UTF-8 with the longest names, at most ${MAX_PATH_BYTES} are allowed; shorten it by ${longest - MAX_PATH_BYTES} bytes or leave a placeholder out`
    : undefined;
};

/** What is wrong with a template's path, in words; undefined when it is right. */
export const pathProblem = (path: string): string | undefined =>
  textProblem(path) ?? placeholderProblem(path) ?? lengthProblem(path);

export interface PathValues {
  /** `origin`, or the id of a transcode template. */
  readonly recordSource: string;
  readonly domain: string;
  readonly app: string;
  readonly stream: string;
  readonly recordId: string;
  /** Another one for each file. */
  readonly randomId: string;
  /** When the file begins. */
  readonly start: Date;
  /** `UTC`, `UTC+8` or an IANA zone. */
  readonly timeZone: string;
}

/** `UTC+8` as Intl knows it: the signs of the Etc zones are POSIX's, reversed. */
const intlZone = (timeZone: string): string => (timeZone === 'UTC+8' ? 'Etc/GMT-8' : timeZone);

const startParts = (start: Date, timeZone: string): Record<string, string> => {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: intlZone(timeZone),
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return Object.fromEntries(format.formatToParts(start).map(({ type, value }) => [type, value]));
};

const valuesOf = (values: PathValues, nameOf: (name: string) => string): Record<Placeholder, string> => {
  const {
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '',
  } = startParts(values.start, values.timeZone);
  return {
    RecordSource: values.recordSource,
    Domain: values.domain,
    AppName: nameOf(values.app),
    StreamID: nameOf(values.stream),
    RecordId: values.recordId,
    RandomID: values.randomId,
    StartYear: year.padStart(4, '0'),
    StartMonth: month,
    StartDay: day,
    StartHour: hour,
    StartMinute: minute,
    StartSecond: second,
    StartMillisecond: String(values.start.getUTCMilliseconds()).padStart(3, '0'),
  };
};

const fill = (path: string, values: Record<Placeholder, string>): string =>
  path.replaceAll(PATTERN, (whole, name: string) => (isPlaceholder(name) ? values[name] : whole));

/**
 * An object key without its extension, at most `MAX_PATH_BYTES` long. `path` must be without `pathProblem`.
 * App and stream are escaped by `safeName`; only where that gets too long do long names become digests.
 */
export const renderPath = (path: string, values: PathValues): string => {
  const rendered = fill(path, valuesOf(values, safeName));
  return Buffer.byteLength(rendered) <= MAX_PATH_BYTES ? rendered : fill(path, valuesOf(values, shortName));
};
