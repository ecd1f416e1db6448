import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it } from 'vitest';
import { temporaryS3 } from './temporary.ts';

const at = (Key: string) => ({ Bucket: 'media', Key });

/** The head of a presigned request, to be written to a socket. */
async function head(client: S3Client, key: string, ...headers: string[]): Promise<string> {
  const url = new URL(await getSignedUrl(client, new PutObjectCommand(at(key))));
  const target = `${url.pathname}${url.search}`;
  return [`PUT ${target} HTTP/1.1`, `Host: ${url.host}`, ...headers, '', ''].join('\r\n');
}

/** Waits until what a socket has received matches, and begins anew. */
function receiver(socket: Socket): (pattern: RegExp) => Promise<void> {
  let received = '';
  socket.on('data', (data) => {
    received += data.toString();
  });
  return async (pattern) => {
    while (!pattern.test(received)) await once(socket, 'data');
    received = received.replace(pattern, '');
  };
}

describe('Expect: 100-continue', () => {
  it('asks for the body only when nothing stands against it', async () => {
    await using server = await temporaryS3();
    await server.client.send(new PutObjectCommand({ ...at('taken'), Body: 'x' }));
    const socket = connect(server.s3.port, '127.0.0.1');
    const until = receiver(socket);
    const expectation = ['Expect: 100-continue', 'Content-Length: 0'];
    socket.write(await head(server.client, 'free', ...expectation));
    await until(/^HTTP\/1.1 100 Continue\r\n\r\n/);
    await until(/^HTTP\/1.1 200 OK\r\n.*?\r\n\r\n/s);
    socket.write(
      await head(server.client, 'taken', 'Expect: 100-continue', 'Content-Length: 9', 'If-None-Match: *'),
    );
    const closed = once(socket, 'close');
    await until(/^HTTP\/1.1 412 .*\r\nconnection: close\r\n/is);
    await closed;
  });
});

describe('requests', () => {
  it('are refused when they ask for what is not there, and change nothing', async () => {
    await using server = await temporaryS3();
    const { client } = server;
    await client.send(new PutObjectCommand({ ...at('kept'), Body: 'kept' }));
    const notImplemented = { name: 'NotImplemented', $metadata: { httpStatusCode: 501 } };
    const Tagging = { TagSet: [{ Key: 'a', Value: 'b' }] };
    await expect(client.send(new PutObjectTaggingCommand({ ...at('kept'), Tagging }))).rejects.toMatchObject(
      notImplemented,
    );
    await expect(client.send(new GetObjectTaggingCommand(at('kept')))).rejects.toMatchObject(notImplemented);
    const { Body } = await client.send(new GetObjectCommand(at('kept')));
    expect(await Body?.transformToString()).toBe('kept');
  });

  it('get no headers into the answer that HTTP cannot carry', async () => {
    await using server = await temporaryS3();
    await server.client.send(new PutObjectCommand({ ...at('a'), Body: 'x' }));
    const get = new GetObjectCommand({ ...at('a'), ResponseContentDisposition: 'a\r\nset-cookie: b' });
    const response = await fetch(await getSignedUrl(server.client, get));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('<Code>InvalidArgument</Code>');
  });

  it('may not stream chunks of less than 8 KiB', async () => {
    await using server = await temporaryS3();
    const Body = Readable.from([Buffer.alloc(100), Buffer.alloc(9000)]);
    await expect(
      server.client.send(new PutObjectCommand({ ...at('short'), Body, ContentLength: 9100 })),
    ).rejects.toMatchObject({ name: 'InvalidChunkSizeError' });
  });

  it('are answered with the CORS rules of the server where the bucket has none', async () => {
    const rule = { allowedOrigins: ['*'], allowedMethods: ['GET'], allowedHeaders: ['*'], exposeHeaders: [] };
    await using server = await temporaryS3({ cors: [rule] });
    await server.client.send(new PutObjectCommand({ ...at('a'), Body: 'x' }));
    const url = await getSignedUrl(server.client, new GetObjectCommand(at('a')));
    const response = await fetch(url, { headers: { origin: 'http://127.0.0.1:8080' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });
});
