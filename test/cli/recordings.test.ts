import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingWith } from '../../functions/common/world.fixture.ts';
import type { RecordingFile } from '../../shared/schemas/recording.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { fetchFrom, startCli, type TestCli } from '../support/cli.ts';

let cli: TestCli;

const aFile = async (change: Partial<RecordingFile>): Promise<void> => {
  const file: RecordingFile = {
    recordId: 'rec_done',
    fileId: '0001-mp4',
    format: 'mp4',
    bucket: 'recordings',
    key: 'shows/../show.mp4',
    state: 'ready',
    location: 'primary',
    sizeBytes: 10,
    durationSeconds: 61,
    startedAt: '2026-11-22T10:00:00.000Z',
    readyAt: '2026-11-22T10:01:02.000Z',
    epoch: 1,
    ...change,
  };
  await createFiles(cli.api.table).open(file);
};

beforeAll(async () => {
  cli = await startCli();
  const recordings = createRecordings(cli.api.table);
  const ended = { endedAt: '2026-11-22T10:01:01.000Z', stream: 'show' };
  const reason = {
    cause: 'source' as const,
    code: 'source-silent',
    text: 'The source sent nothing for too long.',
  };
  await recordings.create(recordingWith({ recordId: 'rec_done', state: 'completed', ...ended }));
  await recordings.create(recordingWith({ recordId: 'rec_failed', state: 'failed', reason, ...ended }));
  await recordings.create(
    recordingWith({ recordId: 'rec_run', stream: 'other', startedAt: '2026-11-22T11:00:00.000Z' }),
  );
  await aFile({});
  await aFile({ fileId: '0002-mp4', key: 'shows/again/show.mp4' });
  await aFile({ fileId: '0001-hls', format: 'hls', key: 'shows/show.m3u8' });
});
afterAll(() => cli.close());

const idsOf = (json: { recordId: string }[]): string[] => json.map(({ recordId }) => recordId).sort();
const list = async (...filters: string[]) =>
  idsOf((await cli.run(['recordings', 'list', '--json', ...filters])).json);

describe('Recordings', () => {
  it('are listed with filters', async () => {
    expect(await list()).toEqual(['rec_done', 'rec_failed', 'rec_run']);
    expect(await list('--stream', 'show', '--state', 'failed')).toEqual(['rec_failed']);
    expect(await list('--from', '-90m')).toEqual(['rec_run']);
    expect(await list('--to', '2026-11-22T10:30:00+00:00', '--limit', '1')).toHaveLength(1);
    const { stdout } = await cli.run(['recordings', 'list', '--state', 'failed']);
    expect(stdout).toContain('rec_failed  The source sent nothing for too long.');
  });

  it('show their files', async () => {
    const { json } = await cli.run(['recordings', 'files', 'rec_done', '--json']);
    expect(json).toMatchObject([{ fileId: '0001-hls' }, { fileId: '0001-mp4' }, { fileId: '0002-mp4' }]);
    const { stdout } = await cli.run(['recordings', 'files', 'rec_done']);
    expect(stdout).toContain('0002-mp4  ready      1:01  10 B  s3://recordings/shows/again/show.mp4');
  });

  it('are downloaded to files of their own, nowhere else, and over none that is there', async () => {
    const fromApi = fetchFrom(cli.api);
    const fetch = async (request: Request): Promise<Response> => {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith('.m3u8'))
        return new Response('#EXTM3U\n#EXTINF:2,\nhttp://s3/0.ts\n#EXTINF:2,\nhttp://s3/1.ts\n');
      if (request.headers.has('authorization')) return fromApi(request);
      return new Response(`bytes of ${pathname}`);
    };
    const download = (...flags: string[]) =>
      cli.run(['recordings', 'download', 'rec_done', '--to', 'videos', ...flags], { fetch });
    const { code, stdout } = await download();
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'videos/show.ts\nvideos/show.mp4\nvideos/show-2.mp4\n',
    });
    const read = (name: string) => readFile(join(cli.folder, 'videos', name), 'utf8');
    expect(await read('show.ts')).toBe('bytes of /0.tsbytes of /1.ts');
    expect(await read('show.mp4')).toContain('show.mp4');
    expect(await download()).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    const forced = await download('--force', '--format', 'mp4', '--file', '0002-mp4', '--json');
    expect(forced).toMatchObject({ code: 0, json: [{ fileId: '0002-mp4' }] });
  });

  it('leave no half file behind when a storage does not answer', async () => {
    const fromApi = fetchFrom(cli.api);
    const fetch = (request: Request): Promise<Response> =>
      request.headers.has('authorization')
        ? fromApi(request)
        : Promise.resolve(new Response('', { status: 503 }));
    const args = ['recordings', 'download', 'rec_done', '--format', 'mp4', '--to', 'gone'];
    expect(await cli.run(args, { fetch })).toMatchObject({ code: 1, stderr: expect.stringContaining('503') });
    await expect(readFile(join(cli.folder, 'gone', 'show.mp4'))).rejects.toThrow('ENOENT');
    await expect(readFile(join(cli.folder, 'gone', 'show.mp4.part'))).rejects.toThrow('ENOENT');
  });

  it('are stopped and deleted', async () => {
    expect(await cli.run(['recordings', 'stop', 'rec_run', '--json'])).toMatchObject({
      code: 0,
      json: { recordId: 'rec_run' },
    });
    expect(await cli.run(['recordings', 'stop', 'rec_none'])).toMatchObject({ code: 1 });
    const args = ['recordings', 'delete', 'rec_done', '--objects'];
    expect(await cli.run(args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be undone'),
    });
    const { code, json } = await cli.run([...args, '--yes', '--json']);
    expect({ code, json }).toMatchObject({ code: 0, json: { deletion: { objects: true } } });
  });
});
