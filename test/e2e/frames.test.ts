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
  videoFrames,
} from '../support/media.ts';
import { freePort, startNginxRtmp } from '../support/nginx-rtmp.ts';
import { once } from '../support/once.ts';
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

const run = useLocalRun();
let nginxUrl: string;

const source = {
  short: once(() => makeSource(run.folder, 'short', { seconds: 10 })),
  long: once(() => makeSource(run.folder, 'long', { seconds: 150, size: '160x90' })),
  large: once(() =>
    makeSource(run.folder, 'large', {
      seconds: 10,
      size: '960x540',
      filter: 'noise=alls=60:allf=t',
      video: ['-b:v', '24M', '-maxrate', '24M', '-bufsize', '24M'],
    }),
  ),
};

const record = async (path: string, baseUrl: string, stream: string, rate: number): Promise<Recorded> => {
  const endedAt = await publish(path, `${baseUrl}/live/${stream}`, rate).ended;
  const { recording, files } = await endedRecording(run.api, stream);
  expect(recording).toMatchObject({ state: 'completed', reason: { code: 'session-ended' } });
  const downloaded = files.map(async (file) => ({ ...file, path: await download(file, run.folder) }));
  return { source: path, endedAt, files: await Promise.all(downloaded) };
};

const FAST = 10;
const recorded = {
  'node-media-server': {
    short: once(async () => record(await source.short(), run.rtmpUrl, 'short', 1)),
    long: once(async () => record(await source.long(), run.rtmpUrl, 'long', FAST)),
    large: once(async () => record(await source.large(), run.rtmpUrl, 'large', 2)),
  },
  'nginx-rtmp': {
    short: once(async () => record(await source.short(), nginxUrl, 'short-by-nginx', 1)),
    long: once(async () => record(await source.long(), nginxUrl, 'long-by-nginx', FAST)),
    large: once(async () => record(await source.large(), nginxUrl, 'large-by-nginx', 2)),
  },
};

const of = ({ files }: Recorded, format: string): Downloaded[] =>
  files.filter((file) => file.format === format);

const only = (recording: Recorded, format: string): Downloaded => {
  const [file, ...others] = of(recording, format);
  if (file === undefined || others.length > 0) throw new Error(`Not one ${format} file`);
  return file;
};

const concatenated = async (
  files: readonly Downloaded[],
  read: (path: string) => Promise<string[]>,
): Promise<string[]> => {
  const all: string[] = [];
  for (const { path } of files) all.push(...(await read(path)));
  return all;
};

beforeAll(async () => {
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
  nginxUrl = nginx.url;

  const whole = await makeTemplate(run.api, 'whole', { hls: { segmentSeconds: 4 }, mp4: {}, flv: {} });
  await bind(run.api, { domain: NGINX_DOMAIN, templateId: whole });
  const cut = await makeTemplate(run.api, 'cut', {
    hls: { segmentSeconds: 4, segmentation: 1 },
    mp4: { maxMinutes: 1 },
    flv: { maxMinutes: 1 },
  });
  for (const [domain, stream] of [
    ['localhost', 'long'],
    [NGINX_DOMAIN, 'long-by-nginx'],
  ] as const) {
    await bind(run.api, { domain, app: 'live', stream, templateId: cut });
  }
});

describe.concurrent.each(['node-media-server', 'nginx-rtmp'] as const)('A stream of %s', (ingest) => {
  const { short, long, large } = recorded[ingest];

  it('is recorded frame by frame, from the first key frame to the last frame', async () => {
    const recording = await short();
    const frames = await videoFrames(recording.source);
    const sound = await audioPackets(recording.source);
    for (const format of VIDEO_FORMATS) {
      const { path } = only(recording, format);
      expectFrames(frames, await videoFrames(path), START_SECONDS);
      expectEndOf(sound, await audioPackets(path));
    }
  });

  it('has every frame exactly once over files that are cut, each beginning at a key frame and at zero', async () => {
    const recording = await long();
    const frames = await videoFrames(recording.source);
    const sound = await audioPackets(recording.source);
    for (const format of VIDEO_FORMATS) {
      const files = of(recording, format);
      expect(files).toHaveLength(3);
      expectFrames(frames, await concatenated(files, videoFrames), START_SECONDS * FAST);
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

  it('becomes an ordinary fast-start MP4, also of many parts', async () => {
    const path = only(await large(), 'mp4');
    const { headers } = await fetch(path.url ?? '', { headers: { range: 'bytes=0-0' } });
    // S3 writes the number of parts behind the entity tag.
    expect(Number(/-(\d+)"$/.exec(headers.get('etag') ?? '')?.[1])).toBeGreaterThanOrEqual(4);
    for (const recording of [await short(), await large()]) {
      const boxes = await topLevelBoxes(only(recording, 'mp4').path);
      expect(boxes.map(({ type }) => type)).toEqual(['ftyp', 'moov', 'mdat']);
    }
  });

  it('is whole in files of many parts', async () => {
    const recording = await large();
    const frames = await videoFrames(recording.source);
    for (const format of VIDEO_FORMATS) {
      const { path, sizeBytes } = only(recording, format);
      expect(sizeBytes).toBeGreaterThan(20e6);
      expectFrames(frames, await videoFrames(path), START_SECONDS * 2);
    }
  });

  it('becomes an FLV with its duration and an index of its key frames', async () => {
    for (const recording of [await short(), await large()]) {
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
    }
  });

  it('shows the same picture as the source wherever a player seeks to', async () => {
    const recording = await large();
    const frames = await videoFrames(recording.source);
    for (const format of ['mp4', 'flv']) {
      const { url, path } = only(recording, format);
      const played = await videoFrames(path);
      const times = (await packets(path, 'v')).map(({ pts }) => pts).sort((one, other) => one - other);
      for (const share of [0.2, 0.5, 0.9]) {
        const index = Math.floor(played.length * share);
        const expected = frames[frames.length - played.length + index];
        const seconds = (times[index] ?? 0) - 0.5 / FRAMES_PER_SECOND;
        expect(await frameAt(url ?? '', seconds)).toBe(expected);
      }
    }
  });

  it('is ready in every format within two seconds of its end', async () => {
    for (const recording of [await short(), await long(), await large()]) {
      for (const { format, readyAt } of recording.files) {
        const seconds = (Date.parse(readyAt ?? '') - recording.endedAt) / 1000;
        expect(seconds, `${format} of ${recording.source}`).toBeLessThan(2);
      }
    }
  });
});
