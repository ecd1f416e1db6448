import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import type { Segment } from '../../shared/hls/playlist.ts';
import { bind, makeDomain, makeTemplate } from '../support/configure.ts';
import { isSequenceHeader, readFlv, SCRIPT } from '../support/flv-file.ts';
import { expectEndOf } from '../support/frames.ts';
import { useLocalRun } from '../support/local-run.ts';
import { FRAMES_PER_SECOND, KEY_FRAME_SECONDS, makeSource, videoFrames } from '../support/media.ts';
import { freePort, startNginxRtmp } from '../support/nginx-rtmp.ts';
import { once } from '../support/once.ts';
import { download, endedRecording, type FileView, filesOf, recordingsOf } from '../support/recorded.ts';
import { publishRtmp } from '../support/rtmp-publisher.ts';

const NGINX = 'nginx.example.com';
const PUSH_SECONDS = 12;
/** Of program date-times, against the moment at which a frame was pushed. */
const MOST_OFF_SECONDS = 0.2;

const run = useLocalRun();
const source = once(() => makeSource(run.folder, 'pushed', { seconds: PUSH_SECONDS }));
const tags = once(async () => (await readFlv(await source())).filter(({ type }) => type !== SCRIPT));
const servers = { nginx: { domain: NGINX, url: '' }, own: { domain: 'localhost', url: '' } };

beforeAll(async () => {
  const port = await freePort();
  const secret = await makeDomain(run.api, {
    domain: NGINX,
    adapter: 'nginx-rtmp',
    source: { url: `rtmp://127.0.0.1:${port}/{app}/{stream}` },
  });
  const nginx = await startNginxRtmp(join(run.folder, 'nginx'), port, {
    publish: `${run.apiUrl}/v1/ingest/nginx-rtmp/${NGINX}?secret=${secret}`,
  });
  run.onEnd(() => nginx.stop());
  servers.nginx.url = nginx.url;
  servers.own.url = run.rtmpUrl;
});

type Server = keyof typeof servers;

/** Pushes the whole source once, from now on. @returns when it ended, by this clock */
const push = async (server: Server, stream: string): Promise<number> => {
  const publisher = await publishRtmp(servers[server].url, 'live', stream);
  await publisher.send(await tags());
  await publisher.close();
  return Date.now();
};

/** Pushes the source again and again without a break, until it is being recorded and played to its end. */
const pushUntilRecorded = async (server: Server, stream: string): Promise<number> => {
  const publisher = await publishRtmp(servers[server].url, 'live', stream);
  const isRecorded = async (): Promise<boolean> => {
    const [recording] = await recordingsOf(run.api, stream);
    return recording !== undefined && of(await filesOf(run.api, recording.recordId), 'mp4').length > 0;
  };
  for (let begin = 0, isLast = false; !isLast; begin += PUSH_SECONDS * 1000) {
    isLast = await isRecorded();
    const later = (await tags()).map((tag) => ({ ...tag, timeMs: tag.timeMs + begin }));
    await publisher.send(begin === 0 ? later : later.filter((tag) => !isSequenceHeader(tag)));
  }
  const endedAt = Date.now();
  await publisher.close();
  return endedAt;
};

const noticesOf = (stream: string): { types: string[]; ended: Promise<number> } => {
  const types: string[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<number>();
  run.notices.on('notice', (notice) => {
    if (notice.stream.stream !== stream || !notice.type.startsWith('recording.')) return;
    types.push(notice.type);
    if (notice.type === 'recording.ended') resolve(Date.now());
  });
  return { types, ended };
};

const record = async (server: Server, stream: string, resumptionTimeout: number) => {
  const templateId = await makeTemplate(run.api, `drops-${stream}`, {
    hls: { segmentSeconds: 2, resumptionTimeout },
    mp4: {},
    flv: {},
    aac: { when: 'always' },
  });
  await bind(run.api, { domain: servers[server].domain, app: 'live', stream, templateId });
  return noticesOf(stream);
};

const of = (files: readonly FileView[], format: string): FileView[] =>
  files.filter((file) => file.format === format);

const playlistOf = async (files: readonly FileView[]) => {
  const [file, ...others] = of(files, 'hls');
  expect(others).toEqual([]);
  const playlist = parsePlaylist(await (await fetch(file?.url ?? '')).text());
  if (playlist === undefined) throw new Error('The playlist cannot be read');
  return playlist;
};

/** When the last picture of each uninterrupted run of a playlist was there, by its program date-times. */
const endsOfRuns = (segments: readonly Segment[]): number[] => {
  const lasts = segments.filter(
    (_, index) => segments[index + 1]?.discontinuity ?? index === segments.length - 1,
  );
  return lasts.map(
    ({ programDateTime, durationSeconds }) => Date.parse(programDateTime ?? '') + durationSeconds * 1000,
  );
};

/** That the last file of a format holds the end of the push, from a key frame soon after its beginning on. */
const expectLastPush = async (files: readonly FileView[], format: string): Promise<void> => {
  const last = of(files, format).at(-1);
  if (last === undefined) throw new Error(`There is no ${format}`);
  const frames = await videoFrames(await source());
  const played = await videoFrames(await download(last, run.folder));
  expect(expectEndOf(frames, played), format).toBeLessThanOrEqual(3 * KEY_FRAME_SECONDS * FRAMES_PER_SECOND);
};

describe.concurrent('A stream that drops for less than a second', () => {
  it.each<[Server, number]>([
    ['own', 450],
    ['nginx', 100],
    ['nginx', 450],
  ])('at the server %s for %s ms is one recording, without a resumption timeout', async (server, gap) => {
    const stream = `dropped-${server}-${gap}`;
    const notices = await record(server, stream, 0);
    await pushUntilRecorded(server, stream);
    await wait(gap);
    await push(server, stream);
    const { recording, files } = await endedRecording(run.api, stream);
    expect(recording).toMatchObject({ state: 'completed', reason: { code: 'session-ended' } });
    const { segments, ended } = await playlistOf(files);
    expect(ended).toBe(true);
    expect(segments.filter(({ discontinuity }) => discontinuity)).toHaveLength(1);
    for (const format of ['mp4', 'flv']) {
      expect(of(files, format)).toHaveLength(2);
      expect(of(files, format)[0]?.reason?.code).toMatch(/session-resumed|time-jumped|source-silent/);
      await expectLastPush(files, format);
    }
    await notices.ended;
    expect(notices.types).toEqual(['recording.started', 'recording.ended']);
  });
});

describe.concurrent('A stream that is away for a while', { timeout: 300_000 }, () => {
  it.each<Server>(['own', 'nginx'])('goes on at %s with its recording, and ends once', async (server) => {
    const stream = `away-${server}`;
    const notices = await record(server, stream, 15);
    const pushEnds = [await pushUntilRecorded(server, stream)];
    const [begun] = await recordingsOf(run.api, stream);
    const url = of(await filesOf(run.api, begun?.recordId ?? ''), 'hls')[0]?.url ?? '';
    // Whoever plays it meanwhile must be able to, at every moment.
    const broken: string[] = [];
    const player = setInterval(async () => {
      const playlist = parsePlaylist(await (await fetch(url)).text());
      if (playlist === undefined || playlist.segments.length === 0) broken.push(new Date().toISOString());
    }, 1000);
    for (const gap of [3000, 10_000]) {
      await wait(gap);
      pushEnds.push(await push(server, stream));
    }
    // The time-out is looked at once a minute.
    await notices.ended;
    clearInterval(player);
    const { recording, files } = await endedRecording(run.api, stream);
    expect(broken).toEqual([]);
    expect(recording).toMatchObject({ state: 'completed', reason: { code: 'session-ended' } });
    const { segments, ended } = await playlistOf(files);
    expect(ended).toBe(true);
    const late = endsOfRuns(segments).map((end, index) => (end - (pushEnds[index] ?? 0)) / 1000);
    expect(late).toHaveLength(3);
    for (const seconds of late) expect(Math.abs(seconds), `of ${late}`).toBeLessThanOrEqual(MOST_OFF_SECONDS);
    for (const format of ['mp4', 'flv']) {
      expect(of(files, format)).toHaveLength(3);
      await expectLastPush(files, format);
    }
    // A stream that is back before its recorder has finished has not paused.
    expect(notices.types.join(' ')).toMatch(
      /^recording\.started( recording\.paused recording\.resumed){0,2} recording\.paused recording\.ended$/,
    );
  });
});
