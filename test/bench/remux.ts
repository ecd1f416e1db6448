import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { table } from '../../local/demo/check.ts';
import { createLog } from '../../recorder/log.ts';
import { makeOutput } from '../../recorder/worker/make-output.ts';
import type { Source } from '../../recorder/worker/sources.ts';
import { stepOf } from '../../recorder/worker/worker.fixture.ts';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import { createStores } from '../../shared/storage/stores.ts';
import { numbers } from './bench.ts';
import { FRAMES_PER_SECOND, LOOP_SECONDS, makeLoop, readPackets } from './media.ts';
import { cpuOf, mostOf, residentBytes, sample } from './processes.ts';
import { megabytes } from './statistics.ts';

/**
 * An HLS recording becomes an MP4, from bucket to bucket: many times as fast as it was live, and with little more memory
 * for a long one than for a short one: sample tables, at a hundred bytes or so for each frame. The bucket is in a process of its own.
 */

const LEAST_TIMES = 100;
/** Between a recording and one that is ten times as long. */
const MOST_GROWTH_BYTES = 60e6;
const BUCKET = 'recordings';
const SEGMENT_SECONDS = 10;

const { minutes, kilobits } = numbers({ minutes: 10, kilobits: 2000 });
const folder = await mkdtemp(join(tmpdir(), 'streamkeep-remux-'));
const failures: string[] = [];

const s3 = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('../../local/s3/cli.ts', import.meta.url)),
    '--data',
    join(folder, 's3'),
    '--port',
    '0',
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);

/** Puts a recording of so many seconds into the bucket. */
const putRecording = async (store: ObjectStore, loop: string, seconds: number): Promise<Source> => {
  const name = `show-${seconds}`;
  const made = join(folder, name);
  const times = String(Math.ceil(seconds / LOOP_SECONDS) - 1);
  await promisify(execFile)('mkdir', [made]);
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-stream_loop', times, '-i', loop, '-c', 'copy', '-f', 'segment'],
    ...['-segment_time', String(SEGMENT_SECONDS), '-segment_list', join(made, 'list.csv')],
    ...['-segment_format', 'mpegts', join(made, '0001-%06d.ts')],
  ]);
  const lines: string[] = [];
  let size = 0;
  let end = 0;
  for (const line of (await readFile(join(made, 'list.csv'), 'utf8')).trim().split('\n')) {
    const [file = '', from, to] = line.split(',');
    const body = await readFile(join(made, file));
    await store.put(`${name}/${file}`, body);
    size += body.length;
    end = Number(to);
    lines.push(`#EXTINF:${(end - Number(from)).toFixed(6)},`, `${name}/${file}`);
  }
  await rm(made, { recursive: true });
  const head = ['#EXTM3U', `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`];
  await store.put(`${name}.m3u8`, Buffer.from([...head, ...lines, '#EXT-X-ENDLIST', ''].join('\n')));
  return { format: 'hls', store, key: `${name}.m3u8`, size, seconds: end, adts: true };
};

const remux = async (source: Source): Promise<{ row: string[]; times: number; memory: number }> => {
  const step = stepOf({ kind: 'remux', name: 'film', format: 'mp4' });
  const key = `${source.key}-film`;
  const memory = sample(() => residentBytes(process.pid), 50);
  const cpuBefore = cpuOf(process.pid);
  const begun = performance.now();
  const { signal } = new AbortController();
  const made = await makeOutput(
    step,
    [source],
    { store: source.store, key, mark: key, attempt: 1, signal, log: createLog('bench') },
    () => undefined,
  );
  const seconds = (performance.now() - begun) / 1000;
  memory.stop();
  const cpu = cpuOf(process.pid);
  const cpuSeconds = cpu.own + cpu.children - cpuBefore.own - cpuBefore.children;
  const times = source.seconds / seconds;
  const url = await source.store.presign(made.key, { expiresInSeconds: 600 });
  const { video, audio } = await readPackets(url);
  const frames = Math.ceil(Math.floor(source.seconds) / LOOP_SECONDS) * LOOP_SECONDS * FRAMES_PER_SECOND;
  if (video.sizes.length !== frames)
    failures.push(`${made.key} has ${video.sizes.length} of ${frames} frames`);
  const row = [
    ...[`${(source.seconds / 60).toFixed(0)} min`, megabytes(source.size), `${seconds.toFixed(2)} s`],
    ...[
      `${times.toFixed(0)} x`,
      `${cpuSeconds.toFixed(1)} s`,
      megabytes(mostOf(memory)),
      String(video.sizes.length),
      String(audio.sizes.length),
    ],
  ];
  return { row, times, memory: mostOf(memory) };
};

try {
  const [line] = (await once(createInterface({ input: s3.stdout }), 'line')) as [string];
  process.env.AWS_ENDPOINT_URL_S3 = /http:\S+/.exec(line)?.[0];
  process.env.AWS_ACCESS_KEY_ID ??= 'local';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'local-secret';
  const bucket = { bucket: BUCKET, region: 'us-east-1' };
  await new S3Client({ region: bucket.region, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: BUCKET }),
  );
  const store = createStores(createAddressPolicy(['127.0.0.0/8'])).of(bucket);
  const loop = await makeLoop(folder, { size: '1280x720', kilobits: kilobits - 128 });
  const short = await remux(await putRecording(store, loop.path, minutes * 60));
  const long = await remux(await putRecording(store, loop.path, minutes * 600));
  const header = [
    'recording',
    'size',
    'took',
    'real time',
    'CPU with ffmpeg',
    "worker's memory",
    'frames',
    'sound frames',
  ];
  process.stdout.write(`${table([header, short.row, long.row])}\n`);
  if (short.times < LEAST_TIMES)
    failures.push(`It was only ${short.times.toFixed(0)} times as fast as real time`);
  const growth = long.memory - short.memory;
  if (growth > MOST_GROWTH_BYTES) failures.push(`Ten times as long took ${megabytes(growth)} more memory`);
} finally {
  s3.kill();
  await rm(folder, { recursive: true, force: true });
}
for (const failure of failures) process.stderr.write(`✗ ${failure}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
