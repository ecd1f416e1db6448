import { describe, expect, it } from 'vitest';
import { dataOf, type Schemas } from '../../../client/index.ts';
import { type CallbackPayload, callbackPayloadSchema } from '../../../shared/callbacks/payload.ts';
import { type CallbackTarget, isSignedWith, startCallbackTarget } from '../../support/callback-target.ts';
import { bind, makeTemplate } from '../../support/configure.ts';
import { useLocalRun } from '../../support/local-run.ts';
import { makeSource } from '../../support/media.ts';
import { publish } from '../../support/publisher.ts';
import { endedRecording, eventually } from '../../support/recorded.ts';

const run = useLocalRun({ recorders: 1 });

const startTarget = async (...args: Parameters<typeof startCallbackTarget>): Promise<CallbackTarget> => {
  const target = await startCallbackTarget(...args);
  run.onEnd(() => target.close());
  return target;
};

const makeCallback = (body: Schemas['CallbackInput']) => dataOf(run.api.POST('/v1/callbacks', { body }));

const payloads = ({ received }: CallbackTarget): CallbackPayload[] =>
  received.map(({ body }) => callbackPayloadSchema.parse(JSON.parse(body)));

describe('Callbacks of a stream', () => {
  it('arrive signed and whole, and come again to a target that fails at first', async () => {
    const all = await startTarget();
    const failing = await startTarget((response, count) => response.writeHead(count < 3 ? 503 : 200).end());
    const elsewhere = await startTarget();
    const { secret } = await makeCallback({ name: 'all', url: all.url });
    const { callbackId } = await makeCallback({
      name: 'failing',
      url: failing.url,
      events: ['recording.started'],
    });
    await makeCallback({ name: 'elsewhere', url: elsewhere.url, domains: ['other.example.com'] });
    const templateId = await makeTemplate(run.api, 'called-back', { hls: { segmentSeconds: 2 }, mp4: {} });
    await bind(run.api, { domain: 'localhost', app: 'live', stream: 'called-back', templateId });

    const source = await makeSource(run.folder, 'called-back', { seconds: 6 });
    const publisher = publish(source, `${run.rtmpUrl}/live/called-back`);
    await all.waitFor(1, 30_000);
    const [started] = payloads(all);
    expect(started).toMatchObject({
      type: 'recording.started',
      data: {
        recording: { stream: 'called-back', templateId, state: 'recording', media: { videoCodec: 'h264' } },
      },
    });

    await publisher.ended;
    const { recording, files } = await endedRecording(run.api, 'called-back');
    await all.waitFor(4, 30_000);
    for (const request of all.received) expect(isSignedWith(secret, request)).toBe(true);
    const events = payloads(all);
    expect(events.map(({ type }) => type).sort()).toEqual([
      'file.ready',
      'file.ready',
      'recording.ended',
      'recording.started',
    ]);
    expect(events.at(-1)).toMatchObject({
      type: 'recording.ended',
      data: { recording: { recordId: recording.recordId, state: 'completed' }, reason: { cause: 'source' } },
    });
    for (const { fileId, key, sizeBytes, durationSeconds } of files) {
      const event = events.find(
        (payload) => payload.type === 'file.ready' && payload.data.file.fileId === fileId,
      );
      expect(event).toMatchObject({
        data: { file: { key, sizeBytes, durationSeconds, region: expect.any(String) } },
      });
    }

    await failing.waitFor(3, 60_000);
    const ids = failing.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(Array.from({ length: 3 }, () => started?.id));
    const delivery = await eventually('it is delivered', async () => {
      const path = { callbackId };
      const list = await dataOf(
        run.api.GET('/v1/callbacks/{callbackId}/deliveries', {
          params: { path, query: { state: 'delivered' } },
        }),
      );
      return list.items[0];
    });
    expect(delivery).toMatchObject({ type: 'recording.started', tries: 3, lastAttempt: { status: 200 } });
    const [first, second, third] = failing.received.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(4_500);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(13_500);
    expect(failing.received).toHaveLength(3);
    expect(elsewhere.received).toEqual([]);
  });

  it('can be tried out, and sent again', async () => {
    const target = await startTarget();
    const { callbackId, secret } = await makeCallback({ name: 'tried', url: target.url, enabled: false });
    const { deliveryId } = await dataOf(
      run.api.POST('/v1/callbacks/{callbackId}/test', { params: { path: { callbackId } } }),
    );
    await target.waitFor(1);
    const path = { callbackId, deliveryId };
    const whole = await eventually('its answer is noted', async () => {
      const params = { params: { path } };
      const now = await dataOf(run.api.GET('/v1/callbacks/{callbackId}/deliveries/{deliveryId}', params));
      return now.state === 'delivered' ? now : undefined;
    });
    expect(whole.body).toBe(target.received[0]?.body);
    expect(whole.attempts[0]?.request.headers).toMatchObject({
      'webhook-signature': target.received[0]?.headers['webhook-signature'],
    });
    await dataOf(
      run.api.POST('/v1/callbacks/{callbackId}/deliveries/{deliveryId}/resend', { params: { path } }),
    );
    await target.waitFor(2);
    const [first, second] = target.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    for (const request of target.received) expect(isSignedWith(secret, request)).toBe(true);
  });
});
