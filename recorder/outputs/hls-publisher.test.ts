import { describe, expect, it, vi } from 'vitest';
import { START, takenOf } from '../recorder.fixture.ts';
import { fakeFiles } from './hls.fixture.ts';
import { HlsPublisher } from './hls-publisher.ts';

const open = ({ maxSeconds = Number.POSITIVE_INFINITY, adopted = undefined as number | undefined } = {}) => {
  const { files, openFile, segments } = fakeFiles();
  const ending = vi.fn();
  const publisher = new HlsPublisher({
    onEnding: ending,
    ...(adopted === undefined ? {} : { adopted: openFile(-1, adopted) }),
    maxSeconds,
    openFile: (startSeconds) => openFile(startSeconds),
    zero: () => START,
  });
  let now = 0;
  const publish = (...durations: readonly number[]) => {
    for (const seconds of durations) {
      const beginSeconds = now;
      now += seconds;
      publisher.publish({ media: takenOf(`at ${beginSeconds}`), beginSeconds, endSeconds: now });
    }
  };
  return { publisher, files, segments, publish, ending };
};

describe('A publisher of HLS', () => {
  it('gives every segment the time at which it was live', () => {
    const { segments, publish, publisher } = open();
    publish(9.6, 10);
    expect(segments()).toEqual([
      { bytes: Buffer.from('at 0'), durationSeconds: 9.6, programDateTime: '2026-11-22T10:00:00.000Z' },
      { bytes: Buffer.from('at 9.6'), durationSeconds: 10, programDateTime: '2026-11-22T10:00:09.600Z' },
    ]);
    expect(publisher.seconds).toBeCloseTo(19.6);
  });

  it('keeps a segment of a single frame, of which nobody knows how long it is shown', () => {
    const { segments, publish } = open();
    publish(0);
    expect(segments()).toMatchObject([{ durationSeconds: 0.001 }]);
  });

  it('begins a next playlist when one is long enough, with the time at which it begins', async () => {
    const { publisher, files, publish } = open({ maxSeconds: 60 });
    publish(25, 25, 25, 25, 25);
    await publisher.close(false);
    expect(files.map(({ startSeconds }) => startSeconds)).toEqual([0, 75]);
    expect(files.map(({ segments }) => segments.length)).toEqual([3, 2]);
    expect(files.map(({ end }) => end)).toEqual(['closed', 'closed']);
  });

  it('closes a playlist as soon as it is long enough, and not with the segment after that', () => {
    const { files, publish, ending } = open({ maxSeconds: 60 });
    publish(20, 20);
    expect(files[0]?.end).toBe('open');
    // Time stamps tremble: nobody waits for a whole segment because of that.
    publish(19.99);
    expect(files.map(({ end }) => end)).toEqual(['closed']);
    expect(ending).toHaveBeenCalledExactlyOnceWith(files[0]?.file);
  });

  it('has nothing to leave open when the last segment has filled its playlist', async () => {
    const { publisher, files, publish } = open({ maxSeconds: 20 });
    publish(10, 10);
    const left = vi.fn();
    await publisher.close(true, left);
    expect(left).toHaveBeenCalledExactlyOnceWith(undefined);
    expect(files.map(({ end }) => end)).toEqual(['closed']);
  });

  it('goes on with an adopted playlist after a discontinuity, told once', () => {
    const { files, segments, publish } = open({ adopted: 20 });
    publish(10, 10);
    expect(files).toHaveLength(1);
    expect(segments().map(({ discontinuity }) => discontinuity)).toEqual([true, undefined]);
  });

  it('goes on after a discontinuity also when nobody knows whether an adopted playlist has anything', () => {
    const { segments, publish } = open({ adopted: 0 });
    publish(10);
    expect(segments()[0]).toHaveProperty('discontinuity', true);
  });

  it('counts an adopted playlist’s own length, and closes it when that is enough', () => {
    const { files, publish } = open({ adopted: 60, maxSeconds: 60 });
    publish(10);
    expect(files.map(({ end }) => end)).toEqual(['closed', 'open']);
    expect(files[1]?.segments[0]).not.toHaveProperty('discontinuity');
  });

  it('leaves its playlist open for the capture that goes on with it', async () => {
    const { publisher, files, publish } = open();
    publish(10);
    await publisher.close(true);
    expect(files[0]?.end).toBe('left');
  });

  it('begins a next playlist when the current one has failed', () => {
    const { files, publish } = open();
    publish(10);
    for (const file of files) file.failed = true;
    publish(10);
    expect(files.map(({ startSeconds }) => startSeconds)).toEqual([0, 10]);
  });

  it('opens nothing any more once it is abandoned', () => {
    const { publisher, files, publish } = open({ maxSeconds: 15 });
    publish(10);
    publisher.abandon();
    publish(10);
    expect(files.map(({ end }) => end)).toEqual(['abandoned']);
  });
});
