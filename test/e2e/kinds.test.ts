import { beforeAll, describe, expect, it } from 'vitest';
import { bind, makeTemplate } from '../support/configure.ts';
import { AUDIO, type FlvTag, readFlv, SCRIPT, VIDEO } from '../support/flv-file.ts';
import { expectEndOf, expectFrames } from '../support/frames.ts';
import { useLocalRun } from '../support/local-run.ts';
import {
  audioPackets,
  codecs,
  FRAMES_PER_SECOND,
  makeSource,
  packets,
  videoFrames,
} from '../support/media.ts';
import { publish } from '../support/publisher.ts';
import { download, endedRecording, type FileView } from '../support/recorded.ts';
import { publishRtmp } from '../support/rtmp-publisher.ts';

/** From the start of the push until a reader has what the ingest sends: well under this. */
const START_SECONDS = 3;

const run = useLocalRun();

beforeAll(async () => {
  const templateId = await makeTemplate(run.api, 'every-format', {
    hls: { segmentSeconds: 2 },
    mp4: {},
    flv: {},
    aac: {},
  });
  await bind(run.api, { domain: 'localhost', app: 'live', templateId });
});

const push = async (path: string, stream: string) => {
  await publish(path, `${run.rtmpUrl}/live/${stream}`).ended;
  return endedRecording(run.api, stream);
};

const formatsOf = (files: readonly FileView[]): string[] => files.map(({ format }) => format).sort();

const COMPLETED = { state: 'completed', reason: { code: 'session-ended' } };

describe.concurrent('A stream', () => {
  it('that is sound alone becomes sound in every format, AAC included', async () => {
    const source = await makeSource(run.folder, 'sound', { seconds: 6, video: false });
    const { recording, files } = await push(source, 'sound');
    expect(recording).toMatchObject({ ...COMPLETED, media: { audioCodec: 'aac' } });
    expect(formatsOf(files)).toEqual(['aac', 'flv', 'hls', 'mp4']);
    const sound = await audioPackets(source);
    for (const file of files) {
      expect(file.state).toBe('ready');
      const path = await download(file, run.folder);
      expect(await codecs(path)).toEqual(['aac']);
      expectEndOf(sound, await audioPackets(path));
    }
  });

  it('that is pictures alone has no AAC, and is whole', async () => {
    const source = await makeSource(run.folder, 'silent', { seconds: 6, audio: false });
    const { recording, files } = await push(source, 'silent');
    expect(recording).toMatchObject(COMPLETED);
    expect(formatsOf(files)).toEqual(['flv', 'hls', 'mp4']);
    const frames = await videoFrames(source);
    for (const file of files) {
      expect(file.state).toBe('ready');
      expectFrames(frames, await videoFrames(await download(file, run.folder)), START_SECONDS);
    }
  });

  it('whose frames do not come in the order of their times is whole, and in order', async () => {
    const video = ['-preset', 'veryfast', '-bf', '3', '-b_strategy', '0'];
    const source = await makeSource(run.folder, 'reordered', { seconds: 8, video });
    const times = (await packets(source, 'v')).map(({ pts }) => pts);
    expect(times).not.toEqual(times.toSorted((one, other) => one - other));
    const { recording, files } = await push(source, 'reordered');
    expect(recording).toMatchObject(COMPLETED);
    const frames = await videoFrames(source);
    for (const file of files) {
      const path = await download(file, run.folder);
      expectFrames(frames, await videoFrames(path), START_SECONDS);
      const shown = (await packets(path, 'v')).map(({ pts }) => pts).sort((one, other) => one - other);
      const steps = shown.slice(1).map((pts, index) => pts - (shown[index] ?? 0));
      expect(Math.max(...steps), file.format).toBeCloseTo(1 / FRAMES_PER_SECOND, 1);
    }
  });

  it('of one second is recorded, or the recording says why not', async () => {
    const source = await makeSource(run.folder, 'brief', { seconds: 1 });
    const { recording, files } = await push(source, 'brief');
    expect(['completed', 'failed']).toContain(recording.state);
    if (recording.state === 'failed') {
      expect(recording.reason).toMatchObject({ cause: 'source', code: 'source-no-media' });
      return;
    }
    const frames = await videoFrames(source);
    for (const file of files) {
      expect(file.state).toBe('ready');
      expectFrames(frames, await videoFrames(await download(file, run.folder)), 0);
    }
  });

  it('that never sends anything is a failed recording that says so', async () => {
    const publisher = await publishRtmp(run.rtmpUrl, 'live', 'mute');
    // Long enough for a recorder to be there.
    await publisher.send([{ type: SCRIPT, timeMs: 3000, data: Buffer.alloc(0) }]);
    await publisher.close();
    const { recording, files } = await endedRecording(run.api, 'mute');
    expect(recording).toMatchObject({
      state: 'failed',
      reason: { cause: 'source', code: 'source-no-media', text: expect.stringContaining('nothing') },
    });
    expect(files).toEqual([]);
  });

  it('of pictures that ffmpeg cannot read is a failed recording that names the codec', async () => {
    const tags = await mediaOf(await makeSource(run.folder, 'unknown', { seconds: 4 }));
    const publisher = await publishRtmp(run.rtmpUrl, 'live', 'unknown');
    // The number that some encoders use for HEVC, without a standard that says so.
    await publisher.send(
      tags.map((tag) => (tag.type === VIDEO ? { ...tag, data: asCodec(12, tag.data) } : tag)),
    );
    await publisher.close();
    const { recording, files } = await endedRecording(run.api, 'unknown');
    expect(recording).toMatchObject({
      state: 'failed',
      reason: {
        cause: 'source',
        code: 'source-unsupported',
        text: expect.stringContaining('Video codec (c) is not implemented'),
      },
    });
    expect(files).toEqual([]);
  });

  it('that changes its size in mid-stream goes on in new files, with every frame', async () => {
    const small = await makeSource(run.folder, 'small', { seconds: 6 });
    const big = await makeSource(run.folder, 'big', { seconds: 6, size: '640x360' });
    const publisher = await publishRtmp(run.rtmpUrl, 'live', 'changing');
    await publisher.send([...(await mediaOf(small)), ...later(await mediaOf(big), 6000)]);
    await publisher.close();
    const { recording, files } = await endedRecording(run.api, 'changing');
    expect(recording).toMatchObject(COMPLETED);
    const before = await videoFrames(small);
    const after = await videoFrames(big);
    for (const format of ['mp4', 'flv']) {
      const [first, second, ...others] = files.filter((file) => file.format === format);
      if (first === undefined || second === undefined) throw new Error(`${format} does not go on`);
      expect(others).toEqual([]);
      expect(first.reason).toMatchObject({ code: 'codec-changed' });
      expectFrames(before, await videoFrames(await download(first, run.folder)), 0);
      expectFrames(after, await videoFrames(await download(second, run.folder)), START_SECONDS);
    }
    const [playlist, ...others] = files.filter(({ format }) => format === 'hls');
    expect(others).toEqual([]);
    const text = await (await fetch(playlist?.url ?? '')).text();
    expect(text.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
  });
});

const asCodec = (codec: number, data: Buffer): Buffer => {
  const copy = Buffer.from(data);
  copy.writeUInt8((data.readUInt8(0) & 0xf0) | codec, 0);
  return copy;
};

const mediaOf = async (path: string): Promise<FlvTag[]> =>
  (await readFlv(path)).filter((tag) => tag.type === VIDEO || tag.type === AUDIO);

const later = (tags: readonly FlvTag[], byMs: number): FlvTag[] =>
  tags.map((tag) => ({ ...tag, timeMs: tag.timeMs + byMs }));
