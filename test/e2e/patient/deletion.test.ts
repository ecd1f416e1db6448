import { describe, expect, it } from 'vitest';
import { dataOf } from '../../../client/index.ts';
import { LOCAL_DOMAIN } from '../../../local/bootstrap.ts';
import { bind, makeTemplate } from '../../support/configure.ts';
import { useLocalRun } from '../../support/local-run.ts';
import { makeSource } from '../../support/media.ts';
import { publish } from '../../support/publisher.ts';
import { endedRecording, eventually, recordingsOf, segmentUrls, streamsOf } from '../../support/recorded.ts';

const run = useLocalRun();
const SECONDS = 16;

const answers = async (url: string): Promise<number> => (await fetch(url)).status;

describe('A recording', () => {
  it('shows how it gets on, and goes with its objects and nothing else', async () => {
    // Not by the recording's id: the two lie beside each other, and their names begin the same.
    const path = 'shows/{StreamID}/{StartYear}{StartMonth}{StartDay}{StartHour}{StartMinute}{StartSecond}';
    const formats = { hls: { segmentSeconds: 2 }, mp4: {}, flv: {} };
    const templateId = await makeTemplate(run.api, 'deleted', formats, { path });
    const source = await makeSource(run.folder, 'source', { seconds: SECONDS });
    const names = ['show', 'show-2'];
    for (const stream of names)
      await bind(run.api, { domain: LOCAL_DOMAIN, app: 'live', stream, templateId });
    for (const stream of names) {
      const publisher = publish(source, `${run.rtmpUrl}/live/${stream}`);
      run.onEnd(async () => publisher.kill());
    }

    const progress = await eventually('there is progress', async () => {
      const [stream] = await streamsOf(run.api, 'show', true);
      const found = stream?.recordings[0];
      return (found?.progress?.durationSeconds ?? 0) > 4 ? found?.progress : undefined;
    });
    expect(progress?.receivedBytes).toBeGreaterThan(10_000);
    expect(progress?.bitsPerSecond).toBeGreaterThan(10_000);
    expect(progress?.durationSeconds).toBeLessThan(SECONDS + 1);
    expect(progress?.lastKeyFrameAgeSeconds).toBeLessThan(10);
    const [running] = await recordingsOf(run.api, 'show');
    expect(running?.progress).not.toBeNull();
    expect(running?.media).toMatchObject({ videoCodec: 'h264', framesPerSecond: expect.any(Number) });

    const params = { path: { recordId: running?.recordId ?? '' }, query: { objects: 'true' as const } };
    const remove = () => run.api.DELETE('/v1/recordings/{recordId}', { params });
    expect((await remove()).response.status).toBe(409);

    const [doomed, kept] = [await endedRecording(run.api, 'show'), await endedRecording(run.api, 'show-2')];
    const urlsOf = async ({ files }: typeof doomed): Promise<string[]> => {
      const urls = files.flatMap(({ url }) => url ?? []);
      const playlist = files.find(({ format }) => format === 'hls')?.url ?? '';
      return [
        ...urls.filter((url) => url !== playlist),
        ...segmentUrls(await (await fetch(playlist)).text()),
      ];
    };
    const [gone, left] = [await urlsOf(doomed), await urlsOf(kept)];
    expect(gone.length).toBeGreaterThan(6);
    const statuses = async (urls: string[]) => [...new Set(await Promise.all(urls.map(answers)))];
    expect(await statuses([...gone, ...left])).toEqual([200]);

    const accepted = await dataOf(remove());
    expect(accepted.deletion).toMatchObject({ objects: true, reason: null });
    await eventually('it is gone', async () =>
      (await recordingsOf(run.api, 'show')).length === 0 ? true : undefined,
    );
    expect(await statuses(gone)).toEqual([404]);
    expect(await statuses(left)).toEqual([200]);
    expect((await streamsOf(run.api, 'show', false))[0]).toMatchObject({
      recordIds: [],
      notRecorded: 'Its recording was deleted.',
    });
    expect(run.troubles).toEqual([]);
  });
});
