import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bind, makeDomain, makeTemplate } from '../../support/configure.ts';
import { useLocalRun } from '../../support/local-run.ts';
import { makeSource } from '../../support/media.ts';
import { freePort, startNginxRtmp } from '../../support/nginx-rtmp.ts';
import { onThisMachine } from '../../support/on-this-machine.ts';
import { once } from '../../support/once.ts';
import { publish } from '../../support/publisher.ts';
import {
  endedRecording,
  eventually,
  recordingsOf,
  type StreamView,
  streamsOf,
} from '../../support/recorded.ts';
import { startCallbackRelay } from '../../support/relay.ts';

const SWEEP_MS = 15_000;
/** What is younger is left to the next sweep. */
const GRACE_MS = 30_000;
const RECONCILED_MS = 90_000;
/** Longer than that: nothing here ends by itself. */
const SOURCE_SECONDS = 200;

const run = useLocalRun({ mostScheduleMs: SWEEP_MS });
const source = once(() => makeSource(run.folder, 'source', { seconds: SOURCE_SECONDS, size: '160x90' }));

/** nginx-rtmp for a domain of its own, of whose callbacks some are lost. */
const startIngest = async (name: string, isLost: (call: string) => boolean, hasApi = true) => {
  const domain = `${name}.example.com`;
  const [port, statPort] = [await freePort(), await freePort()];
  const secret = await makeDomain(run.api, {
    domain,
    adapter: 'nginx-rtmp',
    source: { url: `rtmp://127.0.0.1:${port}/{app}/{stream}` },
    ...(hasApi ? { api: { url: `http://127.0.0.1:${statPort}/stat` } } : {}),
  });
  const callbackUrl = `${run.apiUrl}/v1/ingest/nginx-rtmp/${domain}?secret=${secret}`;
  const relay = await startCallbackRelay(callbackUrl, isLost);
  run.onEnd(() => relay.close());
  const nginx = await startNginxRtmp(join(run.folder, name), port, { publish: relay.publishUrl, statPort });
  run.onEnd(() => nginx.stop());
  return { domain, callbackUrl, relay, url: nginx.url };
};

const streamWhen = (stream: string, live: boolean): Promise<StreamView> =>
  eventually(
    `${stream} is ${live ? 'live' : 'over'}`,
    async () => (await streamsOf(run.api, stream, live))[0],
    RECONCILED_MS,
  );

describe.concurrent('A stream', () => {
  it('is recorded although its start was never told, and once although it is told late', async () => {
    const { domain, callbackUrl, relay, url } = await startIngest('unheard', (call) => call === 'publish');
    await bind(run.api, { domain, templateId: await makeTemplate(run.api, 'unheard', { mp4: {} }) });
    // It may have to be encoded first.
    const pushed = await source();
    const begunAt = Date.now();
    const publisher = publish(pushed, `${url}/live/unheard`);
    const stream = await streamWhen('unheard', true);
    // By nginx's own account, not by when we noticed.
    expect(Math.abs(Date.parse(stream.startedAt) - begunAt)).toBeLessThan(onThisMachine(5000));

    const announcement = relay.announcements.get('unheard');
    expect((await fetch(callbackUrl, { method: 'POST', body: announcement ?? null })).status).toBe(200);
    await eventually('something is recorded', async () =>
      (await recordingsOf(run.api, 'unheard')).find(({ media }) => media !== null),
    );
    publisher.stop();
    await publisher.ended;
    const { recording, files } = await endedRecording(run.api, 'unheard');
    expect(recording).toMatchObject({ state: 'completed', reason: { code: 'session-ended' } });
    expect(files).toHaveLength(1);
  });

  it('is over although its end was never told', async () => {
    const { url } = await startIngest('endless', (call) => call === 'publish_done');
    const publisher = publish(await source(), `${url}/live/endless`);
    // Nobody records it, so nobody but nginx can tell.
    expect((await streamWhen('endless', true)).notRecorded).toContain('No rule');
    publisher.stop();
    await publisher.ended;
    const stoppedAt = Date.now();
    const stream = await streamWhen('endless', false);
    expect(Date.parse(stream.endedAt ?? '')).toBeGreaterThan(stoppedAt);
  });

  it('is over although its end was never told and its server cannot be asked, when its recorder hears nothing', async () => {
    const { domain, url } = await startIngest('silent', (call) => call === 'publish_done', false);
    await bind(run.api, { domain, templateId: await makeTemplate(run.api, 'silent', { mp4: {} }) });
    const publisher = publish(await source(), `${url}/live/silent`);
    await eventually('it is recorded', async () =>
      (await recordingsOf(run.api, 'silent')).find(({ media }) => media !== null),
    );
    publisher.stop();
    await publisher.ended;
    await streamWhen('silent', false);
    const { recording } = await endedRecording(run.api, 'silent');
    expect(recording).toMatchObject({ state: 'completed', reason: { code: 'source-silent' } });
  });

  it('goes on undisturbed while its server is asked', async () => {
    const { domain, url } = await startIngest('ordinary', () => false);
    await bind(run.api, { domain, templateId: await makeTemplate(run.api, 'undisturbed', { mp4: {} }) });
    const publisher = publish(await source(), `${url}/live/ordinary`);
    const { startedAt } = await streamWhen('ordinary', true);
    await eventually(
      'a sweep has found it old enough',
      () => Date.now() - Date.parse(startedAt) > GRACE_MS + 1.5 * SWEEP_MS || undefined,
      60_000,
    );
    publisher.stop();
    await publisher.ended;
    const { recording, files } = await endedRecording(run.api, 'ordinary');
    expect(recording).toMatchObject({ state: 'completed', reason: { code: 'session-ended' } });
    expect(files).toHaveLength(1);
    expect(await streamsOf(run.api, 'ordinary', false)).toHaveLength(1);
  });
});
