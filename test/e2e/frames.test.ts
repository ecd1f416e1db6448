import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { topLevelBoxes } from '../support/boxes.ts';
import { bind, makeDomain, makeTemplate } from '../support/configure.ts';
import { isKeyFrame, metadataOf, readFlv, VIDEO } from '../support/flv-file.ts';
import { expectEndOf, expectFrames } from '../support/frames.ts';
import { useLocalRun } from '../support/local-run.ts';
import {
  audioPackets,
  FRAMES_PER_SECOND,
  frameAt,
  KEY_FRAME_SECONDS,
  makeSource,
  packets,
  videoFrames as readVideoFrames,
  type SourceOptions,
} from '../support/media.ts';
import { freePort, startNginxRtmp } from '../support/nginx-rtmp.ts';
import { onThisMachine } from '../support/on-this-machine.ts';
import { publish } from '../support/publisher.ts';
import { download, endedRecording, type FileView } from '../support/recorded.ts';

const NGINX_DOMAIN = 'nginx.example.com';
const VIDEO_FORMATS = ['hls', 'mp4', 'flv'];
/** From the start of the push until a reader has what the ingest sends: well under this. */
const START_SECONDS = 3;

interface Downloaded extends FileView {
  readonly path: string;
}

interface Recorded {
  readonly source: string;
  /** By beginning. */
  readonly files: readonly Downloaded[];
  /** When the publisher's process ended. */
  readonly endedAt: number;
}

const INGESTS = ['node-media-server', 'nginx-rtmp'] as const;
type Ingest = (typeof INGESTS)[number];
/** Of what becomes of many parts in storage, neither knows anything: one of them is enough. */
const STREAMS = { 'node-media-server': ['short', 'long'], 'nginx-rtmp': ['large', 'short', 'long'] } as const;
type StreamName = (typeof STREAMS)[Ingest][number];

const SOURCES: Record<StreamName, SourceOptions> = {
  short: { seconds: 10 },
  long: { seconds: 150, size: '160x90' },
  large: {
    seconds: 8,
    size: '960x540',
    filter: 'noise=alls=60:allf=t',
    video: ['-b:v', '30M', '-maxrate', '30M', '-bufsize', '30M'],
  },
};
/** How many times as fast as real time they are pushed. */
const RATES: Record<StreamName, number> = { short: 1, long: 10, large: 1 };

const GROUP_FRAMES = FRAMES_PER_SECOND * KEY_FRAME_SECONDS;

const run = useLocalRun();
const recorded = new Map<string, Recorded>();
const recordedOf = (ingest: Ingest, stream: StreamName): Recorded => {
  const recording = recorded.get(`${stream}-${ingest}`);
  if (recording === undefined) throw new Error(`${stream} of ${ingest} was not recorded`);
  return recording;
};

/** Resolves when the first file of a stream has begun. */
const begun = (stream: string): Promise<void> =>
  new Promise((resolve) => {
    run.notices.on('notice', ({ type, stream: { stream: name } }) => {
      if (type === 'file.opened' && name === stream) resolve();
    });
  });

const ended = async (source: string, stream: string, endedAt: Promise<number>): Promise<Recorded> => {
  await endedAt;
  const { recording, files } = await endedRecording(run.api, stream);
  expect(recording).toMatchObject({ state: 'completed', reason: { code: 'session-ended' } });
  const downloaded = files.map(async (file) => ({ ...file, path: await download(file, run.folder) }));
  return { source, endedAt: await endedAt, files: await Promise.all(downloaded) };
};

const of = ({ files }: Recorded, format: string): Downloaded[] =>
  files.filter((file) => file.format === format);

const only = (recording: Recorded, format: string): Downloaded => {
  const [file, ...others] = of(recording, format);
  if (file === undefined || others.length > 0) throw new Error(`Not one ${format} file`);
  return file;
};

const pictures = new Map<string, Promise<string[]>>();
/** Of files that do not change: each is decoded once for all that is asked of it. */
const videoFrames = (path: string): Promise<string[]> => {
  const frames = pictures.get(path) ?? readVideoFrames(path);
  pictures.set(path, frames);
  return frames;
};

const concatenated = async (
  files: readonly Downloaded[],
  read: (path: string) => Promise<string[]>,
): Promise<string[]> => {
  const all: string[] = [];
  for (const { path } of files) all.push(...(await read(path)));
  return all;
};

const startNginx = async (): Promise<string> => {
  const port = await freePort();
  const secret = await makeDomain(run.api, {
    domain: NGINX_DOMAIN,
    adapter: 'nginx-rtmp',
    source: { url: `rtmp://127.0.0.1:${port}/{app}/{stream}` },
  });
  const nginx = await startNginxRtmp(join(run.folder, 'nginx'), port, {
    publish: `${run.apiUrl}/v1/ingest/nginx-rtmp/${NGINX_DOMAIN}?secret=${secret}`,
  });
  run.onEnd(() => nginx.stop());
  return nginx.url;
};

const bindTemplates = async (): Promise<void> => {
  const whole = await makeTemplate(run.api, 'whole', { hls: { segmentSeconds: 4 }, mp4: {}, flv: {} });
  await bind(run.api, { domain: NGINX_DOMAIN, templateId: whole });
  const cut = await makeTemplate(run.api, 'cut', {
    hls: { segmentSeconds: 4, segmentation: 1 },
    mp4: { maxMinutes: 1 },
    flv: { maxMinutes: 1 },
  });
  await bind(run.api, {
    domain: 'localhost',
    app: 'live',
    stream: 'long-node-media-server',
    templateId: cut,
  });
  await bind(run.api, { domain: NGINX_DOMAIN, app: 'live', stream: 'long-nginx-rtmp', templateId: cut });
};

// Side by side, each begun when the one before it is being recorded: what all of them cost to begin or to end at once
// would be measured otherwise. Nothing is decoded before all have ended, for the same reason.
beforeAll(async () => {
  const urls = { 'node-media-server': run.rtmpUrl, 'nginx-rtmp': await startNginx() };
  await bindTemplates();
  const paths = new Map<StreamName, string>();
  const names = Object.keys(SOURCES) as StreamName[];
  for (const stream of names) paths.set(stream, await makeSource(run.folder, stream, SOURCES[stream]));
  const endings: Promise<unknown>[] = [];
  for (const ingest of INGESTS) {
    for (const stream of STREAMS[ingest]) {
      const [name, path] = [`${stream}-${ingest}`, paths.get(stream) ?? ''];
      const isBegun = begun(name);
      const { ended: endedAt } = publish(path, `${urls[ingest]}/live/${name}`, RATES[stream]);
      const ending = ended(path, name, endedAt).then((recording) => recorded.set(name, recording));
      endings.push(ending);
      await Promise.race([isBegun, ending]);
    }
  }
  await Promise.all(endings);
}, 120_000);

const expectFastStart = async (recording: Recorded): Promise<void> => {
  const boxes = await topLevelBoxes(only(recording, 'mp4').path);
  expect(boxes.map(({ type }) => type)).toEqual(['ftyp', 'moov', 'mdat']);
};

const expectIndex = async (recording: Recorded): Promise<void> => {
  const { path, durationSeconds } = only(recording, 'flv');
  const tags = await readFlv(path);
  const metadata = metadataOf(tags);
  expect(metadata.get('duration')).toBeCloseTo(durationSeconds, 2);
  const index = metadata.get('keyframes') as { members: ReadonlyMap<string, number[]> };
  // By convention the video's sequence header is the first entry.
  const header = tags.filter((tag) => tag.type === VIDEO).slice(0, 1);
  const entries = [...header, ...tags.filter(isKeyFrame)];
  expect(index.members.get('filepositions')).toEqual(entries.map(({ offset }) => offset));
  expect(index.members.get('times')).toEqual(entries.map(({ timeMs }) => timeMs / 1000));
};

describe.concurrent('A stream of many parts', () => {
  const large = () => recordedOf('nginx-rtmp', 'large');

  it('becomes an ordinary fast-start MP4', async () => {
    const path = only(large(), 'mp4');
    const { headers } = await fetch(path.url ?? '', { headers: { range: 'bytes=0-0' } });
    // S3 writes the number of parts behind the entity tag. They end where fragments end, of which the large stream has few.
    expect(Number(/-(\d+)"$/.exec(headers.get('etag') ?? '')?.[1])).toBeGreaterThanOrEqual(3);
    await expectFastStart(large());
  });

  it('is whole', async () => {
    const recording = large();
    const frames = await videoFrames(recording.source);
    for (const format of VIDEO_FORMATS) {
      const { path, sizeBytes } = only(recording, format);
      expect(sizeBytes).toBeGreaterThan(20e6);
      expectFrames(frames, await videoFrames(path), START_SECONDS);
    }
  });

  it('becomes an FLV with its duration and an index of its key frames', () => expectIndex(large()));

  it('shows the same picture as the source wherever a player seeks to', async () => {
    const recording = large();
    const frames = await videoFrames(recording.source);
    for (const format of ['mp4', 'flv']) {
      const { url, path } = only(recording, format);
      const played = await videoFrames(path);
      const times = (await packets(path, 'v')).map(({ pts }) => pts).sort((one, other) => one - other);
      // ffmpeg reads the times of an FLV's index in whole seconds: less than a second ahead of a key frame it takes
      // the target for behind it.
      for (let index = GROUP_FRAMES * 0.4; index < played.length; index += GROUP_FRAMES) {
        const expected = frames[frames.length - played.length + index];
        const seconds = (times[index] ?? 0) - 0.5 / FRAMES_PER_SECOND;
        expect(await frameAt(url ?? '', seconds)).toBe(expected);
      }
    }
  });
});

describe.concurrent.each(INGESTS)('A stream of %s', (ingest) => {
  const short = () => recordedOf(ingest, 'short');
  const long = () => recordedOf(ingest, 'long');

  it('is recorded frame by frame, from the first key frame to the last frame', async () => {
    const recording = short();
    const frames = await videoFrames(recording.source);
    const sound = await audioPackets(recording.source);
    for (const format of VIDEO_FORMATS) {
      const { path } = only(recording, format);
      expectFrames(frames, await videoFrames(path), START_SECONDS);
      expectEndOf(sound, await audioPackets(path));
    }
  });

  it('has every frame exactly once over files that are cut, each beginning at a key frame and at zero', async () => {
    const recording = long();
    const frames = await videoFrames(recording.source);
    const sound = await audioPackets(recording.source);
    for (const format of VIDEO_FORMATS) {
      const files = of(recording, format);
      expect(files).toHaveLength(3);
      expectFrames(frames, await concatenated(files, videoFrames), START_SECONDS * RATES.long);
      expectEndOf(sound, await concatenated(files, audioPackets));
      for (const { path, durationSeconds } of files) {
        const pictures = await packets(path, 'v');
        expect(pictures[0]?.key).toBe(true);
        expect(durationSeconds).toBeLessThanOrEqual(60 + KEY_FRAME_SECONDS);
        // The time stamps of MPEG-TS do not begin at zero, and players do not mind.
        if (format === 'hls') continue;
        // nginx-rtmp sends sound at once, and pictures from the next key frame on.
        const [sounds] = await packets(path, 'a');
        expect(Math.min(pictures[0]?.pts ?? 99, sounds?.pts ?? 99)).toBeLessThan(0.1);
      }
    }
  });

  it('becomes an ordinary fast-start MP4', () => expectFastStart(short()));

  it('becomes an FLV with its duration and an index of its key frames', () => expectIndex(short()));

  it('is ready in every format within two seconds of its end', () => {
    for (const stream of STREAMS[ingest]) {
      const recording = recordedOf(ingest, stream);
      for (const { format, readyAt } of recording.files) {
        const seconds = (Date.parse(readyAt ?? '') - recording.endedAt) / 1000;
        expect(seconds, `${format} of ${recording.source}`).toBeLessThan(onThisMachine(2));
      }
    }
  });
});
