import { bench, numbers } from './bench.ts';
import { recordCrowd } from './dense.ts';
import { LOOP_SECONDS } from './media.ts';

/**
 * Many streams of 4 Mb/s at once, in real time: nothing is lost, and all is ready at once. They begin and end in the
 * same moment, which is the worst case, unless they are told to begin `--apart` seconds from one another.
 */

const { streams, seconds, apart } = numbers({ streams: 20, seconds: 60, apart: 0 });
const times = Math.ceil(seconds / LOOP_SECONDS);

await bench((it) => recordCrowd(it, { streams, times, apart, mostSecondsToReady: 2 }));
