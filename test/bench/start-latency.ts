import { moveSource } from '../../local/bootstrap.ts';
import { bench, numbers } from './bench.ts';
import { push } from './media.ts';
import { startMediaRelay } from './media-relay.ts';
import { callbackAt, filesOf, noticeOf } from './recorded.ts';
import { percentile } from './statistics.ts';

/**
 * From the ingest server's callback to ffmpeg reading the stream, of streams that start one after the other. A relay
 * between ingest server and recorder sees when media are sent.
 */

const MOST_MS = 1000;
const PATIENCE_MS = 20_000;
/** Of media to push; each push is stopped as soon as it is being recorded. */
const LOOPS = 10;

const { starts } = numbers({ starts: 20 });

await bench(async (it) => {
  await it.record({ hls: {}, mp4: {}, flv: {} });
  const relay = await startMediaRelay(Number(new URL(it.run.rtmpUrl).port));
  await moveSource(it.api, `rtmp://127.0.0.1:${relay.port}/{app}/{stream}`);

  /** Milliseconds since the callback. */
  const begun: number[] = [];
  const read: number[] = [];
  const known: number[] = [];
  for (let number = 1; number <= starts; number += 1) {
    const stream = `start-${number}`;
    const started = noticeOf(it, stream, 'recording.started', PATIENCE_MS);
    const ended = noticeOf(it, stream, 'recording.ended', 2 * PATIENCE_MS);
    const media = relay.nextMedia();
    const publisher = push(it.loop, `${it.run.rtmpUrl}/live/${stream}`, LOOPS);
    const { recordId, at } = await started;
    const callback = await callbackAt(it, stream, true);
    publisher.stop();
    await ended;
    const opened = (await filesOf(it, recordId)).map((file) => Date.parse(file.startedAt));
    begun.push(Math.min(...opened) - callback);
    read.push((await media) - callback);
    known.push(Date.parse(at) - callback);
  }
  relay.close();
  const row = (what: string, values: readonly number[]): string[] => [
    what,
    ...[percentile(values, 50), percentile(values, 95), Math.max(...values)].map((ms) => `${ms} ms`),
  ];
  it.print([
    ['from the callback', 'p50', 'p95', 'most'],
    row('until ffmpeg is started', begun),
    row('until media reach ffmpeg', read),
    row('until ffmpeg knows the codecs', known),
  ]);
  const p95 = percentile(read, 95);
  it.promise(p95 < MOST_MS, `media reach ffmpeg ${p95} ms after the callback (p95)`);
});
