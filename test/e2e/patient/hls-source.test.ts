import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { HlsFolder, HlsOrigin } from '../../../recorder/gate/hls/hls-origin.fixture.ts';
import { signatureHeader } from '../../../shared/callbacks/secrets.ts';
import { bind, makeDomain, makeTemplate } from '../../support/configure.ts';
import { useLocalRun } from '../../support/local-run.ts';
import { videoFrames } from '../../support/media.ts';
import { endedRecording, eventually, recordingsOf, streamsOf } from '../../support/recorded.ts';

const SECONDS = 8;
const WEBHOOK = 'other.example.com';
const MEDIAMTX = 'mediamtx.example.com';

const run = useLocalRun();
let folder: HlsFolder;
let origin: HlsOrigin;
const secrets = new Map<string, string>();

beforeAll(async () => {
  folder = new HlsFolder(SECONDS);
  folder.segment('match');
  origin = new HlsOrigin(folder);
  const url = await origin.listen();
  run.onEnd(async () => {
    origin.close();
    folder.remove();
  });
  const templateId = await makeTemplate(run.api, 'whole', { mp4: {} });
  const domains = [
    { domain: WEBHOOK, adapter: 'webhook', source: { url: `${url}/{stream}.m3u8` } },
    { domain: MEDIAMTX, adapter: 'mediamtx', source: { url: `${url}/{stream}.m3u8` } },
  ] as const;
  for (const domain of domains) secrets.set(domain.domain, await makeDomain(run.api, domain));
  await bind(run.api, { domain: WEBHOOK, templateId });
});

/** A webhook as its page says, signed. */
const tell = async (type: 'started' | 'stopped', stream: string): Promise<number> => {
  const body = JSON.stringify({ type, app: 'live', stream, clientId: 'encoder-1' });
  const key = createHash('sha256')
    .update(secrets.get(WEBHOOK) ?? '')
    .digest('base64');
  const [id, timestamp] = [`msg-${type}-${stream}`, Math.floor(Date.now() / 1000)];
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureHeader([`whsec_${key}`], { id, timestamp, body }),
  };
  const url = `${run.apiUrl}/v1/ingest/webhook/${WEBHOOK}`;
  return (await fetch(url, { method: 'POST', headers, body })).status;
};

/** A hook of MediaMTX as its page says: the same arguments, with the variables filled in. */
const hook = async (name: string, path: string): Promise<string> => {
  const args = [
    ...['-sS', '--max-time', '5', '--retry', '5', '--retry-connrefused'],
    ...['-H', `x-streamkeep-secret: ${secrets.get(MEDIAMTX)}`, '-d', `hook=${name}`],
    ...['--data-urlencode', `MTX_PATH=${path}`, '--data-urlencode', 'MTX_SOURCE_TYPE=rtmpConn'],
    ...['--data-urlencode', 'MTX_SOURCE_ID=7a2d1c9e-5c0e-4f0e-9a39-0f6f3f1f8f5b'],
  ];
  const url = `${run.apiUrl}/v1/ingest/mediamtx/${MEDIAMTX}`;
  return (await promisify(execFile)('curl', [...args, url])).stdout;
};

describe('A server that sends signed webhooks and has HLS only', () => {
  it('is recorded frame by frame, to the last segment', async () => {
    expect(await tell('started', 'match')).toBe(200);
    await eventually('it is recorded', async () => (await recordingsOf(run.api, 'match'))[0]);
    while (origin.live.made < SECONDS) {
      const looks = origin.asked.length;
      await eventually('the playlist is looked at', () => (origin.asked.length > looks ? true : undefined));
      origin.live.made += 1;
    }
    expect(await tell('stopped', 'match')).toBe(200);
    const { recording, files } = await endedRecording(run.api, 'match');
    expect(recording).toMatchObject({ state: 'completed', reason: { code: 'session-ended' } });
    expect(files).toHaveLength(1);
    expect(await videoFrames(files[0]?.url ?? '')).toEqual(await videoFrames(folder.source));
  });
});

describe('The hooks of MediaMTX', () => {
  it('are taken as curl sends them', async () => {
    expect(JSON.parse(await hook('runOnOnline', 'cam1'))).toMatchObject({ outcome: 'accepted' });
    const live = await eventually('it is live', async () => (await streamsOf(run.api, 'cam1', true))[0]);
    expect(live).toMatchObject({ app: 'live', notRecorded: expect.stringContaining('rule') });
    expect(JSON.parse(await hook('runOnOffline', 'cam1'))).toMatchObject({ outcome: 'accepted' });
    await eventually('it is over', async () => (await streamsOf(run.api, 'cam1', false))[0]);
  });
});
