import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Segment } from '../../shared/hls/playlist.ts';
import type { Taken } from '../files/media-buffer.ts';
import { START, takenOf } from '../recorder.fixture.ts';
import type { HlsFile } from './hls-file.ts';
import { HlsOutput } from './hls-output.ts';

type About = Omit<Segment, 'uri'>;

const fakeFile = (durationSeconds = 0) => {
  const state = { segments: [] as (About & { text: string })[], end: 'open', failed: false };
  const file = {
    durationSeconds,
    unstoredBytes: 5,
    get failed() {
      return state.failed;
    },
    append: ({ buffers }: Taken, about: About) =>
      void state.segments.push({ text: Buffer.concat(buffers).toString(), ...about }),
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

const nameOf = (index: number) => `${String(index).padStart(9, '0')}.ts`;

/** ffmpeg's own playlist: its newest three entries. */
const playlistOf = (durations: readonly number[]): string => {
  const entries = durations.map(
    (seconds, index) => `#EXTINF:${seconds.toFixed(6)},\nhttp://127.0.0.1:1/t/hls/${nameOf(index)}`,
  );
  return ['#EXTM3U', '#EXT-X-VERSION:3', '#EXT-X-TARGETDURATION:10', ...entries.slice(-3), ''].join('\n');
};

interface Opening {
  readonly maxSeconds?: number;
  readonly adopted?: number;
  /** Its value is the length of the file that is adopted then. */
  readonly begins?: Promise<number>;
}

const open = ({ maxSeconds = Number.POSITIVE_INFINITY, adopted, begins }: Opening = {}) => {
  const files: (ReturnType<typeof fakeFile> & { startSeconds: number })[] = [];
  const add = (startSeconds: number, durationSeconds = 0): HlsFile => {
    const fake = Object.assign(fakeFile(durationSeconds), { startSeconds });
    files.push(fake);
    return fake.file;
  };
  const output = new HlsOutput({
    ...(adopted === undefined ? {} : { adopted: add(-1, adopted) }),
    ...(begins === undefined ? {} : { begins: begins.then((seconds) => ({ adopted: add(-1, seconds) })) }),
    maxSeconds,
    openFile: (startSeconds) => add(startSeconds),
    startedAt: () => START,
  });
  const segment = (index: number) => output.segment(nameOf(index), takenOf(String(index)));
  return { output, files, segment };
};

describe('An HLS output', () => {
  it('publishes nothing until it is known which file it goes on with, and then goes on with that', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const { output, files, segment } = open({ begins: promise });
    segment(0);
    output.playlist(playlistOf([10]));
    expect(files).toEqual([]);
    expect(output.unstoredBytes).toBe(1);
    const closed = output.close(true);
    resolve(60);
    await closed;
    expect(files).toMatchObject([{ segments: [{ text: '0', discontinuity: true }], end: 'left' }]);
  });

  it.each(['segment first', 'playlist first'])(
    'publishes a segment when both it and its duration are there: %s',
    (order) => {
      const { output, files, segment } = open();
      const steps = [() => segment(0), () => output.playlist(playlistOf([9.6]))];
      const [first, second] = order === 'segment first' ? steps : steps.reverse();
      first?.();
      expect(files).toEqual([]);
      second?.();
      expect(files[0]?.segments).toEqual([
        { text: '0', durationSeconds: 9.6, programDateTime: '2026-11-22T10:00:00.000Z' },
      ]);
    },
  );

  it('publishes every segment once and in order, in whatever order things arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 1, max: 8 })
          .chain((count) =>
            fc.shuffledSubarray([...Array(count).keys()], { minLength: count, maxLength: count }),
          ),
        async (arrival) => {
          const { output, files, segment } = open();
          const durations = arrival.map((_, index) => index + 1);
          for (const [step, index] of arrival.entries()) {
            segment(index);
            output.playlist(playlistOf(durations.slice(0, step + 1)));
            output.playlist(playlistOf(durations.slice(0, step + 1)));
          }
          await output.close(false);
          const published = files.flatMap(({ segments }) => segments);
          expect(published.map(({ text }) => text)).toEqual(durations.map((_, index) => String(index)));
          expect(published.map(({ durationSeconds }) => durationSeconds)).toEqual(durations);
        },
      ),
    );
  });

  it('publishes what follows a segment that never arrived, at the end', async () => {
    const { output, files, segment } = open();
    segment(1);
    output.playlist(playlistOf([4, 4]));
    expect(output.unstoredBytes).toBe(1);
    await output.close(false);
    expect(files[0]?.segments.map(({ text }) => text)).toEqual(['1']);
    expect(files[0]?.end).toBe('closed');
  });

  it('keeps a last segment of a single frame, whose duration ffmpeg does not know', () => {
    const { output, files, segment } = open();
    segment(0);
    output.playlist(playlistOf([0]));
    expect(files[0]?.segments).toMatchObject([{ text: '0', durationSeconds: 0.001 }]);
  });

  it('begins a next playlist when one is long enough, with the time at which it begins', async () => {
    const { output, files, segment } = open({ maxSeconds: 60 });
    const durations = [25, 25, 25, 25, 25];
    for (const index of durations.keys()) {
      segment(index);
      output.playlist(playlistOf(durations.slice(0, index + 1)));
    }
    await output.close(false);
    expect(files.map(({ startSeconds }) => startSeconds)).toEqual([0, 75]);
    expect(files.map(({ segments }) => segments.map(({ text }) => text))).toEqual([
      ['0', '1', '2'],
      ['3', '4'],
    ]);
    expect(files[1]?.segments[0]).toEqual({
      text: '3',
      durationSeconds: 25,
      programDateTime: '2026-11-22T10:01:15.000Z',
    });
    expect(files.map(({ end }) => end)).toEqual(['closed', 'closed']);
  });

  it('goes on with an adopted playlist after a discontinuity, told once', () => {
    const { output, files, segment } = open({ adopted: 20 });
    segment(0);
    segment(1);
    output.playlist(playlistOf([10, 10]));
    expect(files).toHaveLength(1);
    expect(files[0]?.segments).toEqual([
      { text: '0', durationSeconds: 10, discontinuity: true, programDateTime: '2026-11-22T10:00:00.000Z' },
      { text: '1', durationSeconds: 10 },
    ]);
  });

  it('needs no discontinuity in an adopted playlist that has nothing yet', () => {
    const { output, files, segment } = open({ adopted: 0 });
    segment(0);
    output.playlist(playlistOf([10]));
    expect(files[0]?.segments[0]).not.toHaveProperty('discontinuity');
  });

  it('counts an adopted playlist’s own length, and closes it when that is enough', () => {
    const { output, files, segment } = open({ adopted: 60, maxSeconds: 60 });
    segment(0);
    output.playlist(playlistOf([10]));
    expect(files.map(({ end }) => end)).toEqual(['closed', 'open']);
    expect(files[1]?.segments[0]).not.toHaveProperty('discontinuity');
  });

  it('leaves its playlist open for the capture that goes on with it', async () => {
    const { output, files, segment } = open();
    segment(0);
    output.playlist(playlistOf([10]));
    await output.close(true);
    expect(files[0]?.end).toBe('left');
  });

  it('begins a next playlist when the current one has failed', () => {
    const { output, files, segment } = open();
    segment(0);
    output.playlist(playlistOf([10]));
    for (const file of files) file.failed = true;
    segment(1);
    output.playlist(playlistOf([10, 10]));
    expect(files.map(({ startSeconds }) => startSeconds)).toEqual([0, 10]);
  });

  it('opens nothing any more once it is abandoned', () => {
    const { output, files, segment } = open({ maxSeconds: 5 });
    segment(0);
    output.playlist(playlistOf([10]));
    output.abandon();
    segment(1);
    output.playlist(playlistOf([10, 10]));
    expect(files.map(({ end }) => end)).toEqual(['abandoned']);
  });

  it('passes over what is no playlist', () => {
    const { output, files, segment } = open();
    segment(0);
    output.playlist('not a playlist');
    expect(files).toEqual([]);
  });
});
