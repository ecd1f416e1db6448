import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bind, makeDomain, makeTemplate } from '../support/configure.ts';
import { expectEndOf } from '../support/frames.ts';
import { useLocalRun } from '../support/local-run.ts';
import {
  audioPackets,
  FRAMES_PER_SECOND,
  KEY_FRAME_SECONDS,
  makeSource,
  videoFrames,
} from '../support/media.ts';
import { freePort, startNginxRtmp } from '../support/nginx-rtmp.ts';
import { onThisMachine } from '../support/on-this-machine.ts';
import { publish } from '../support/publisher.ts';
import { download, endedRecording, eventually, streamsOf } from '../support/recorded.ts';
import { type CallbackRelay, startCallbackRelay } from '../support/relay.ts';

const STARTS = 10;
/** Longer than all starts together: each is on time by itself, and no stream ends beside one. */
const LONG_SECONDS = 12;
const FORMATS = { hls: { segmentSeconds: 2 }, mp4: {}, flv: {} };
const GROUP_FRAMES = FRAMES_PER_SECOND * KEY_FRAME_SECONDS;
/** The second that a publisher may be held back, and what goes around it. */
const LONGEST_ANSWER_MS = onThisMachine(1200);

interface Ingest {
  readonly url: string;
  readonly relay: CallbackRelay;
}

const run = useLocalRun();

interface Source {
  readonly path: string;
  readonly frames: string[];
  readonly sounds: string[];
}

let short: Source;
let long: Source;

const prepareSource = async (name: string, seconds: number): Promise<Source> => {
  // With B-frames, of which the first ones are shown after later ones.
  const path = await makeSource(run.folder, name, { seconds, size: '160x90', video: ['-bf', '2'] });
  return { path, frames: await videoFrames(path), sounds: await audioPackets(path) };
};

/** nginx-rtmp for a domain of its own, recorded if there is a template. */
const startIngest = async (
  name: string,
  losslessStart: boolean,
  templateId: string | undefined,
): Promise<Ingest> => {
  const domain = `${name}.example.com`;
  const port = await freePort();
  const secret = await makeDomain(run.api, {
    domain,
    adapter: 'nginx-rtmp',
    source: { url: `rtmp://127.0.0.1:${port}/{app}/{stream}` },
    losslessStart,
  });
  if (templateId !== undefined) await bind(run.api, { domain, templateId });
  const relay = await startCallbackRelay(`${run.apiUrl}/v1/ingest/nginx-rtmp/${domain}?secret=${secret}`);
  run.onEnd(() => relay.close());
  const nginx = await startNginxRtmp(join(run.folder, name), port, { publish: relay.publishUrl });
  run.onEnd(() => nginx.stop());
  return { url: nginx.url, relay };
};

/** Frames of the source that each file lacks at its beginning; it lacks nothing else. */
const lostFrames = async (
  { frames, sounds }: Source,
  stream: string,
): Promise<{ format: string; video: number; audio: number }[]> => {
  const { recording, files } = await endedRecording(run.api, stream);
  expect(recording).toMatchObject({ state: 'completed', reason: { code: 'session-ended' } });
  expect(files.map(({ format }) => format).sort()).toEqual(['flv', 'hls', 'mp4']);
  const lost = files.map(async (file) => {
    const path = await download(file, run.folder);
    const audio = expectEndOf(sounds, await audioPackets(path));
    return { format: file.format, video: expectEndOf(frames, await videoFrames(path)), audio };
  });
  return Promise.all(lost);
};

/** One start after the other, all of them to their end. @returns what each lacks */
const startAll = async ({ url, relay }: Ingest, source: Source, names: readonly string[]) => {
  const publishers = [];
  for (const name of names) {
    publishers.push(publish(source.path, `${url}/live/${name}`));
    await eventually(`${name} is answered`, () => relay.answerMs.get(name));
  }
  for (const { ended } of publishers) await ended;
  const all = [];
  for (const name of names) all.push(await lostFrames(source, name));
  return all;
};

beforeAll(async () => {
  await mkdir(run.folder, { recursive: true });
  short = await prepareSource('short', 6);
  long = await prepareSource('long', LONG_SECONDS);
});

describe('A recording', () => {
  it(`holds the very first frame when the start is lossless, in each of ${STARTS} starts`, async () => {
    const ingest = await startIngest('lossless', true, await makeTemplate(run.api, 'lossless', FORMATS));
    const names = Array.from({ length: STARTS }, (_, index) => `lossless-${index + 1}`);
    const lost = await startAll(ingest, long, names);
    const answers = [...ingest.relay.answerMs.values()].sort((one, other) => one - other);
    expect(answers.at(-1)).toBeLessThan(LONGEST_ANSWER_MS);
    for (const files of lost) {
      for (const { format, video, audio } of files) expect([format, video, audio]).toEqual([format, 0, 0]);
    }
  });
});

// Side by side: none of these is about the first frame.
describe.concurrent('A recording whose start is not lossless', () => {
  it('begins with a later key frame', async () => {
    const ingest = await startIngest('ordinary', false, await makeTemplate(run.api, 'ordinary', FORMATS));
    const lost = await startAll(ingest, short, ['ordinary-1', 'ordinary-2', 'ordinary-3']);
    for (const files of lost) {
      for (const { video } of files) {
        expect(video).toBeGreaterThanOrEqual(GROUP_FRAMES);
        expect(video % GROUP_FRAMES).toBe(0);
      }
    }
  });
});

describe.concurrent('A publisher', () => {
  it('is let in at once when the stream is not recorded', async () => {
    const { url, relay } = await startIngest('bare', true, undefined);
    const publisher = publish(short.path, `${url}/live/bare`);
    const answered = await eventually('it is answered', () => relay.answerMs.get('bare'));
    expect(answered).toBeLessThan(LONGEST_ANSWER_MS);
    await publisher.ended;
    const [stream] = await eventually('the stream is known', async () => {
      const streams = await streamsOf(run.api, 'bare', false);
      return streams.length > 0 ? streams : undefined;
    });
    expect(stream?.notRecorded).toContain('No rule');
  });

  it('is let in after a second when no recorder can connect', async () => {
    const templateId = await makeTemplate(run.api, 'unreachable', FORMATS);
    const { url, relay } = await startIngest('unreachable', true, templateId);
    const path = { domain: 'unreachable.example.com' };
    const nobody = `rtmp://127.0.0.1:${await freePort()}/{app}/{stream}`;
    const { response } = await run.api.PUT('/v1/domains/{domain}', {
      params: { path, header: { 'If-Match': '*' } },
      body: { adapter: 'nginx-rtmp', source: { url: nobody }, losslessStart: true },
    });
    expect(response.status).toBe(200);
    const publisher = publish(short.path, `${url}/live/unreachable`);
    const answered = await eventually('it is answered', () => relay.answerMs.get('unreachable'));
    expect(answered).toBeGreaterThanOrEqual(1000);
    expect(answered).toBeLessThan(LONGEST_ANSWER_MS);
    await publisher.ended;
  });
});
