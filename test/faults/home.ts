import { type Client, dataOf } from '../../client/index.ts';
import {
  type FileView,
  filesOf,
  type RecordingView,
  recordingsOf,
  segmentUrls,
} from '../support/recorded.ts';
import { type Reader, segmentKeys } from './decode.ts';
import { within } from './until.ts';

const MOST_MS_TO_END = 180_000;

const isFinal = ({ state }: RecordingView): boolean => state === 'completed' || state === 'failed';

/** The recordings of a stream once all have ended and it is not live any more; as they are, when that takes too long. */
export const endedRecordings = async (api: Client, stream: string): Promise<RecordingView[]> => {
  const all = await within(MOST_MS_TO_END, async () => {
    const { items } = await dataOf(api.GET('/v1/streams', { params: { query: { stream, live: 'true' } } }));
    const recordings = await recordingsOf(api, stream);
    return items.length === 0 && recordings.length > 0 && recordings.every(isFinal) ? recordings : undefined;
  });
  return all ?? recordingsOf(api, stream);
};

/** A file of which nothing more is expected. */
const isSettled = ({ state, location }: FileView): boolean =>
  state === 'failed' || (state === 'ready' && location === 'primary');

/** All files of some recordings, once they are in the primary storage; as they are, when that takes too long. */
export const filesAtHome = async (
  api: Client,
  recordings: readonly RecordingView[],
  mostMs: number,
): Promise<FileView[]> => {
  const list = async (): Promise<FileView[]> =>
    (await Promise.all(recordings.map(({ recordId }) => filesOf(api, recordId)))).flat();
  const settled = await within(mostMs, async () => {
    const files = await list();
    return files.every(isSettled) ? files : undefined;
  });
  return settled ?? list();
};

/** What is wrong with where files are. */
export const strays = (files: readonly FileView[]): string[] =>
  files
    .filter((file) => !isSettled(file))
    .map(({ key, state, location }) => `${key} is ${state} in the ${location}`);

const namesOf = (uris: readonly string[]): string =>
  uris.map((uri) => decodeURIComponent(uri.replace(/\?.*$/, '').split('/').at(-1) ?? '')).join(' ');

/** How the playlist in the bucket differs from the one that a user gets. */
export const playlistFaults = async (file: FileView, read: Reader): Promise<string[]> => {
  if (file.format !== 'hls' || file.state !== 'ready' || file.url === null) return [];
  const response = await fetch(file.url);
  if (!response.ok) return [`the playlist of ${file.key} is answered with ${response.status}`];
  const signed = segmentUrls(await response.text());
  const stored = (await read(file.key)).toString();
  return namesOf(signed) === namesOf(segmentKeys(file.key, stored))
    ? []
    : [`the playlist of ${file.key} in the bucket lists other segments than the signed one`];
};
