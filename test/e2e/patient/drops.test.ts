import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parsePlaylist } from '../../../shared/hls/parse-playlist.ts';
import { bind, makeDomain, makeTemplate } from '../../support/configure.ts';
import { type FlvTag, readFlv, SCRIPT } from '../../support/flv-file.ts';
import { expectPartOf } from '../../support/frames.ts';
import { useLocalRun } from '../../support/local-run.ts';
import { makeSource, videoFrames } from '../../support/media.ts';
import { freePort, startNginxRtmp } from '../../support/nginx-rtmp.ts';
import { once } from '../../support/once.ts';
import {
  download,
  endedRecording,
  eventually,
  type FileView,
  filesOf,
  recordingsOf,
} from '../../support/recorded.ts';
import { publishRtmp } from '../../support/rtmp-publisher.ts';

const NGINX = 'nginx.example.com';
const PUSH_SECONDS = 6;

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

/** Pushes the same again and again, with gaps between. @returns when each push began and ended, by this clock */
const pushInterrupted = async (
  server: Server,
  stream: string,
  gapsMs: readonly number[],
  sent?: FlvTag[],
) => {
  const pushes: { from: number; to: number }[] = [];
  for (const gap of [...gapsMs, 0]) {
    const publisher = await publishRtmp(servers[server].url, 'live', stream);
    const from = Date.now();
    await publisher.send(sent ?? (await tags()));
    await publisher.close();
    pushes.push({ from, to: Date.now() });
    await wait(gap);
  }
  return pushes;
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

describe.concurrent('A stream that drops for less than a second', () => {
  it.each<[Server, number]>([
    ['own', 100],
    ['own', 450],
    ['nginx', 100],
    ['nginx', 450],
  ])('at the server %s for %s ms is one recording, without a resumption timeout', async (server, gap) => {
    const stream = `dropped-${server}-${gap}`;
    const notices = await record(server, stream, 0);
    const pushes = await pushInterrupted(server, stream, [gap]);
    const { recording, files } = await endedRecording(run.api, stream);
    expect(recording).toMatchObject({ state: 'completed', reason: { code: 'session-ended' } });
    console.log(
      stream,
      JSON.stringify(files.map((f) => [f.format, f.durationSeconds, f.reason?.code, f.startedAt, f.readyAt])),
      JSON.stringify(pushes),
    );
    const { segments, ended } = await playlistOf(files);
    expect(ended).toBe(true);
    console.log(stream, JSON.stringify(segments));
    const frames = await videoFrames(await source());
    for (const format of ['mp4', 'flv']) {
      let sum = 0;
      for (const file of of(files, format)) {
        const played = await videoFrames(await download(file, run.folder));
        expectPartOf(frames, played);
        sum += played.length;
      }
      console.log(stream, format, sum, frames.length * 2);
    }
    console.log(stream, 'end', (await notices.ended) - (pushes.at(-1)?.to ?? 0), notices.types);
  });
});
