import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../../client/index.ts';
import { bind, makeTemplate } from '../../support/configure.ts';
import { expectPartOf } from '../../support/frames.ts';
import { descendants, startLocalProcess, stillRunning } from '../../support/local-process.ts';
import { useLocalRun } from '../../support/local-run.ts';
import { FRAMES_PER_SECOND, makeSource, videoFrames } from '../../support/media.ts';
import { onThisMachine } from '../../support/on-this-machine.ts';
import { once } from '../../support/once.ts';
import { publish } from '../../support/publisher.ts';
import {
  download,
  endedRecording,
  eventually,
  type FileView,
  filesOf,
  recordingsOf,
} from '../../support/recorded.ts';

/** What a killed recorder may lose of what it had received. */
const MOST_LOST_SECONDS = 10;

const run = useLocalRun();
const source = once(() => makeSource(run.folder, 'source', { seconds: 70, size: '160x90' }));

const secondsSince = (time: string, until = Date.now()): number => (until - Date.parse(time)) / 1000;

const of = (files: readonly FileView[], format: string): FileView[] =>
  files.filter((file) => file.format === format);

describe.concurrent('A recording', () => {
  it('goes on within 15 s when its recorder is killed, and what was recorded before is not lost', async () => {
    const templateId = await makeTemplate(run.api, 'short-segments', {
      hls: { segmentSeconds: 4 },
      mp4: {},
      flv: {},
    });
    await bind(run.api, { domain: 'localhost', app: 'live', stream: 'bereft', templateId });
    const ends: string[] = [];
    run.notices.on('notice', (notice) => {
      if (notice.stream.stream === 'bereft' && notice.type === 'recording.ended') ends.push(notice.noticeId);
    });
    const publisher = publish(await source(), `${run.rtmpUrl}/live/bereft`);
    const { recordId } = await eventually('the stream is recorded', async () => {
      const [recording] = await recordingsOf(run.api, 'bereft');
      return recording;
    });
    const first = await eventually('17 s are recorded', async () => {
      const [file] = of(await filesOf(run.api, recordId), 'mp4');
      return file !== undefined && secondsSince(file.startedAt) > 17 ? file : undefined;
    });
    const killedAt = Date.now();
    run.recorders[0]?.kill('SIGKILL');
    const second = await eventually('another recorder goes on', async () => {
      const [, file] = of(await filesOf(run.api, recordId), 'mp4');
      return file;
    });
    expect((Date.parse(second.startedAt) - killedAt) / 1000).toBeLessThan(onThisMachine(15));
    await eventually('5 s more are recorded', () => secondsSince(second.startedAt) > 5 || undefined);
    publisher.stop();

    const { recording, files } = await endedRecording(run.api, 'bereft');
    expect(recording).toMatchObject({ recordId, state: 'completed', reason: { code: 'session-ended' } });
    expect(files.map(({ format, state }) => `${format} ${state}`).sort()).toEqual([
      'flv ready',
      'flv ready',
      'hls ready',
      'mp4 ready',
      'mp4 ready',
    ]);
    const frames = await videoFrames(await source());
    const received = (killedAt - Date.parse(first.startedAt)) / 1000;
    for (const format of ['mp4', 'flv']) {
      for (const file of of(files, format)) {
        const played = await videoFrames(await download(file, run.folder));
        const start = expectPartOf(frames, played);
        if (file.startedAt !== first.startedAt) continue;
        const end = (start + played.length) / FRAMES_PER_SECOND;
        expect(end, format).toBeGreaterThan(received - MOST_LOST_SECONDS);
      }
    }
    const [playlist] = of(files, 'hls');
    const text = await (await fetch(playlist?.url ?? '')).text();
    expect(text.match(/^#EXT-X-DISCONTINUITY$/gm)).toHaveLength(1);
    expect(text).toMatch(/#EXT-X-ENDLIST\n$/);
    await eventually('the end is told', () => ends.length > 0 || undefined);
    expect(new Set(ends).size).toBe(1);
  });

  it('is closed and plays after the whole local run was killed and started again', async () => {
    const data = join(run.folder, 'killed');
    const token = 'token-of-the-killed-run';
    const killed = await startLocalProcess(data, token);
    const publisher = publish(await source(), `${killed.rtmpUrl}/live/cut-off`);
    const before = createClient({ url: killed.apiUrl, token });
    const { recordId } = await eventually('the stream is recorded', async () => {
      const [recording] = await recordingsOf(before, 'cut-off');
      return recording;
    });
    const opened = await eventually('14 s are recorded', async () => {
      const files = await filesOf(before, recordId);
      return files.length === 3 && files.every(({ startedAt }) => secondsSince(startedAt) > 14)
        ? files
        : undefined;
    });
    const children = await descendants(killed.pid);
    expect(children.length).toBeGreaterThanOrEqual(3);
    const killedAt = Date.now();
    await killed.kill();
    publisher.kill();
    await eventually(
      'its processes are gone',
      async () => (await stillRunning(children)).length === 0 || undefined,
      5000,
    );

    const again = await startLocalProcess(data, token);
    run.onEnd(() => again.stop());
    const api = createClient({ url: again.apiUrl, token });
    const { recording, files } = await eventually(
      'the recording is complete',
      async () => {
        const [found] = await recordingsOf(api, 'cut-off');
        return found?.state === 'completed' ? endedRecording(api, 'cut-off') : undefined;
      },
      90_000,
    );
    expect(recording).toMatchObject({ recordId, reason: { cause: 'source' } });
    const frames = await videoFrames(await source());
    for (const { fileId, startedAt } of opened) {
      const file = files.find((each) => each.fileId === fileId);
      if (file === undefined) throw new Error(`${fileId} is gone`);
      expect(file.state).toBe('ready');
      const played = await videoFrames(await download(file, run.folder));
      const end = (expectPartOf(frames, played) + played.length) / FRAMES_PER_SECOND;
      // Of HLS, the segment in progress of ten seconds as well.
      const lost = file.format === 'hls' ? MOST_LOST_SECONDS + 2 : MOST_LOST_SECONDS;
      expect(end, file.format).toBeGreaterThan(secondsSince(startedAt, killedAt) - lost);
    }
  });
});
