import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { dataOf } from '../../../client/index.ts';
import { LOCAL_DOMAIN } from '../../../local/bootstrap.ts';
import { bind, makeTemplate, nameStandby } from '../../support/configure.ts';
import { useLocalRun } from '../../support/local-run.ts';
import { FRAMES_PER_SECOND, makeSource } from '../../support/media.ts';
import { publish } from '../../support/publisher.ts';
import { download, endedRecording, eventually, filesOf, recordingsOf } from '../../support/recorded.ts';

const AWAY_MS = 5000;
/** Nobody knows of its end sooner than that. */
const RESUMPTION_SECONDS = 12;

const run = useLocalRun();
const ffmpeg = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)('ffmpeg', ['-v', 'error', '-nostdin', ...args])).stdout;

/** An image that is red all over. @returns its path */
const makeSlate = async (): Promise<string> => {
  const path = join(run.folder, 'slate.png');
  await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=320x180', '-frames:v', '1', path);
  return path;
};

/** Whether each picture is red all over. */
const rednessOf = async (path: string): Promise<boolean[]> => {
  const filter = 'signalstats,metadata=print:key=lavfi.signalstats.VAVG:file=-';
  const printed = await ffmpeg('-i', path, '-map', '0:v:0', '-vf', filter, '-f', 'null', '-');
  return [...printed.matchAll(/VAVG=([\d.]+)/g)].map(([, mean]) => Number(mean) > 200);
};

it('of a stream that is away for 5 s has one MP4, with standby content in the gap', async () => {
  const source = await makeSource(run.folder, 'source', { seconds: 40 });
  await nameStandby(run.api, 'back-soon', await readFile(await makeSlate()));
  const { transcodeId } = await dataOf(
    run.api.POST('/v1/transcodes', { body: { name: 'as-it-is', video: { crf: 23 } } }),
  );
  const templateId = await makeTemplate(
    run.api,
    'with-standby',
    { hls: { resumptionTimeout: RESUMPTION_SECONDS }, mp4: {} },
    { content: 'transcoded', transcodeId, recordStandby: true },
  );
  await bind(run.api, { domain: LOCAL_DOMAIN, app: 'live', stream: 'bridged', templateId });
  const told: string[] = [];
  run.notices.on('notice', ({ type, stream }) => {
    if (stream.stream === 'bridged' && type.startsWith('recording.')) told.push(type);
  });
  const recording = async () => (await recordingsOf(run.api, 'bridged'))[0];

  const publisher = publish(source, `${run.rtmpUrl}/live/bridged`);
  const { recordId } = await eventually('the stream is recorded', recording);
  await eventually('6 s are recorded', async () => {
    const startedAt = (await filesOf(run.api, recordId)).find(({ format }) => format === 'mp4')?.startedAt;
    return (startedAt !== undefined && Date.now() - Date.parse(startedAt) > 6000) || undefined;
  });
  publisher.stop();
  const leftAt = await publisher.ended;
  const awaited = await eventually('it is waited for', async () => {
    const now = await recording();
    return now?.trouble?.code === 'stream-awaited' ? now : undefined;
  });
  expect(awaited).toMatchObject({ recordId, state: 'recording' });
  await eventually('it has been away for 5 s', () => Date.now() - leftAt >= AWAY_MS || undefined);
  const backAt = Date.now();
  const again = publish(source, `${run.rtmpUrl}/live/bridged`);
  await eventually('its trouble is over', async () => (await recording())?.trouble === null || undefined);
  await eventually('6 s more are sent', () => Date.now() - backAt > 9000 || undefined);
  again.stop();

  const { recording: ended, files } = await endedRecording(run.api, 'bridged');
  expect(ended).toMatchObject({ recordId, state: 'completed', reason: { code: 'session-ended' } });
  const states = files.map(({ format, state }) => `${format} ${state}`);
  expect(states.sort()).toEqual(['hls ready', 'mp4 ready']);
  await eventually('its end is told', () => told.includes('recording.ended') || undefined);
  expect(told).not.toContain('recording.paused');
  for (const file of files) {
    const isRed = await rednessOf(await download(file, run.folder));
    const [begin, end] = [isRed.indexOf(true), isRed.lastIndexOf(true) + 1];
    expect(begin, file.format).toBeGreaterThan(5 * FRAMES_PER_SECOND);
    expect(isRed.slice(begin, end).every(Boolean), file.format).toBe(true);
    expect(isRed.length - end, file.format).toBeGreaterThan(4 * FRAMES_PER_SECOND);
    const gap = (end - begin) / FRAMES_PER_SECOND;
    const away = (backAt - leftAt) / 1000;
    expect(gap, file.format).toBeGreaterThan(away - 1.5);
    expect(gap, file.format).toBeLessThan(away + 4);
  }
});
