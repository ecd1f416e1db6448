import { bench, numbers } from './bench.ts';
import { recordCrowd } from './dense.ts';
import { LOOP_SECONDS } from './media.ts';
import { clockEnv, slowed } from './slowed.ts';

/**
 * Many small streams that end in the same moment, as when an ingest server ends: no file is lost, and all are ready soon.
 * With `--slower 4` time runs at a quarter: services and streams, which have machines of their own in a deployment, then
 * leave the recorders as much of this one as they have there.
 */

const { streams, seconds, waves, recorders, slower } = numbers({
  ...{ streams: 50, seconds: 64, waves: 5 },
  ...{ recorders: 1, slower: 1 },
});
slowed(slower);
const times = Math.max(waves, Math.ceil(seconds / LOOP_SECONDS));

await bench((it) => recordCrowd(it, { streams, times, waves, mostSecondsToReady: 10, faster: slower }), {
  loop: { size: '640x360', kilobits: 500 },
  recorders,
  env: { RECORDER_SLOTS: String(Math.ceil(streams / recorders)), ...clockEnv() },
});
