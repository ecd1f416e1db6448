import { describe, expect, it } from 'vitest';
import type { PushEvent } from '../../shared/events/stream-events.ts';
import type { Domain } from '../../shared/schemas/domain.ts';
import { createRecordedTelemetry } from '../common/world.fixture.ts';
import { createIvs, ivsEventSchema } from './ivs.ts';

// «Stream Start» of the Amazon IVS Low-Latency Streaming User Guide, «Using Amazon EventBridge with IVS», «Examples:
// Stream State Change», with the account, region and channel of its «Session Created» (there are placeholders in it).
const eventOf = (name = 'Stream Start', changes: Record<string, unknown> = {}): unknown => ({
  version: '0',
  id: '01234567-0123-0123-0123-012345678901',
  'detail-type': 'IVS Stream State Change',
  source: 'aws.ivs',
  account: '535011710559',
  time: '2017-06-12T10:23:43Z',
  region: 'us-west-2',
  resources: ['arn:aws:ivs:us-west-2:535011710559:channel/UCGaMPGLCbcE'],
  detail: { event_name: name, channel_name: 'Your Channel', stream_id: 'st-1A2b3c4D5e6F78ghij9Klmn' },
  ...changes,
});

const DOMAIN: Domain = {
  domain: '535011710559.us-west-2.ivs',
  adapter: 'ivs',
  source: { url: 'https://a1b2c3.us-west-2.playback.live-video.net/api/video/v1/x.channel.{stream}.m3u8' },
  enabled: true,
  losslessStart: false,
  secretHash: '',
  createdAt: '2026-11-22T10:00:00.000Z',
};

const EVENT = {
  key: { domain: DOMAIN.domain, app: 'ivs', stream: 'UCGaMPGLCbcE' },
  clientId: 'st-1A2b3c4D5e6F78ghij9Klmn',
  at: '2017-06-12T10:23:43.000Z',
};

const setUp = (domain: Partial<Domain> = {}) => {
  const queued: PushEvent[] = [];
  const { telemetry, logged } = createRecordedTelemetry();
  const ivs = createIvs({
    findDomain: async (name) => (name === DOMAIN.domain ? { ...DOMAIN, ...domain } : undefined),
    putDown: async (event) => void queued.push(event),
    telemetry,
  });
  const take = (event: unknown) => ivs(ivsEventSchema.parse(event));
  return { take, queued, logged };
};

describe('Events of Amazon IVS', () => {
  it('are the start and the stop of a stream', async () => {
    const { take, queued } = setUp();
    await take(eventOf());
    await take(eventOf('Stream End'));
    expect(queued).toEqual([
      { type: 'started', ...EVENT },
      { type: 'stopped', ...EVENT },
    ]);
  });

  it.each(['Session Created', 'Session Ended', 'Stream Failure', 'Stream Takeover', 'constructor'])(
    'are ignored when they are about something else: %s',
    async (name) => {
      const { take, queued } = setUp();
      await take(eventOf(name));
      expect(queued).toEqual([]);
    },
  );

  it('are not taken from accounts, regions and things without a domain', async () => {
    const { take, queued } = setUp();
    for (const arn of [
      'arn:aws:ivs:eu-west-1:535011710559:channel/UCGaMPGLCbcE',
      'arn:aws:ivs:us-west-2:123456789012:channel/UCGaMPGLCbcE',
      'arn:aws:ivs:us-west-2:535011710559:stage/UCGaMPGLCbcE',
    ]) {
      await take(eventOf('Stream Start', { resources: [arn] }));
    }
    expect(queued).toEqual([]);
  });

  it('are not taken for a disabled domain, but for the end of a stream that began before', async () => {
    const { take, queued, logged } = setUp({ enabled: false });
    await take(eventOf());
    await take(eventOf('Stream End'));
    expect(queued).toEqual([{ type: 'stopped', ...EVENT }]);
    expect(logged[0]?.details).toMatchObject({ why: 'disabled' });
  });

  it('are not taken for a domain of another adapter', async () => {
    const { take, queued } = setUp({ adapter: 'webhook' });
    await take(eventOf());
    expect(queued).toEqual([]);
  });

  it('are none when they come over HTTP', () => {
    const request = { version: '2.0', rawPath: '/v1/ingest/ivs/x', body: JSON.stringify(eventOf()) };
    expect(ivsEventSchema.safeParse(request).success).toBe(false);
  });
});
