import { setTimeout as wait } from 'node:timers/promises';
import { duration } from '../../local/progress.ts';
import type { Bench } from './bench.ts';
import { GROUP_FRAMES, LOOP_SECONDS, readPackets } from './media.ts';
import { type Cpu, childWith, cpuOf, mostOf, residentBytes, sample } from './processes.ts';
import { callbackAt, filesOf, lossesOf, recordPush, secondsToReady } from './recorded.ts';
import { megabytes, percentile } from './statistics.ts';

const MOST_MISSING = 2 * GROUP_FRAMES;
const MEMORY_BYTES = 150e6;
const MEMORY_BYTES_PER_STREAM = 25e6;
/** Beyond the length of the streams. */
const PATIENCE_MS = 60_000;

export interface Crowd {
  readonly streams: number;
  /** Of the loop, by each stream of the first wave. */
  readonly times: number;
  /** Seconds between the beginnings of two streams. */
  readonly apart?: number;
  /** Streams begin in so many waves, a loop's length from one another, and all end together. */
  readonly waves?: number;
  /** After the end of a stream. */
  readonly mostSecondsToReady: number;
  /** So many times as fast are the machine's cores, as time goes here. */
  readonly faster?: number;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const own = (cpu: Cpu): number => cpu.own;
const children = (cpu: Cpu): number => cpu.children;

/** Records many streams at once, in real time, accounts for every frame of theirs, and prints what that took. */
export const recordCrowd = async (it: Bench, crowd: Crowd): Promise<void> => {
  const { streams, apart = 0, waves = 1, mostSecondsToReady, faster = 1 } = crowd;
  await it.record({ hls: {}, mp4: {}, flv: {} });
  const ingestPid = childWith('ingest/server');
  const cpuNow = () => ({
    recorders: it.recorderPids.map(cpuOf),
    ingest: cpuOf(ingestPid),
    main: cpuOf(process.pid),
    at: performance.now(),
  });

  it.run.notices.setMaxListeners(0);
  const names = Array.from({ length: streams }, (_, index) => `dense-${index + 1}`);
  const before = cpuNow();
  const memory = sample(() => sum(it.recorderPids.map(residentBytes)), 500);
  const recorded = await Promise.all(
    names.map(async (stream, index) => {
      const wave = index % waves;
      const times = crowd.times - wave;
      await wait((index * apart + wave * LOOP_SECONDS) * 1000);
      return { stream, times, ...(await recordPush(it, stream, times, { patienceMs: PATIENCE_MS })) };
    }),
  ).finally(() => memory.stop());
  const after = cpuNow();

  const begun: number[] = [];
  const rows = [['format', 'files', 'size', 'frames', 'missing', 'ready p50', 'ready p99', 'most']];
  for (const format of ['hls', 'mp4', 'flv'] as const) {
    const found = { bytes: 0, frames: 0, missing: 0, ready: [] as number[] };
    for (const { stream, times, recordId, endedAt } of recorded) {
      const [file, ...others] = (await filesOf(it, recordId)).filter((each) => each.format === format);
      if (file === undefined || others.length > 0 || file.url === null) {
        it.promise(false, `${stream} has not one ${format} file that is ready`);
        continue;
      }
      const packets = await readPackets(file.url);
      for (const loss of lossesOf(file, packets, { loop: it.loop, times }, MOST_MISSING))
        it.promise(false, `${format} of ${stream}: ${loss}`);
      begun.push((Date.parse(file.startedAt) - (await callbackAt(it, stream, false))) / 1000);
      found.bytes += file.sizeBytes;
      found.frames += packets.video.sizes.length;
      found.missing += times * it.loop.packets.video.sizes.length - packets.video.sizes.length;
      found.ready.push(secondsToReady(file, endedAt));
    }
    const most = Math.max(...found.ready);
    it.promise(most <= mostSecondsToReady, `a ${format} was ready only after ${most} s`);
    rows.push([
      ...[format, String(found.ready.length), megabytes(found.bytes)],
      ...[String(found.frames), String(found.missing)],
      ...[percentile(found.ready, 50), percentile(found.ready, 99), most].map(duration),
    ]);
  }
  it.print(rows);
  it.print([
    ['from the callback', 'p50', 'p99', 'most'],
    [
      'until ffmpeg is started',
      ...[percentile(begun, 50), percentile(begun, 99), Math.max(...begun)].map(duration),
    ],
  ]);

  const wall = (after.at - before.at) / 1000;
  const cpu = (who: string, from: number, to: number): string[] => {
    const seconds = (to - from) / faster;
    const share = (seconds / wall) * 100;
    return [who, duration(seconds), `${share.toFixed(1)} %`, `${(share / streams).toFixed(2)} %`];
  };
  it.print([
    [`CPU in ${duration(wall)}`, 'time', 'of a core', 'for each stream'],
    cpu('recorders', sum(before.recorders.map(own)), sum(after.recorders.map(own))),
    cpu('their ffmpegs', sum(before.recorders.map(children)), sum(after.recorders.map(children))),
    cpu('ingest', before.ingest.own, after.ingest.own),
    cpu('S3, queues, table, functions', before.main.own, after.main.own),
    cpu('(publishers)', before.main.children, after.main.children),
  ]);

  const most = mostOf(memory);
  const limit = MEMORY_BYTES * it.recorderPids.length + MEMORY_BYTES_PER_STREAM * streams;
  it.print([
    ["recorders' memory", 'at start', 'most', 'at end', 'limit'],
    ['', ...[memory.taken[0]?.value ?? 0, most, memory.taken.at(-1)?.value ?? 0, limit].map(megabytes)],
  ]);
  it.promise(most <= limit, `the recorders took ${megabytes(most)} of memory`);
};
