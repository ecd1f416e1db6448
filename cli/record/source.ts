import { UsageError } from '../exit.ts';

/** A source URL as a push domain wants it. */
export interface SplitSource {
  /** With `{stream}` in the place of the stream's name. */
  readonly template: string;
  readonly stream: string;
}

const SCHEMES = ['rtmp:', 'rtmps:', 'rtsp:', 'rtsps:', 'srt:', 'http:', 'https:'];

// RTMP carries names as they are; elsewhere Streamkeep escapes them, and has to come to the same URL again.
const decoded = (text: string, isRtmp: boolean): string | undefined => {
  if (isRtmp) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const isSame = (name: string, text: string, isRtmp: boolean): boolean =>
  isRtmp ? name === text : encodeURIComponent(name) === text;

/** `text` at `start` as the name; when it would be escaped differently, the end of it that would not be. */
const splitAt = (url: string, start: number, text: string, isRtmp: boolean): SplitSource | undefined => {
  const name = decoded(text, isRtmp);
  if (name !== undefined && name !== '' && isSame(name, text, isRtmp)) {
    return { template: `${url.slice(0, start)}{stream}${url.slice(start + text.length)}`, stream: name };
  }
  const [, before = '', plain] = /^(.*?)([\w.~-]+)$/s.exec(text) ?? [];
  return plain === undefined || before === ''
    ? undefined
    : splitAt(url, start + before.length, plain, isRtmp);
};

/** Where in `url` the last segment of the path is; undefined when the path is empty. */
const lastSegment = (url: string): { start: number; text: string } | undefined => {
  const begin = url.indexOf('//') + 2;
  const end = /[?#]/.exec(url)?.index ?? url.length;
  const path = url.slice(begin, end).replace(/\/+$/, '');
  const slash = path.indexOf('/');
  const last = path.lastIndexOf('/');
  return slash === -1 ? undefined : { start: begin + last + 1, text: path.slice(last + 1) };
};

/** Where the values of the query are: the stream's id first, then the last ones. */
const queryValues = (url: string): { start: number; text: string }[] => {
  const question = url.indexOf('?');
  if (question === -1) return [];
  const values = [...url.matchAll(/[?&]([^=&#]*)=([^&#]*)/g)]
    .filter(({ index }) => index >= question)
    .map(({ index, 0: whole, 1: name = '', 2: text = '' }) => ({
      name,
      start: index + whole.length - text.length,
      text,
    }));
  return values
    .reverse()
    .sort((one, other) => Number(other.name === 'streamid') - Number(one.name === 'streamid'));
};

/**
 * Takes the name of the stream out of a source URL, so that a push domain with this source has this one stream. Filled
 * in again, it is the same URL.
 * @throws UsageError when it is none that can be recorded
 */
export const splitSource = (given: string): SplitSource => {
  const parsed = URL.parse(given);
  if (parsed === null || !SCHEMES.includes(parsed.protocol) || parsed.hostname === '') {
    throw new UsageError(
      `'${given}' is no source URL; it begins with one of ${SCHEMES.map((scheme) => `${scheme}//`).join(', ')}`,
    );
  }
  if (/[{}]/.test(given)) throw new UsageError('The source URL must not hold { or }; write %7B and %7D.');
  // SRT often names no stream; the mode that a recorder has anyway can stand for it.
  const url =
    parsed.protocol === 'srt:' && parsed.search === '' ? `${given.replace(/#.*$/s, '')}?mode=caller` : given;
  const isRtmp = parsed.protocol.startsWith('rtmp');
  const segment = lastSegment(url);
  for (const { start, text } of [...(segment === undefined ? [] : [segment]), ...queryValues(url)]) {
    const split = splitAt(url, start, text, isRtmp);
    if (split !== undefined) return split;
  }
  throw new UsageError(`'${given}' names no stream: its path and its query are empty`);
};
