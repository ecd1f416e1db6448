import type { Client } from '../../client/index.ts';
import type { FileView, RecordingView } from '../support/recorded.ts';
import { accountFor, type FileDecoded, type FormatAccount, firstFound, lastFound } from './account.ts';
import { decodeStored, type Reader, readerOf } from './decode.ts';
import { frames, type Promised } from './fault-case.ts';
import { endedRecordings, filesAtHome, playlistFaults, strays } from './home.ts';
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

/** A storage that has refused is tried again after minutes. */
const MOST_SECONDS_TO_COME_HOME = 300;
/** A few rounds of the sweeper. */
const MOST_MS_TO_TIDY = 60_000;

const MOST_LATE_FRAMES = frames(6);

const decoded = async (file: FileView, read: Reader, folder: string): Promise<FileDecoded> => {
  const { format, key, state, location } = file;
  if (state !== 'ready' || location !== 'primary')
    return { format, key, pictures: [], complaints: `it is ${state} in the ${location}` };
  return { format, key, ...(await decodeStored(file, read, folder)) };
};

const brokenBy = (account: FormatAccount, promised: Promised): string[] => {
  const { lostFrames, lostFramesOfHls = lostFrames, doubledFrames = 0, extraFiles = 0 } = promised;
  const { damagedFrames = 0, lateFrames = MOST_LATE_FRAMES } = promised;
  const { format, late, lost, doubled, disordered, foreign, files } = account;
  const mostLost = format === 'hls' ? lostFramesOfHls : lostFrames;
  const mostDoubled = format === 'hls' ? 0 : doubledFrames;
  const mostFiles = format === 'hls' ? 1 : 1 + extraFiles;
  // What a fault costs may be all that there was until then.
  const missing = lost + Math.max(0, late - lateFrames);
  return [
    ...(missing > mostLost
      ? [`${format} begins ${late} frames late and lost ${lost}, not ${mostLost} at most`]
      : []),
    ...(doubled > mostDoubled ? [`${format} has ${doubled} frames twice`] : []),
    ...(disordered > 0 ? [`${format} goes back ${disordered} times`] : []),
    ...(foreign > damagedFrames ? [`${format} has ${foreign} damaged pictures`] : []),
    ...(files > mostFiles ? [`there are ${files} ${format} files`] : []),
    ...(damagedFrames > 0 ? [] : account.faults),
  ];
};

const brokenByEnd = (recordings: readonly RecordingView[], promised: Promised): string[] => {
  const { reasons = ['session-ended'], cause } = promised;
  const mayEnd = ({ state, reason }: RecordingView): boolean =>
    state === 'completed' &&
    (cause === undefined ? reasons.includes(reason?.code ?? '') : reason?.cause === cause);
  return [
    ...(recordings.length === 1 ? [] : [`there are ${recordings.length} recordings`]),
    ...recordings
      .filter((each) => !mayEnd(each))
      .map(({ state, reason }) => `the recording is ${state}: ${reason?.code}, ${reason?.text}`),
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

/** How many frames must be there: when it may be cut short, those until its end, if that does not come too early. */
const expected = (it: Expectation, files: readonly FileDecoded[]): number | undefined => {
  const { cutShortAfter } = it.promised;
  if (cutShortAfter === undefined) return it.pushed;
  return Math.max(frames(cutShortAfter), lastFound(it.pictures, files));
};

/** Waits for the end of a stream's recording, and until everything of it is at home, and accounts for everything. */
export const outcomeOf = async (it: Expectation): Promise<Outcome> => {
  const waitedSince = performance.now();
  const recordings = await endedRecordings(it.api, it.stream);
  const secondsToEnd = (performance.now() - waitedSince) / 1000;
  const { homeWithinSeconds = MOST_SECONDS_TO_COME_HOME } = it.promised;
  const files = await filesAtHome(it.api, recordings, homeWithinSeconds * 1000);
  const secondsToHome = (performance.now() - waitedSince) / 1000;
  it.say(`ended after ${secondsToEnd.toFixed(1)} s, everything at home after ${secondsToHome.toFixed(1)} s`);
  // Of a file that failed nothing was ever stored: what it should have held is counted as lost.
  const stored = files.filter(({ state }) => state !== 'failed');
  const { client, bucket } = it.at.places.primary;
  const read = readerOf(client, bucket);
  const all = await Promise.all(stored.map((file) => decoded(file, read, it.folder)));
  const playlists = await Promise.all(stored.map((file) => playlistFaults(file, read)));
  // All formats begin together: what one of them has, the others could have had.
  const late = firstFound(it.pictures, all) ?? 0;
  const accounts = FORMATS.map((format) => {
    const ofFormat = all.filter((file) => file.format === format);
    return accountFor(format, it.pictures, ofFormat, expected(it, ofFormat), late);
  });
  for (const { format, runs } of accounts) it.say(`${format}: ${runs.join(' ')}`);
  const tidy = await within(MOST_MS_TO_TIDY, async () =>
    (await leftovers(it.at, files)).length === 0 ? true : undefined,
  );
  const left = tidy === true ? [] : await leftovers(it.at, files);
  const broken = [
    ...brokenByEnd(recordings, it.promised),
    ...strays(files),
    ...accounts.flatMap((account) => brokenBy(account, it.promised)),
    ...playlists.flat(),
    ...left.map((what) => `left behind: ${what}`),
  ];
  const framesIn = it.pushed ?? it.pictures.length;
  return { injected: it.injected, framesIn, secondsToEnd, accounts, left, broken };
};
