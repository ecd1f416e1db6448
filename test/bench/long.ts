import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { duration } from '../../local/progress.ts';
import { FORMATS } from '../../shared/schemas/names.ts';
import { type Bench, bench, numbers } from './bench.ts';
import { GROUP_FRAMES, LOOP_SECONDS, type Packets, readPackets } from './media.ts';
import { mostOf, residentBytes, sample } from './processes.ts';
import { filesOf, lossesOf, type RecordedFile, recordPush, secondsToReady } from './recorded.ts';
import { megabytes } from './statistics.ts';

/** A stream of hours, faster than real time, beside one of a minute: ready as soon, and memory stays flat. */

const MOST_SECONDS_TO_READY = 2;
const MOST_MEMORY_BYTES = 175e6;
/** From when a tenth of the stream has been recorded. */
const MOST_GROWTH = 0.15;
/** Seconds of real time that may pass before the ingest has a reader. */
const START_SECONDS = 3;
const MINUTE_SECONDS = 64;
/** Beyond the length of the stream; it may not come as fast as it is wanted. */
const PATIENCE_MS = 1_200_000;

const { hours, rate } = numbers({ hours: 3, rate: 40 });

interface Recorded {
  readonly files: readonly RecordedFile[];
  readonly endedAt: number;
  readonly times: number;
  readonly mostMissing: number;
}

const record = async (it: Bench, stream: string, seconds: number, speed: number): Promise<Recorded> => {
  const times = Math.ceil(seconds / LOOP_SECONDS);
  const options = { rate: speed, patienceMs: PATIENCE_MS };
  const { recordId, endedAt } = await recordPush(it, stream, times, options);
  const mostMissing = START_SECONDS * speed * (it.loop.packets.video.sizes.length / LOOP_SECONDS);
  const files = await filesOf(it, recordId);
  return { files, endedAt, times, mostMissing: Math.max(mostMissing, 2 * GROUP_FRAMES) };
};

/** Names of the top-level boxes of an MP4. */
const boxesOf = async (url: string): Promise<string[]> => {
  const boxes: string[] = [];
  for (let offset = 0, length = Number.POSITIVE_INFINITY; offset < length; ) {
    const response = await fetch(url, { headers: { range: `bytes=${offset}-${offset + 15}` } });
    const header = Buffer.from(await response.arrayBuffer());
    length = Number(response.headers.get('content-range')?.split('/')[1]);
    const short = header.readUInt32BE(0);
    boxes.push(header.toString('latin1', 4, 8));
    offset += short === 1 ? Number(header.readBigUInt64BE(8)) : short;
  }
  return boxes;
};

/** Checks the files of a recording. @returns a row of the table for each */
const rowsOf = async (it: Bench, what: string, { files, ...pushed }: Recorded): Promise<string[][]> => {
  const rows: string[][] = [];
  const frames = new Set<number>();
  for (const file of files) {
    if (file.url === null) {
      it.promise(false, `${file.format} of the ${what} is ${file.state}`);
      continue;
    }
    const packets: Packets = await readPackets(file.url);
    for (const loss of lossesOf(file, packets, { loop: it.loop, times: pushed.times }, pushed.mostMissing))
      it.promise(false, `${file.format} of the ${what}: ${loss}`);
    if (file.format !== 'aac') frames.add(packets.video.sizes.length);
    if (file.format === 'mp4') {
      const boxes = (await boxesOf(file.url)).join(' ');
      it.promise(boxes === 'ftyp moov mdat', `mp4 of the ${what} is ${boxes}`);
    }
    const ready = secondsToReady(file, pushed.endedAt);
    it.promise(ready <= MOST_SECONDS_TO_READY, `${file.format} of the ${what} was ready after ${ready} s`);
    rows.push([
      ...[what, file.format, megabytes(file.sizeBytes), duration(packets.seconds)],
      ...[String(packets.video.sizes.length), String(packets.audio.sizes.length), `${ready.toFixed(2)} s`],
    ]);
  }
  const formats = new Set(files.map(({ format }) => format));
  for (const format of FORMATS) it.promise(formats.has(format), `There is no ${format} of the ${what}`);
  it.promise(frames.size === 1, `The formats of the ${what} differ in frames: ${[...frames].join(', ')}`);
  return rows;
};

/** Files under a folder. */
const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isFile(),
  );

await bench(async (it) => {
  const most = { maxMinutes: 720 };
  await it.record({
    hls: { segmentSeconds: 10 },
    mp4: most,
    flv: most,
    aac: { maxMinutes: 120, when: 'always' },
  });
  const scratch = sample(() => filesUnder(join(it.data, 'scratch')).length, 1000);
  const memory = sample(() => residentBytes(it.recorderPids[0]), 250);
  const startedAt = performance.now();
  const long = await record(it, 'long', hours * 3600, rate);
  memory.stop();
  const speed = (long.times * LOOP_SECONDS * 1000) / (performance.now() - startedAt);
  const minute = await record(it, 'minute', MINUTE_SECONDS, 1);
  scratch.stop();

  it.print([
    ['stream', 'format', 'size', 'duration', 'frames', 'sound frames', 'ready after'],
    ...(await rowsOf(it, 'minute', minute)),
    ...(await rowsOf(it, 'long', long)),
  ]);

  const { taken } = memory;
  const during = taken.filter(({ at }) => at <= long.endedAt);
  const moments = [during[0], during[Math.floor(during.length / 10)], during.at(-1), taken.at(-1)];
  const [first = 0, tenth = 0, ended = 0, last = 0] = moments.map((each) => each?.value);
  const peak = mostOf(memory);
  const growth = last / tenth - 1;
  it.print([
    [
      "recorder's memory",
      'at start',
      'after a tenth',
      'stream ended',
      'ready',
      'most',
      'growth since the tenth',
    ],
    [
      `at ${speed.toFixed(1)}x`,
      ...[first, tenth, ended, last, peak].map(megabytes),
      `${(growth * 100).toFixed(1)} %`,
    ],
  ]);
  it.promise(peak <= MOST_MEMORY_BYTES, `the recorder took ${megabytes(peak)} of memory`);
  it.promise(growth < MOST_GROWTH, `the recorder's memory grew by ${(growth * 100).toFixed(1)} %`);
  it.promise(mostOf(scratch) === 0, 'the recorder wrote to its scratch folder');
});
