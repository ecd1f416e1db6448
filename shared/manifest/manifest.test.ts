import { describe, expect, it } from 'vitest';
import { DEFAULT_PATH } from '../path/placeholders.ts';
import { endReason } from '../recordings/end-reason.ts';
import { folderOfRecording, manifestKeyOf } from '../recordings/folder.ts';
import { at, newRecording, planWith } from '../recordings/recording.fixture.ts';
import { manifestSchema } from '../schemas/manifest.ts';
import type { RecordingFile } from '../schemas/recording.ts';
import { coverageOf, gapsIn } from './gaps.ts';
import { manifestOf, renderManifest } from './manifest.ts';

const file = (changes: Partial<RecordingFile> = {}): RecordingFile => ({
  recordId: 'rec_1',
  fileId: '0001-mp4-0001',
  format: 'mp4',
  bucket: 'recordings',
  key: 'demo/1.mp4',
  state: 'ready',
  location: 'primary',
  sizeBytes: 1_000_000,
  durationSeconds: 10,
  startedAt: at(0),
  readyAt: at(11),
  epoch: 1,
  ...changes,
});

const segment = (from: number, durationSeconds: number) => ({ durationSeconds, programDateTime: at(from) });

describe('The gaps of a playlist', () => {
  it('are where its segments do not follow one another, discontinuity or not', () => {
    expect(gapsIn([segment(0, 10), segment(10, 10), segment(35, 10), segment(45.4, 5)])).toEqual([
      { from: at(20), to: at(35) },
    ]);
  });

  it('are the longest 200 of them, in the order of time', () => {
    const segments = Array.from({ length: 300 }, (_, index) => segment(index * 100, index < 99 ? 50 : 90));
    const gaps = gapsIn(segments);
    expect(gaps).toHaveLength(200);
    expect(gaps.slice(0, 99).every(({ from }, index) => from === at(index * 100 + 50))).toBe(true);
    expect(gaps.map(({ from }) => from)).toEqual(gaps.map(({ from }) => from).toSorted());
  });
});

describe('What a recording covers', () => {
  it('is what any of its files has', () => {
    const hls = file({ format: 'hls', durationSeconds: 50, gaps: [{ from: at(20), to: at(35) }] });
    expect(coverageOf([hls])).toEqual({ recordedSeconds: 50, gaps: [{ from: at(20), to: at(35) }] });
    const [first, second] = [file({ durationSeconds: 28 }), file({ startedAt: at(35), durationSeconds: 30 })];
    expect(coverageOf([hls, second, first])).toEqual({
      recordedSeconds: 58,
      gaps: [{ from: at(28), to: at(35) }],
    });
  });

  it('has no gap where files of two formats begin a little beside one another', () => {
    const files = [file({ durationSeconds: 10 }), file({ startedAt: at(10.6), durationSeconds: 10 })];
    expect(coverageOf(files).gaps).toEqual([]);
  });
});

describe('A manifest', () => {
  const completed = newRecording({
    state: 'completed',
    endedAt: at(70),
    reason: endReason('session-ended'),
    captures: 2,
    media: { videoCodec: 'h264', width: 1280, height: 720 },
  });

  it('says what there is to know of a recording and its files', () => {
    const away = {
      ...{ places: ['backup' as const], since: at(0), dueAt: at(90), failures: 1 },
      reason: endReason('storage-failed'),
    };
    const files = [
      file({ checksum: { etag: '"abc-2"', crc32: 'AAAAAA==' }, away }),
      file({ fileId: '0002-mp4-0001', startedAt: at(30), location: 'backup', bucket: 'b', away }),
      file({ fileId: '0002-hls-0001', format: 'hls', state: 'failed', durationSeconds: 0, sizeBytes: 0 }),
    ];
    const manifest = manifestOf(completed, files);
    expect(manifestSchema.parse(manifest)).toEqual(manifest);
    expect(manifest).toMatchObject({
      version: 1,
      recordId: 'rec_1',
      stream: { domain: 'push.example.com', app: 'live', stream: 'demo' },
      templateId: 'tpl_1',
      reason: { code: 'session-ended' },
      content: { recorded: 'origin', reason: null },
      media: { videoCodec: 'h264' },
      captures: 2,
      recordedSeconds: 20,
      gaps: [{ from: at(10), to: at(30) }],
      files: [
        { region: 'eu-central-1', bitsPerSecond: 800_000, checksum: { crc32: 'AAAAAA==' }, reason: null },
        { location: 'backup', checksum: null, reason: { code: 'storage-failed' } },
        { state: 'failed', bitsPerSecond: null },
      ],
    });
    expect(JSON.parse(renderManifest(manifest).toString())).toEqual(manifest);
  });

  it('lies where no other recording has anything, whatever the path of the template', () => {
    const keyFor = (path: string) => manifestKeyOf({ ...completed, plan: { ...planWith(), path } });
    expect(keyFor(DEFAULT_PATH)).toBe(
      'origin/push.example.com/live/demo/rec_1/2026-11-22-10-00-00/recording.json',
    );
    expect(keyFor('{StreamID}/{RandomID}')).toBe('demo/rec_1-rec_1/recording.json');
    expect(keyFor('{StreamID}/{StartMillisecond}')).toBe('demo/000-rec_1/recording.json');
  });

  it('never has a longer key than S3 takes', () => {
    const plan = { ...planWith(), path: `${'x'.repeat(440)}/{AppName}/{StreamID}/{RandomID}` };
    const recordId = `rec_${'0'.repeat(26)}`;
    const long = { ...completed, recordId, app: '%'.repeat(256), stream: 'ü'.repeat(128), plan };
    expect(Buffer.byteLength(`${folderOfRecording(long)}/thumbnails-0001-000001.jpg`)).toBeLessThan(1024);
  });
});
