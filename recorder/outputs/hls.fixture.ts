import type { Segment } from '../../shared/hls/playlist.ts';
import type { Taken } from '../files/media-buffer.ts';
import { START } from '../recorder.fixture.ts';
import type { HlsFile, Withheld } from './hls-file.ts';

export interface PublishedSegment extends Omit<Segment, 'uri'> {
  readonly bytes: Buffer;
}

const fakeFile = (startSeconds: number, durationSeconds: number) => {
  const state = { startSeconds, segments: [] as PublishedSegment[], end: 'open', failed: false };
  let withheld: Withheld | undefined;
  const file = {
    get durationSeconds() {
      return state.segments.reduce((sum, segment) => sum + segment.durationSeconds, durationSeconds);
    },
    unstoredBytes: 5,
    get failed() {
      return state.failed;
    },
    append: (media: Taken, about: Omit<Segment, 'uri'>) => {
      state.segments.push({ bytes: Buffer.concat(media.buffers), ...about });
      // Its memory may be used again at once: whatever is still needed must lie elsewhere.
      for (const buffer of media.buffers) buffer.fill(0xee);
      media.release();
    },
    get withholds() {
      return withheld !== undefined;
    },
    get withheld() {
      return withheld?.fingerprint;
    },
    withhold: (segment: Withheld) => {
      withheld = segment;
    },
    settle: (begins?: string) => {
      if (withheld !== undefined && (begins === undefined || withheld.fingerprint !== begins))
        file.append(withheld.media, withheld.about);
      withheld = undefined;
    },
    close: async () => {
      state.end = 'closed';
    },
    leave: async () => {
      state.end = 'left';
    },
    abandon: () => {
      state.end = 'abandoned';
    },
  };
  return Object.assign(state, { file: file as unknown as HlsFile });
};

/** HLS files in memory: what was opened, and what was published into each. */
export const fakeFiles = () => {
  const files: ReturnType<typeof fakeFile>[] = [];
  const openFile = (startSeconds: number, durationSeconds = 0): HlsFile => {
    const fake = fakeFile(startSeconds, durationSeconds);
    files.push(fake);
    return fake.file;
  };
  return { files, openFile, segments: () => files.flatMap(({ segments }) => segments) };
};

/** When a segment begins, in seconds of the capture. */
export const offsetOf = ({ programDateTime }: PublishedSegment): number =>
  (Date.parse(programDateTime ?? '') - START.getTime()) / 1000;
