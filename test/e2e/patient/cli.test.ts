import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { expectPartOf } from '../../support/frames.ts';
import { useLocalRun } from '../../support/local-run.ts';
import { FRAMES_PER_SECOND, makeSource, videoFrames } from '../../support/media.ts';
import { freePort } from '../../support/nginx-rtmp.ts';
import { publish } from '../../support/publisher.ts';
import { eventually, type FileView, type StreamView, streamsOf } from '../../support/recorded.ts';

const MAIN = fileURLToPath(new URL('../../../cli/streamkeep.js', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

const run = useLocalRun();

/** `streamkeep` as a process of its own. */
const start = (args: readonly string[], stdin = '') => {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, STREAMKEEP_URL: run.apiUrl, STREAMKEEP_TOKEN: run.adminToken },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end(stdin);
  const ended = once(child, 'close').then(([code]) => ({ code: Number(code), stdout, stderr }));
  return { ended, interrupt: () => child.kill('SIGINT'), printed: () => stderr };
};
const streamkeep = (args: readonly string[], stdin?: string) => start(args, stdin).ended;

const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await streamkeep([...args, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
};

const oneOffs = async (): Promise<string[]> => {
  const templates: { name: string }[] = await json('templates', 'list');
  const domains: { domain: string }[] = await json('domains', 'list');
  const names = [...templates.map(({ name }) => name), ...domains.map(({ domain }) => domain)];
  return names.filter((name) => name.startsWith('once-'));
};

describe('streamkeep', () => {
  it('runs by npx, with the Node of the checkout', async () => {
    const { stdout } = await promisify(execFile)('npx', ['--offline', 'streamkeep', '--help'], {
      cwd: REPOSITORY,
    });
    expect(stdout).toContain('Usage: streamkeep');
  });

  it.concurrent('records a stream from its URL for a time, and shows it meanwhile', async () => {
    const source = await makeSource(run.folder, 'one-off', { seconds: 30 });
    const publisher = publish(source, `${run.rtmpUrl}/live/one-off`);
    // Asked of the API, as to start the CLI over and over takes all that a machine has.
    await eventually('it is live', async () => (await streamsOf(run.api, 'one-off', true))[0]);
    const url = `${run.rtmpUrl}/live/one-off`;
    const recording = start([
      'record',
      url,
      '--to',
      's3://recordings/once',
      '--format',
      'mp4,hls',
      '--for',
      '14s',
      '--json',
    ]);
    const isOneOff = ({ domain }: StreamView): boolean => domain.startsWith('once-');
    await eventually('it gets on', async () => {
      const live = await streamsOf(run.api, 'one-off', true);
      return live.find(isOneOff)?.recordings.find(({ progress }) => progress !== null);
    });
    const watched: StreamView[] = await json('watch', '--once', '--stream', 'one-off');
    const shown = watched.find(isOneOff);
    expect(shown?.recordings[0]?.progress).not.toBeNull();
    expect(shown).toMatchObject({ app: 'once', live: true, recordings: [{ state: 'recording' }] });

    const { code, stdout, stderr } = await recording.ended;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('The end of its task was reached.'),
    });
    const files: FileView[] = JSON.parse(stdout);
    expect(files.map(({ format }) => format).sort()).toEqual(['hls', 'mp4']);
    const whole = await videoFrames(source);
    for (const { key, url: fileUrl } of files) {
      expect(key).toMatch(/^once\/one-off-\d{4}-/);
      const frames = await videoFrames(fileUrl ?? '');
      expectPartOf(whole, frames);
      expect(frames.length).toBeGreaterThan(5 * FRAMES_PER_SECOND);
      expect(frames.length).toBeLessThan(17 * FRAMES_PER_SECOND);
    }
    publisher.stop();
    await publisher.ended;
  });

  it.concurrent('ends a recording in good order at Ctrl-C, with its files', async () => {
    const source = await makeSource(run.folder, 'interrupted', { seconds: 30 });
    const publisher = publish(source, `${run.rtmpUrl}/live/interrupted`);
    const recording = start([
      'record',
      `${run.rtmpUrl}/live/interrupted`,
      '--to',
      's3://recordings',
      '--name',
      'mine',
    ]);
    await eventually(
      'it is being recorded',
      () => /Recording 320×180/.test(recording.printed()) || undefined,
    );
    recording.interrupt();
    const { code, stdout } = await recording.ended;
    expect(code).toBe(0);
    const [, url = ''] = /^(http\S+)$/m.exec(stdout) ?? [];
    expectPartOf(await videoFrames(source), await videoFrames(url));
    expect(stdout).toMatch(/s3:\/\/recordings\/mine-\d{4}-\S+\.mp4/);
    publisher.stop();
    await publisher.ended;
  });

  it.concurrent('says in plain words that a source cannot be reached', async () => {
    const url = `rtmp://127.0.0.1:${await freePort()}/live/nothing`;
    const { code, stdout, stderr } = await streamkeep([
      'record',
      url,
      '--to',
      's3://recordings',
      '--for',
      '2m',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('Nothing was recorded. The source could not be reached.');
  });

  it('has left nothing behind of what it made to record', async () => {
    expect(await oneOffs()).toEqual([]);
  });

  it('applies files once, and gives back what it exports', async () => {
    const files = [
      'kind: Storage\nname: mine\nbucket: recordings\nregion: us-east-1\nforcePathStyle: true',
      'kind: Template\nname: mine\nformats: { mp4: , aac: { when: always } }\nstorage: { primary: mine }',
      'kind: Domain\ndomain: mine.example.com\nadapter: webhook\nsource: { url: "rtmp://origin.example.com/{stream}" }',
      'kind: Rule\ndomain: mine.example.com\napp: live\ntemplate: mine',
    ].join('\n---\n');
    const apply = ['apply', '-f', '-', '--yes'];
    expect(await streamkeep(apply, files)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Done: 4 applied'),
    });
    expect(await streamkeep(apply, files)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Nothing to do/),
    });
    const { stdout: exported } = await streamkeep(['export']);
    expect(exported).toContain('domain: localhost');
    expect(await streamkeep([...apply, '--prune'], exported)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Nothing to do/),
    });
  });
});
