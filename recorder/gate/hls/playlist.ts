/** A playlist that cannot be recorded, or is none. */
export class PlaylistError extends Error {
  override readonly name = 'PlaylistError';
}

export interface Resource {
  readonly url: URL;
  readonly range?: { readonly start: number; readonly length: number };
}

/** AES-128. */
export interface Key {
  readonly url: URL;
  /** Hexadecimal, with `0x`; absent: the segment's number. */
  readonly iv?: string;
}

export interface Segment extends Resource {
  readonly sequence: number;
  readonly seconds: number;
  /** Whether it does not go on where the one before it ended. */
  readonly discontinuity: boolean;
  readonly key?: Key;
  /** What its fragments need before them. */
  readonly map?: Resource & { readonly key?: Key };
}

export interface MediaPlaylist {
  readonly type: 'media';
  readonly targetSeconds: number;
  readonly segments: readonly Segment[];
  readonly ended: boolean;
}

export interface Variant {
  readonly url: URL;
  readonly bandwidth: number;
  /** Playlist of its sound, where that is not in its own segments. */
  readonly audio?: URL;
}

export type HlsPlaylist =
  | MediaPlaylist
  | { readonly type: 'multivariant'; readonly variants: readonly Variant[] };

const attributesOf = (text: string): Map<string, string> =>
  new Map(
    // A name begins after a comma only: looked for everywhere, a long one would take hours.
    [...text.matchAll(/(?:^|,)\s*([A-Z0-9-]+)=("[^"]*"|[^",]*)/g)].map(([, name = '', value = '']) => [
      name,
      value.replace(/^"(.*)"$/, '$1'),
    ]),
  );

const urlOf = (uri: string | undefined, base: URL): URL => {
  const url = uri === undefined ? null : URL.parse(uri, base.href);
  if (url === null) throw new PlaylistError('A URL is missing or wrong.');
  return url;
};

/** `length[@start]`; without a start it follows on what was before it. */
const rangeOf = (text: string, next: number): { start: number; length: number } => {
  const [, length, start] = /^(\d{1,15})(?:@(\d{1,15}))?$/.exec(text) ?? [];
  if (length === undefined) throw new PlaylistError('A byte range is wrong.');
  return { start: start === undefined ? next : Number(start), length: Number(length) };
};

const keyOf = (attributes: Map<string, string>, base: URL): Key | undefined => {
  const method = attributes.get('METHOD');
  if (method === 'NONE') return undefined;
  if (method !== 'AES-128') throw new PlaylistError(`It is encrypted (${method?.slice(0, 40) ?? '?'}).`);
  const iv = attributes.get('IV');
  if (iv !== undefined && !/^0x[0-9a-f]{1,32}$/i.test(iv)) throw new PlaylistError('An IV is wrong.');
  return { url: urlOf(attributes.get('URI'), base), ...(iv === undefined ? {} : { iv }) };
};

const tagsOf = (text: string): { name: string; value: string }[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && (!line.startsWith('#') || line.startsWith('#EXT')))
    .map((line) => {
      const [, name = '', value = ''] = /^#(EXT[A-Z0-9-]*):?(.*)$/.exec(line) ?? [];
      return name === '' ? { name: 'URI', value: line } : { name, value };
    });

type Tags = ReturnType<typeof tagsOf>;

/** Playlists of sound by group; undefined where the sound is in the segments of the variants. */
const soundsOf = (tags: Tags, base: URL): Map<string, URL | undefined> => {
  const sounds = new Map<string, URL | undefined>();
  for (const { name, value } of tags) {
    if (name !== 'EXT-X-MEDIA') continue;
    const attributes = attributesOf(value);
    const group = attributes.get('GROUP-ID') ?? '';
    const isBest = attributes.get('DEFAULT') === 'YES' || !sounds.has(group);
    if (attributes.get('TYPE') !== 'AUDIO' || !isBest) continue;
    const uri = attributes.get('URI');
    sounds.set(group, uri === undefined ? undefined : urlOf(uri, base));
  }
  return sounds;
};

const multivariant = (tags: Tags, base: URL): HlsPlaylist => {
  const sounds = soundsOf(tags, base);
  const variants: Variant[] = [];
  let stream: Map<string, string> | undefined;
  for (const { name, value } of tags) {
    if (name === 'EXT-X-STREAM-INF') stream = attributesOf(value);
    if (name !== 'URI' || stream === undefined) continue;
    const audio = sounds.get(stream.get('AUDIO') ?? '');
    const bandwidth = Number(stream.get('BANDWIDTH')) || 0;
    variants.push({ url: urlOf(value, base), bandwidth, ...(audio === undefined ? {} : { audio }) });
    stream = undefined;
  }
  return { type: 'multivariant', variants };
};

const secondsOf = (value: string): number => {
  const seconds = Number.parseFloat(value);
  if (!(seconds >= 0 && seconds < 86_400)) throw new PlaylistError('A duration is wrong.');
  return seconds;
};

const media = (tags: Tags, base: URL): HlsPlaylist => {
  const segments: Segment[] = [];
  let [targetSeconds, sequence, seconds, next, ended, discontinuity] = [0, 0, 0, 0, false, false];
  let range: Resource['range'];
  let key: Key | undefined;
  let map: Segment['map'];
  for (const { name, value } of tags) {
    switch (name) {
      case 'EXT-X-TARGETDURATION':
        targetSeconds = secondsOf(value);
        break;
      case 'EXT-X-MEDIA-SEQUENCE':
        sequence = Number.parseInt(value, 10) || 0;
        break;
      case 'EXTINF':
        seconds = secondsOf(value);
        break;
      case 'EXT-X-BYTERANGE':
        range = rangeOf(value, next);
        next = range.start + range.length;
        break;
      case 'EXT-X-DISCONTINUITY':
        discontinuity = true;
        break;
      case 'EXT-X-KEY':
        key = keyOf(attributesOf(value), base);
        break;
      case 'EXT-X-MAP': {
        const attributes = attributesOf(value);
        const part = attributes.get('BYTERANGE');
        map = {
          url: urlOf(attributes.get('URI'), base),
          ...(part === undefined ? {} : { range: rangeOf(part, 0) }),
          ...(key === undefined ? {} : { key }),
        };
        break;
      }
      case 'EXT-X-ENDLIST':
        ended = true;
        break;
      case 'URI':
        segments.push({
          ...{ sequence, seconds, discontinuity, url: urlOf(value, base) },
          ...(range === undefined ? {} : { range }),
          ...(key === undefined ? {} : { key }),
          ...(map === undefined ? {} : { map }),
        });
        sequence += 1;
        discontinuity = false;
        range = undefined;
        break;
    }
  }
  return { type: 'media', targetSeconds, segments, ended };
};

/**
 * Reads a playlist of somebody else (RFC 8216). Pure. What is only there for players is left out.
 * @param base where it was, which its URLs may be relative to
 * @throws PlaylistError
 */
export const parseHls = (text: string, base: URL): HlsPlaylist => {
  if (!/^\uFEFF?#EXTM3U/.test(text)) throw new PlaylistError('It is no HLS playlist.');
  const tags = tagsOf(text);
  return tags.some(({ name }) => name === 'EXT-X-STREAM-INF') ? multivariant(tags, base) : media(tags, base);
};
