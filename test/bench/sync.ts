import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataOf } from '../../client/index.ts';
import { LOCAL_DOMAIN } from '../../local/bootstrap.ts';
import { flashAndBeep, momentsOf } from '../../recorder/capture/flashes.fixture.ts';
import { ffmpeg, MediaFolder } from '../../recorder/containers/media.fixture.ts';
import { bind, makeTemplate, nameStandby } from '../support/configure.ts';
import { publish } from '../support/publisher.ts';
import { segmentUrls } from '../support/recorded.ts';
import { type Bench, bench, numbers } from './bench.ts';
import { filesOf, noticeOf, type RecordedFile } from './recorded.ts';

/**
 * A flash of light and a beep at the same moment, each second, of a stream that goes away and comes back: how far apart
 * they are in what is recorded of it.
 */

const MOST_MS = 40;
const RESUMPTION_SECONDS = 20;
/** The sweeper, which finds that a time-out is over, runs each minute. */
const PATIENCE_MS = 120_000;
/** Of a stream's first seconds, and of those at either side of its absence. */
const MISSED = 4;

const { seconds, away } = numbers({ seconds: 20, away: 4 });

const CONTENTS = {
  'as it is': {},
  transcoded: { content: 'transcoded' },
  'with standby content': { content: 'transcoded', recordStandby: true },
} as const;

const folder = await mkdtemp(join(tmpdir(), 'streamkeep-sync-'));
const media = new MediaFolder();

const makeSlate = (): Promise<Buffer> => {
  const path = join(folder, 'slate.png');
  ffmpeg('-f', 'lavfi', '-i', 'color=black:s=320x180', '-frames:v', '1', path);
  return readFile(path);
};

/** What plays by itself: a file, or the segments between two discontinuities. @returns paths */
const partsOf = async ({ url, format, fileId }: RecordedFile): Promise<string[]> => {
  if (url === null) throw new Error(`${fileId} has no URL`);
  const sources =
    format === 'hls'
      ? (await (await fetch(url)).text()).split(/^#EXT-X-DISCONTINUITY$/m).map(segmentUrls)
      : [[url]];
  const paths = sources.map(async (urls, index) => {
    const path = join(folder, `${fileId}-${index}.${format === 'hls' ? 'ts' : format}`);
    const bodies = urls.map(async (each) => Buffer.from(await (await fetch(each)).arrayBuffer()));
    await writeFile(path, Buffer.concat(await Promise.all(bodies)));
    return path;
  });
  return Promise.all(paths);
};

/** How much later than its flash each beep is, in milliseconds; of either side of the longest time without any. */
const offsetsOf = (path: string): number[][] => {
  const { flashes, beeps } = momentsOf(path);
  const pairs = flashes.flatMap((flash) => {
    const beep = beeps.find((each) => Math.abs(each - flash) < 0.5);
    return beep === undefined ? [] : [{ flash, offset: (beep - flash) * 1000 }];
  });
  const sides: number[][] = [[]];
  for (const [index, { flash, offset }] of pairs.entries()) {
    if (flash - (pairs[index - 1]?.flash ?? flash) > away / 2) sides.push([]);
    sides.at(-1)?.push(offset);
  }
  return sides;
};

const farthest = (offsets: readonly number[]): number =>
  offsets.reduce((most, offset) => (Math.abs(offset) > Math.abs(most) ? offset : most), 0);

/** Pushes the stream twice, with a pause. @returns its files */
const recordTwice = async (it: Bench, source: string, stream: string): Promise<RecordedFile[]> => {
  const ended = noticeOf(it, stream, 'recording.ended', (2 * seconds + away) * 1000 + PATIENCE_MS);
  const url = `${it.run.rtmpUrl}/live/${stream}`;
  await publish(source, url).ended;
  await sleep(away * 1000);
  await publish(source, url).ended;
  const { recordId } = await ended;
  return filesOf(it, recordId);
};

const measure = async (it: Bench): Promise<void> => {
  const source = flashAndBeep(media, 'flv', seconds);
  const [own = []] = offsetsOf(source);
  await nameStandby(it.api, 'slate', await makeSlate());
  const { transcodeId } = await dataOf(
    it.api.POST('/v1/transcodes', { body: { name: 'as-h264', video: { crf: 23 } } }),
  );
  const ms = (offset: number | undefined): string => (offset === undefined ? '-' : offset.toFixed(1));
  const rows = [['its source', '', ms(own[0]), '', ms(own.at(-1)), ms(farthest(own))]];
  for (const [name, content] of Object.entries(CONTENTS)) {
    const stream = name.replaceAll(' ', '-');
    const more = 'content' in content ? { ...content, transcodeId } : {};
    const formats = { hls: { resumptionTimeout: RESUMPTION_SECONDS }, mp4: {}, flv: {} };
    const templateId = await makeTemplate(it.api, stream, formats, more);
    await bind(it.api, { domain: LOCAL_DOMAIN, app: 'live', stream, templateId });
    const files = await recordTwice(it, source, stream);
    for (const format of Object.keys(formats)) {
      const parts = await Promise.all(files.filter((file) => file.format === format).map(partsOf));
      const [before = [], after = [], ...others] = parts.flat().flatMap(offsetsOf);
      const most = farthest([...before, ...after]);
      rows.push([name, format, ms(before[0]), ms(after[0]), ms(after.at(-1)), ms(most)]);
      const what = `${format} ${name}`;
      it.promise(others.length === 0, `${what} is in more than two pieces`);
      it.promise(
        Math.min(before.length, after.length) >= seconds - MISSED,
        `${what} has ${before.length} and ${after.length} flashes with their beeps`,
      );
      it.promise(Math.abs(most) <= MOST_MS, `${what}: a beep is ${ms(most)} ms behind its flash`);
    }
  }
  it.print([['a beep is behind its flash, ms', '', 'first', 'when it is back', 'last', 'most'], ...rows]);
};

await bench(async (it) => {
  try {
    await measure(it);
  } finally {
    media.remove();
    await rm(folder, { recursive: true, force: true });
  }
});
