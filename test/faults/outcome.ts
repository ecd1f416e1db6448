import { type Client, dataOf } from '../../client/index.ts';
import { type FileView, filesOf, type RecordingView, recordingsOf } from '../support/recorded.ts';
import { accountFor, type FileDecoded, type FormatAccount } from './account.ts';
import { decodeUrl } from './decode.ts';
import type { Promised } from './fault-case.ts';
import { leftovers, type Whereabouts } from './leftovers.ts';
import { FORMATS } from './setting.ts';
import { within } from './until.ts';

/** What has become of one stream. */
export interface Outcome {
  readonly injected: number;
  readonly framesIn: number;
  /** From the end of the stream, or of the fault if that was later, to the end of the recording. */
  readonly secondsToEnd: number;
  readonly accounts: readonly FormatAccount[];
  readonly left: readonly string[];
  /** Promises that were not kept. */
  readonly broken: readonly string[];
}

const MOST_MS_TO_END = 180_000;
/** Leases of lost recorders are kept for a minute, and the sweeper comes every minute. */
const MOST_MS_TO_TIDY = 130_000;

const isFinal = ({ state }: RecordingView): boolean => state === 'completed' || state === 'failed';

const ended = async (api: Client, stream: string): Promise<RecordingView[]> => {
  const all = await within(MOST_MS_TO_END, async () => {
    const { items } = await dataOf(api.GET('/v1/streams', { params: { query: { stream, live: 'true' } } }));
    const recordings = await recordingsOf(api, stream);
    return items.length === 0 && recordings.length > 0 && recordings.every(isFinal) ? recordings : undefined;
  });
  return all ?? recordingsOf(api, stream);
};

const decoded = async (file: FileView, folder: string): Promise<FileDecoded> => {
  const { format, key, url, state } = file;
  if (url === null) return { format, key, pictures: [], complaints: `it is ${state}` };
  return { format, key, ...(await decodeUrl(url, format, folder)) };
};

const brokenBy = (
  account: FormatAccount,
  { lostFrames, lostFramesOfHls = lostFrames, doubledFrames = 0, extraFiles = 0 }: Promised,
): string[] => {
  const { format, lost, doubled, foreign, files } = account;
  const mostLost = format === 'hls' ? lostFramesOfHls : lostFrames;
  const mostDoubled = format === 'hls' ? 0 : doubledFrames;
  const mostFiles = format === 'hls' ? 1 : 1 + extraFiles;
  return [
    ...(lost > mostLost ? [`${format} lost ${lost} frames, not ${mostLost} at most`] : []),
    ...(doubled > mostDoubled ? [`${format} has ${doubled} frames twice`] : []),
    ...(foreign > 0 ? [`${format} has ${foreign} damaged pictures`] : []),
    ...(files > mostFiles ? [`there are ${files} ${format} files`] : []),
    ...account.faults,
  ];
};

export interface Expectation {
  readonly api: Client;
  readonly stream: string;
  /** Hashes of the source's frames. */
  readonly pictures: readonly string[];
  /** How many of them were pushed; absent: all. */
  readonly pushed?: number;
  readonly injected: number;
  readonly promised: Promised;
  readonly at: Whereabouts;
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Waits for the end of a stream's recording, and accounts for everything. */
export const outcomeOf = async (it: Expectation): Promise<Outcome> => {
  const waitedSince = performance.now();
  const recordings = await ended(it.api, it.stream);
  const secondsToEnd = (performance.now() - waitedSince) / 1000;
  const files = (await Promise.all(recordings.map(({ recordId }) => filesOf(it.api, recordId)))).flat();
  // Of a file that failed nothing was ever stored: what it should have held is counted as lost.
  const stored = files.filter(({ state }) => state !== 'failed');
  const all = await Promise.all(stored.map((file) => decoded(file, it.folder)));
  const accounts = FORMATS.map((format) =>
    accountFor(
      format,
      it.pictures,
      all.filter((file) => file.format === format),
      it.pushed,
    ),
  );
  for (const { format, runs } of accounts) it.say(`${format}: ${runs.join(' ')}`);
  const tidy = await within(MOST_MS_TO_TIDY, async () =>
    (await leftovers(it.at, files)).length === 0 ? true : undefined,
  );
  const left = tidy === true ? [] : await leftovers(it.at, files);
  const reasons = it.promised.reasons ?? ['session-ended'];
  const broken = [
    ...(recordings.length === 1 ? [] : [`there are ${recordings.length} recordings`]),
    ...recordings
      .filter((each) => each.state !== 'completed' || !reasons.includes(each.reason?.code ?? ''))
      .map((each) => `the recording is ${each.state}: ${each.reason?.code}, ${each.reason?.text}`),
    ...accounts.flatMap((account) => brokenBy(account, it.promised)),
    ...left.map((what) => `left behind: ${what}`),
  ];
  const framesIn = it.pushed ?? it.pictures.length;
  return { injected: it.injected, framesIn, secondsToEnd, accounts, left, broken };
};
