import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIngest } from '../../../local/ingest/index.ts';
import { ffmpegArgs, inputArgs, teeOutputs } from '../../../recorder/capture/ffmpeg-args.ts';
import { parseSource } from '../../../recorder/gate/source.ts';
import { fakeFiles } from '../../../recorder/outputs/hls.fixture.ts';
import { type HlsBeginning, HlsOutput } from '../../../recorder/outputs/hls-output.ts';
import { HLS, planOf } from '../../../recorder/recorder.fixture.ts';
import { startSink } from '../../../recorder/sink/sink.ts';
import { expectPartOf } from '../../support/frames.ts';
import { FRAMES_PER_SECOND, KEY_FRAME_SECONDS, makeSource, videoFrames } from '../../support/media.ts';
import { freePort, startNginxRtmp } from '../../support/nginx-rtmp.ts';
import { publish } from '../../support/publisher.ts';
import { eventually } from '../../support/recorded.ts';

const SECONDS = 24;
const HOST = '127.0.0.1';

let folder: string;
let source: string;
const steps: (() => unknown)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'streamkeep-meeting-'));
  source = await makeSource(folder, 'source', { seconds: SECONDS, video: ['-bf', '2'] });
});
afterAll(async () => {
  for (const step of steps.reverse()) await step();
  await rm(folder, { recursive: true, force: true });
});

/** Answers every callback of an ingest server with yes. */
const startCallbacks = async (): Promise<string> => {
  const server = createServer((_, response) => response.end()).listen(0, HOST);
  await once(server, 'listening');
  steps.push(() => server.close());
  return `http://${HOST}:${(server.address() as AddressInfo).port}/`;
};

const INGESTS = {
  'node-media-server': async (): Promise<number> => {
    const options = { host: HOST, port: 0, notifyUrl: await startCallbacks(), log: new PassThrough() };
    const ingest = await startIngest({ ...options, onDeath: (how) => expect.unreachable(how) });
    steps.push(() => ingest.stop());
    return ingest.port;
  },
  'nginx-rtmp': async (): Promise<number> => {
    const port = await freePort();
    const nginx = await startNginxRtmp(join(folder, 'nginx'), port, { publish: await startCallbacks() });
    steps.push(() => nginx.stop());
    return port;
  },
};

/** One recorder's HLS of the stream, from now on. */
const read = async (port: number, begins?: Promise<HlsBeginning>) => {
  const { openFile, segments } = fakeFiles();
  const startedAt = new Date();
  const output = new HlsOutput({
    ...(begins === undefined ? {} : { begins }),
    ...{ segmentSeconds: 2, maxSeconds: Number.POSITIVE_INFINITY, startedAt: () => startedAt },
    monotonicNow: () => performance.now(),
    onKeyFrame: () => undefined,
    onCodecChange: () => expect.unreachable('the settings do not change'),
    openFile: (startSeconds) => openFile(startSeconds),
  });
  const sink = await startSink();
  steps.push(() => sink.close());
  const session = sink.open(async (path, request) => {
    request.on('data', (chunk: Buffer) => {
      if (path === 'hls') output.push(chunk);
    });
    // ffmpeg is killed in the end.
    request.on('error', () => request.destroy());
    await new Promise((resolve) => {
      request.on('close', resolve);
    });
  });
  const stream = parseSource(`rtmp://${HOST}:${port}/live/show`, {
    domain: 'push.example.com',
    ...{ app: 'live', stream: 'show' },
  });
  const tee = teeOutputs(planOf({ hls: HLS }), session.url, false);
  const ffmpeg = spawn('ffmpeg', ffmpegArgs(inputArgs(stream, port), tee), { stdio: 'ignore' });
  return {
    ...{ output, segments },
    end: async () => {
      ffmpeg.kill('SIGKILL');
      await session.idle();
      await output.close('open');
    },
  };
};

describe.concurrent.each(Object.entries(INGESTS))('A recording of %s that is handed on', (name, start) => {
  it('has every frame once, on both sides of a key frame', async () => {
    const port = await start();
    const publication = publish(source, `rtmp://${HOST}:${port}/live/show`);
    steps.push(() => publication.kill());
    const leaving = await read(port);
    const seconds = (count: number) => () => leaving.output.recordedSeconds > count || undefined;
    await eventually('the first recorder records', seconds(3));
    const begins = Promise.withResolvers<HlsBeginning>();
    const arriving = await read(port, begins.promise);
    await eventually('the second recorder gets the stream', () => arriving.output.unstoredBytes || undefined);
    const fingerprint = await leaving.output.cutAtNextKeyFrame();
    expect(fingerprint).toBeDefined();
    begins.resolve(fingerprint === undefined ? {} : { fingerprint });
    await publication.ended;
    await leaving.end();
    await arriving.end();

    const parts = [leaving, arriving].map(({ segments }) => segments().map(({ bytes }) => bytes));
    const paths = await Promise.all(
      parts.map(async (part, index) => {
        const path = join(folder, `${name}-${index}.ts`);
        await writeFile(path, Buffer.concat(part));
        return path;
      }),
    );
    const [before = [], after = []] = await Promise.all(paths.map(videoFrames));
    expect(before.length % (FRAMES_PER_SECOND * KEY_FRAME_SECONDS)).toBe(0);
    expect(before.length).toBeGreaterThan(0);
    expect(after.length).toBeGreaterThan(0);
    expectPartOf(await videoFrames(source), [...before, ...after]);
  });
});
