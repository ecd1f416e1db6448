import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it, vi } from 'vitest';
import { startS3 } from './index.ts';
import { clientOf, credentials, temporaryS3 } from './temporary.ts';

const at = (Key: string) => ({ Bucket: 'media', Key });
const put = (client: S3Client, key: string, Body: string | Buffer) =>
  client.send(new PutObjectCommand({ ...at(key), Body, Metadata: { of: 'test' } }));
const text = async (client: S3Client, key: string) =>
  (await client.send(new GetObjectCommand(at(key)))).Body?.transformToString();

async function blobs(dataDir: string): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Runs a second server on a copy of the folder: what a `kill -9` at this moment would leave. */
async function afterCrash(dataDir: string, check: (client: S3Client, copy: string) => Promise<void>) {
  const copy = await mkdtemp(join(tmpdir(), 's3-crashed-'));
  await cp(dataDir, copy, { recursive: true });
  const s3 = await startS3({ dataDir: copy, credentials });
  const client = clientOf(s3);
  try {
    await check(client, copy);
  } finally {
    client.destroy();
    await s3.close();
    await rm(copy, { recursive: true });
  }
}

describe('a restart', () => {
  it('keeps objects, metadata, settings and open uploads', async () => {
    await using server = await temporaryS3();
    const { client, dataDir } = server;
    await put(client, '../ü.mp4', 'bytes');
    await put(client, 'deleted', 'x');
    await client.send(new DeleteObjectCommand(at('deleted')));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at('open')));
    const part = { ...at('open'), UploadId, PartNumber: 4, Body: 'part' };
    const { ETag } = await client.send(new UploadPartCommand(part));

    await afterCrash(dataDir, async (restarted) => {
      expect(await text(restarted, '../ü.mp4')).toBe('bytes');
      const head = await restarted.send(new HeadObjectCommand(at('../ü.mp4')));
      expect(head.Metadata).toEqual({ of: 'test' });
      const { Contents } = await restarted.send(new ListObjectsV2Command({ Bucket: 'media' }));
      expect(Contents?.map(({ Key }) => Key)).toEqual(['../ü.mp4']);
      const { Parts } = await restarted.send(new ListPartsCommand({ ...at('open'), UploadId }));
      expect(Parts).toMatchObject([{ PartNumber: 4, ETag, Size: 4 }]);
      const MultipartUpload = { Parts: [{ PartNumber: 4, ETag }] };
      await restarted.send(new CompleteMultipartUploadCommand({ ...at('open'), UploadId, MultipartUpload }));
      expect(await text(restarted, 'open')).toBe('part');
    });
  });

  it('passes over a torn last line, and sweeps away bodies that had not become objects', async () => {
    await using server = await temporaryS3();
    const { client, dataDir } = server;
    await put(client, 'whole', 'whole');
    await appendFile(join(dataDir, 'journal.jsonl'), '{"type":"object","bucket":"media","obj');
    await writeFile(join(dataDir, 'blobs', '00', `00${'f'.repeat(30)}`), 'half a body');
    await afterCrash(dataDir, async (restarted, copy) => {
      expect(await text(restarted, 'whole')).toBe('whole');
      expect(await blobs(copy)).toHaveLength(1);
      await put(restarted, 'next', 'next');
      const journal = await readFile(join(copy, 'journal.jsonl'), 'utf8');
      expect(
        journal
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line).type),
      ).toEqual(['bucket', 'object', 'object']);
    });
  });

  it('refuses a journal that is damaged elsewhere, naming the line', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 's3-damaged-'));
    await writeFile(join(dataDir, 'journal.jsonl'), '{"type":"bucket"}\n{}\n');
    await expect(startS3({ dataDir, credentials })).rejects.toThrow('journal.jsonl is damaged in line 1');
    await rm(dataDir, { recursive: true });
  });

  it('keeps what was acknowledged before kill -9', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 's3-killed-'));
    const { accessKeyId, secretAccessKey } = credentials;
    const env = { ...process.env, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    const cli = join(import.meta.dirname, 'cli.ts');
    const child = spawn(process.execPath, [cli, '--data', dataDir, '--port', '0', '--region', 'eu-west-1'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = /http:\S+/.exec(line.toString())?.[0] ?? '';
    const client = clientOf({ url, region: 'eu-west-1', port: 0, close: async () => {} });
    await client.send(new CreateBucketCommand({ Bucket: 'media' }));
    const keys = Array.from({ length: 20 }, (_, i) => `${i}`.padStart(2, '0'));
    await Promise.all(keys.map((key) => put(client, key, `body ${key}`)));
    child.kill('SIGKILL');
    await once(child, 'exit');
    client.destroy();

    const s3 = await startS3({ dataDir, credentials, region: 'eu-west-1' });
    const again = clientOf(s3);
    expect(await Promise.all(keys.map((key) => text(again, key)))).toEqual(keys.map((key) => `body ${key}`));
    again.destroy();
    await s3.close();
    await rm(dataDir, { recursive: true });
  });
});

describe('the folder', () => {
  it('holds nothing of a body whose client goes away', async () => {
    await using server = await temporaryS3();
    const { client, dataDir, s3 } = server;
    const url = new URL(await getSignedUrl(client, new PutObjectCommand(at('half'))));
    const socket = connect(s3.port, '127.0.0.1');
    socket.write(
      `PUT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: 1000000\r\n\r\n`,
    );
    socket.write(Buffer.alloc(600_000));
    await vi.waitFor(async () => expect(await blobs(dataDir)).toHaveLength(1));
    socket.destroy();
    await vi.waitFor(async () => expect(await blobs(dataDir)).toEqual([]));
    await expect(text(client, 'half')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(server.faults).toEqual([]);
  });

  it('loses the bytes of what was replaced or deleted, and keeps those that a copy shares', async () => {
    await using server = await temporaryS3();
    const { client, dataDir } = server;
    await put(client, 'a', 'one');
    await put(client, 'a', 'two');
    expect(await blobs(dataDir)).toHaveLength(1);
    await client.send(new CopyObjectCommand({ ...at('b'), CopySource: 'media/a' }));
    await client.send(new DeleteObjectCommand(at('a')));
    expect(await blobs(dataDir)).toHaveLength(1);
    expect(await text(client, 'b')).toBe('two');
    await client.send(new DeleteObjectCommand(at('b')));
    expect(await blobs(dataDir)).toEqual([]);
  });

  it('gives a reader the object it began with, though it is deleted meanwhile', async () => {
    await using server = await temporaryS3();
    const { client, dataDir } = server;
    const body = Buffer.alloc(20_000_000, 'abc');
    await put(client, 'read', body);
    const { Body } = await client.send(new GetObjectCommand(at('read')));
    await client.send(new DeleteObjectCommand(at('read')));
    expect(body.equals(Buffer.from((await Body?.transformToByteArray()) ?? []))).toBe(true);
    await vi.waitFor(async () => expect(await blobs(dataDir)).toEqual([]));
  });
});
