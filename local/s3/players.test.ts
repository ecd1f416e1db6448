import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, it } from 'vitest';
import { temporaryS3 } from './temporary.ts';

const run = promisify(execFile);

it('lets ffmpeg seek in an MP4 behind a presigned URL', async () => {
  await using server = await temporaryS3();
  const file = join(server.dataDir, 'source.mp4');
  // The index at the end of the file makes the player jump there and back.
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=8'];
  await run('ffmpeg', [
    '-v',
    'error',
    ...source,
    '-g',
    '25',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    file,
  ]);
  const Body = await readFile(file);
  await rm(file);
  await server.client.send(new PutObjectCommand({ Bucket: 'media', Key: 'a b/ü.mp4', Body }));
  const url = await getSignedUrl(server.client, new GetObjectCommand({ Bucket: 'media', Key: 'a b/ü.mp4' }));
  const from = (seconds: string) =>
    run('ffmpeg', ['-v', 'error', '-ss', seconds, '-i', url, '-f', 'framemd5', '-']);
  const frames = ({ stdout }: { stdout: string }) => stdout.split('\n').filter((line) => /^\d/.test(line));
  expect(frames(await from('0'))).toHaveLength(200);
  expect(frames(await from('6'))).toHaveLength(50);
});
