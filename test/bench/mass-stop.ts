import { bench, numbers } from './bench.ts';
import { recordCrowd } from './dense.ts';
import { LOOP_SECONDS } from './media.ts';

/** Many small streams that end in the same moment, as when an ingest server ends: no file is lost, and all are ready soon. */

const { streams, seconds, waves } = numbers({ streams: 50, seconds: 64, waves: 5 });
const times = Math.max(waves, Math.ceil(seconds / LOOP_SECONDS));

await bench((it) => recordCrowd(it, { streams, times, waves, mostSecondsToReady: 10 }), {
  loop: { size: '640x360', kilobits: 500 },
  env: { RECORDER_SLOTS: String(streams) },
});
