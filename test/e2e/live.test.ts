import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../../client/index.ts';
import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import { bind, makeDomain, makeTemplate } from '../support/configure.ts';
import { expectFrames } from '../support/frames.ts';
import { useLocalRun } from '../support/local-run.ts';
import { codecs, firstFrames, makeSource, videoFrames } from '../support/media.ts';
import { freePort, startNginxRtmp } from '../support/nginx-rtmp.ts';
import { onThisMachine } from '../support/on-this-machine.ts';
import { publish } from '../support/publisher.ts';
import { endedRecording, eventually, filesOf, recordingsOf } from '../support/recorded.ts';
import { startCallbackRelay } from '../support/relay.ts';

const STARTS = 20;
const MOST_BEHIND_SECONDS = 30;

const run = useLocalRun();

const SECONDS = {
  // The playlist is written again before it is 30 s behind: once at least in this time.
  played: 38,
  started: 20,
  ruled: 12,
};
const sources = new Map<keyof typeof SECONDS, string>();
const sourceOf = (name: keyof typeof SECONDS): string => sources.get(name) ?? '';

// What encodes one would have the first seconds of another's stream.
beforeAll(async () => {
  const names = Object.keys(SECONDS) as (keyof typeof SECONDS)[];
  for (const name of names) sources.set(name, await makeSource(run.folder, name, { seconds: SECONDS[name] }));
});

describe.concurrent('A live stream', () => {
  it('plays by its URLs as they stand, in HLS while it is live and never more than 30 s behind', async () => {
    const templateId = await makeTemplate(run.api, 'live', {
      hls: { segmentSeconds: 2 },
      mp4: {},
      flv: {},
      aac: { when: 'always' },
    });
    await bind(run.api, { domain: 'localhost', app: 'live', stream: 'played', templateId });
    const source = sourceOf('played');
    const publisher = publish(source, `${run.rtmpUrl}/live/played`);
    const live = await eventually('there is a playlist', async () => {
      const [recording] = await recordingsOf(run.api, 'played');
      const files = recording === undefined ? [] : await filesOf(run.api, recording.recordId);
      return files.find(({ format, url }) => format === 'hls' && url !== null);
    });
    let ended = false;
    publisher.ended.finally(() => {
      ended = true;
    });
    let listed = 0;
    let written = 0;
    let mostBehind = 0;
    const firstPlayed = eventually('it plays', async () => {
      const frames = await firstFrames(live.url ?? '', 25);
      return frames.length === 25 ? frames : undefined;
    });
    await eventually(
      'the stream has ended',
      async () => {
        const askedAt = Date.now();
        const playlist = parsePlaylist(await (await fetch(live.url ?? '')).text());
        const seconds = (playlist?.segments ?? []).reduce(
          (sum, { durationSeconds }) => sum + durationSeconds,
          0,
        );
        if (seconds > listed) written += 1;
        listed = seconds;
        mostBehind = Math.max(mostBehind, (askedAt - Date.parse(live.startedAt)) / 1000 - seconds);
        return ended || undefined;
      },
      60_000,
    );
    expect(written).toBeGreaterThanOrEqual(2);
    expect(mostBehind).toBeLessThanOrEqual(MOST_BEHIND_SECONDS);
    const frames = await videoFrames(source);
    for (const frame of await firstPlayed) expect(frames).toContain(frame);

    const { files } = await endedRecording(run.api, 'played');
    expect(files.map(({ format }) => format).sort()).toEqual(['aac', 'flv', 'hls', 'mp4']);
    for (const { format, url } of files) {
      if (format === 'aac') expect(await codecs(url ?? '')).toEqual(['aac']);
      else expectFrames(frames, await videoFrames(url ?? ''), 0);
    }
  });

  it(`is read within a second of its start callback, at the 95th percentile of ${STARTS} starts`, async () => {
    const domain = 'starts.example.com';
    const port = await freePort();
    const secret = await makeDomain(run.api, {
      domain,
      adapter: 'nginx-rtmp',
      source: { url: `rtmp://127.0.0.1:${port}/{app}/{stream}` },
    });
    const templateId = await makeTemplate(run.api, 'starts', { hls: {}, mp4: {}, flv: {} });
    await bind(run.api, { domain, templateId });
    const relay = await startCallbackRelay(`${run.apiUrl}/v1/ingest/nginx-rtmp/${domain}?secret=${secret}`);
    run.onEnd(() => relay.close());
    const nginx = await startNginxRtmp(join(run.folder, 'nginx'), port, {
      publish: relay.publishUrl,
      play: relay.playUrl,
    });
    run.onEnd(() => nginx.stop());

    const source = sourceOf('started');
    const delays: number[] = [];
    for (let start = 1; start <= STARTS; start += 1) {
      const name = `start-${start}`;
      const publisher = publish(source, `${nginx.url}/live/${name}`);
      const playedAt = await eventually('it is read', () => relay.playedAt.get(name));
      delays.push(playedAt - (relay.publishedAt.get(name) ?? Number.NEGATIVE_INFINITY));
      publisher.stop();
      await publisher.ended;
    }
    delays.sort((one, other) => one - other);
    expect(delays[Math.ceil(0.95 * STARTS) - 1]).toBeLessThan(onThisMachine(1000));
  });

  it('is recorded by the rule as it is at its start, changed a moment before or not', async () => {
    const [before, after] = [
      await makeTemplate(run.api, 'before', { mp4: {} }),
      await makeTemplate(run.api, 'after', { flv: {} }),
    ];
    const rule = await dataOf(
      run.api.POST('/v1/rules', { body: { domain: 'localhost', app: 'ruled', templateId: before } }),
    );
    const source = sourceOf('ruled');
    const first = publish(source, `${run.rtmpUrl}/ruled/first`);
    run.onEnd(async () => first.kill());
    await eventually('it is recorded', async () => (await recordingsOf(run.api, 'first'))[0]);

    const params = { path: { ruleId: rule.ruleId }, header: { 'If-Match': '*' } };
    await dataOf(run.api.PUT('/v1/rules/{ruleId}', { params, body: { templateId: after } }));
    const changedAt = Date.now();
    const second = publish(source, `${run.rtmpUrl}/ruled/second`);
    run.onEnd(async () => second.kill());
    const { recording } = await endedRecording(run.api, 'second');
    expect(recording).toMatchObject({ templateId: after, formats: ['flv'] });
    // The encoder takes its time to connect; what began so soon can only have been told by the new rule.
    expect(Date.parse(recording.startedAt) - changedAt).toBeLessThan(onThisMachine(1000));

    // What ran when the rule was changed goes on as it began, to its last frame.
    const { recording: untouched, files } = await endedRecording(run.api, 'first');
    expect(untouched).toMatchObject({ templateId: before, formats: ['mp4'] });
    expectFrames(await videoFrames(source), await videoFrames(files[0]?.url ?? ''), 0);
  });
});
